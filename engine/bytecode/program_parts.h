// What a program is made of. Emitted by the compiler, checked by verify.h, then never changed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/source.h"
#include "assay/value.h"
#include "engine/bytecode/inst.h"

namespace assay::bc {

// The code of conditions, or of one expression: instructions [begin, end). Rules with the same
// conditions share one body. Jumps are relative, so a body means the same wherever it lies.
struct Body {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t registers = 0;
  bool is_expression = false;  // ends in `return`; otherwise in `satisfied`
  friend bool operator==(const Body&, const Body&) = default;
};

// What a scope demands of one variable. Constraints cannot fail with an error, and are data rather
// than code, so that the decision tree can be built from them.
struct Constraint {
  enum class Kind : std::uint8_t {
    kAny,
    kEqual,    // == entity
    kIn,       // in entity
    kIs,       // is type
    kIsIn,     // is type in entity
    kInAnyOf,  // in [entity, …]; the action only
  };
  Kind kind = Kind::kAny;
  bool has_slot = false;       // the entity is the link's, and `constant` 0; not for the action
  std::uint32_t type = 0;      // kIs, kIsIn
  std::uint32_t constant = 0;  // kEqual, kIn, kIsIn: an entity; kInAnyOf: a set of entities
  friend bool operator==(const Constraint&, const Constraint&) = default;
};

using Digest = std::array<std::uint8_t, 32>;

struct Annotation {
  std::string key, value;
  friend bool operator==(const Annotation&, const Annotation&) = default;
};

// What a static policy or a template says, without its name.
struct Rule {
  bool is_forbid = false;
  Constraint principal, action, resource;
  std::uint32_t body = 0;
  Digest digest{};  // SHA-256 of its canonical text
  std::vector<Annotation> annotations;
  std::vector<Span> places;  // of the body's instructions in the policy text; may be left out

  bool is_template() const { return principal.has_slot || resource.has_slot; }
};

// One policy that decides: a static one, or a link with the values of its template's slots.
struct PolicyEntry {
  std::string id;
  std::uint32_t rule = 0;
  std::optional<EntityUid> principal_slot;
  std::optional<EntityUid> resource_slot;
};

// A template by its name. It never decides; links may be made of it later.
struct TemplateEntry {
  std::string id;
  std::uint32_t rule = 0;
};

struct ProgramParts {
  std::vector<Inst> code;
  std::vector<Value> constants;
  std::vector<std::string> names;     // of attributes
  std::vector<std::string> types;     // of entities
  std::vector<std::string> patterns;  // of `like`; a wildcard is the byte 0xFF
  std::vector<Body> bodies;
  std::vector<Rule> rules;
  std::vector<PolicyEntry> policies;
  std::vector<TemplateEntry> templates;
};

inline constexpr char kWildcard = '\xff';  // no byte of UTF-8
// A bound on what one body can ask of the evaluator's register file.
inline constexpr std::uint32_t kMaxRegisters = 4096;

}  // namespace assay::bc
