// What a program is made of. Emitted by the compiler, checked by verify.h, then never changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/source.h"
#include "assay/value.h"
#include "engine/bytecode/inst.h"

namespace assay::bc {

// The code of one static policy, one template, or one expression: instructions [begin, end).
struct Body {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t registers = 0;
  bool is_expression = false;  // ends in `return`; otherwise a policy
  bool has_principal_slot = false;
  bool has_resource_slot = false;
  friend bool operator==(const Body&, const Body&) = default;
};

// One policy that decides: a static one, or a link with the values of its template's slots.
struct PolicyEntry {
  std::string id;
  bool is_forbid = false;
  std::uint32_t body = 0;
  std::optional<EntityUid> principal_slot;
  std::optional<EntityUid> resource_slot;
};

struct ProgramParts {
  std::vector<Inst> code;
  std::vector<Span> places;  // of each instruction in the policy text; empty or as long as `code`
  std::vector<Value> constants;
  std::vector<std::string> names;     // of attributes
  std::vector<std::string> types;     // of entities
  std::vector<std::string> patterns;  // of `like`; a wildcard is the byte 0xFF
  std::vector<Body> bodies;
  std::vector<PolicyEntry> policies;
};

inline constexpr char kWildcard = '\xff';  // no byte of UTF-8
// A bound on what one body can ask of the evaluator's register file.
inline constexpr std::uint32_t kMaxRegisters = 4096;

}  // namespace assay::bc
