// Checking policies, requests and entities against a schema. What is found has the texts of Cedar's
// reference, so that tools that know those can read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/compile.h"
#include "assay/entities.h"
#include "assay/export.h"
#include "assay/limits.h"
#include "assay/request.h"
#include "assay/schema.h"
#include "assay/source.h"
#include "assay/status.h"

namespace assay {

// Every kind of finding; findings.def is the one table.
enum class FindingKind : std::uint8_t {
#define FINDING(Name, text, is_warning) Name,
#include "assay/findings.def"
};

// The stable name of a kind, for example "unexpected-type".
ASSAY_API std::string_view FindingName(FindingKind kind);

// One thing that validation found in a policy.
struct Finding {
  FindingKind kind{};
  std::string policy_id;
  // Nothing for what the values of a link are to blame for, and for some of what stands in the
  // scope.
  std::optional<Span> span;
  std::string message;
  std::string help;  // "" or one sentence
};

// Strict is what Cedar promises soundness for: types must fit exactly. Permissive also lets pass
// unions of entity types, records of different width, and empty sets.
enum class ValidationMode : std::uint8_t { kStrict, kPermissive };

struct ValidationOptions {
  ValidationMode mode = ValidationMode::kStrict;
  // The most entities that an expression may go through, one after the other; nothing: any number.
  std::optional<std::uint32_t> level = {};
  Limits limits = {};
};

// In the order of policies, then of places; links come after the policies.
struct ValidationResult {
  std::vector<Finding> errors;
  std::vector<Finding> warnings;
  bool passed() const { return errors.empty(); }
};

// Checks every policy and template once for each combination of action, principal type and resource
// type (and types of slots) that the schema allows, and every link for its values. Fails only if
// there are more combinations than the limit request_environments, or without memory.
ASSAY_API Result<ValidationResult> Validate(const Schema& schema, const PolicySet& policies,
                                            const ValidationOptions& options = {});

// May this request be asked? Principal and resource must be of types that the action applies to,
// and the context must be what the action says. Otherwise kInvalidArgument and the reference's
// sentence.
ASSAY_API Result<bool> ValidateRequest(const Schema& schema, const Request& request);

// Are all entities as the schema says: attributes, tags, types of ancestors, enumerations, and
// actions exactly as they are declared? Otherwise kInvalidArgument and the reference's sentence for
// the first that is not.
ASSAY_API Result<bool> ValidateEntities(const Schema& schema, const Entities& entities);

// The same entities and the schema's actions. Actions that are among the entities stay as they are.
ASSAY_API Result<Entities> AddActions(const Schema& schema, const Entities& entities,
                                      const Limits& limits = {});

// Reads entities as Entities::FromJson does, but the schema says what values are: an entity may
// also be written {type, id}, an extension value {fn, arg} or as the text of its constructor, such
// as "10.0.0.1". Validates them, and adds the schema's actions.
ASSAY_API std::optional<Entities> ParseEntitiesJson(const Schema& schema, const Sources& sources,
                                                    std::uint32_t source, const Limits& limits,
                                                    Diagnostics* diagnostics);

// Reads a context for `action` in the same way; attributes must be those that the schema declares.
ASSAY_API std::optional<Record> ParseContextJson(const Schema& schema, const EntityUid& action,
                                                 const Sources& sources, std::uint32_t source,
                                                 const Limits& limits, Diagnostics* diagnostics);

// Reads a request whose context is read in that way. Does not validate it.
ASSAY_API std::optional<Request> ParseRequestJson(const Schema& schema, const Sources& sources,
                                                  std::uint32_t source, const Limits& limits,
                                                  Diagnostics* diagnostics);

}  // namespace assay
