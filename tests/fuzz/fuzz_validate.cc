// A schema and policies, with a NUL between them: validation ends, strictly valid policies are
// valid permissively, what is found renders, and policies compiled with the schema are satisfied by
// the same requests. Templates are linked to an entity of the first type.
//
// Covers: compiler/schema/types.cc
// Covers: compiler/validate/checker.cc compiler/validate/checker_access.cc
// Covers: compiler/validate/checker_operators.cc compiler/validate/confusable.cc
// Covers: compiler/validate/core.cc compiler/validate/core_text.cc
// Covers: compiler/validate/environments.cc compiler/validate/function_types.cc
// Covers: compiler/validate/help.cc compiler/validate/level.cc compiler/validate/plan.cc
// Covers: compiler/validate/scope_check.cc compiler/validate/session.cc
// Covers: compiler/validate/validate.cc
#include <algorithm>
#include <cstdlib>

#include "assay/evaluator.h"
#include "assay/validate.h"
#include "compiler/cedar/policy_set.h"

namespace assay {

namespace {

constexpr std::size_t kMostActions = 8;
constexpr std::size_t kMostTypes = 4;

std::vector<std::string> SomeTypes(std::vector<std::string> types) {
  types.resize(std::min(types.size(), kMostTypes));
  types.emplace_back("Undeclared");
  return types;
}

bool IsSame(const Decision& a, const Decision& b) {
  return a.status() == b.status() && a.outcome() == b.outcome() &&
         std::equal(a.determining().begin(), a.determining().end(), b.determining().begin(),
                    b.determining().end());
}

void LinkTemplates(const Schema& schema, PolicySet* set) {
  const std::vector<std::string> types = SomeTypes(schema.EntityTypes());
  const EntityUid uid{types.front(), "a"};
  std::vector<cedar::Policy> templates = set->syntax().ast.policies;
  std::erase_if(templates, [](const cedar::Policy& policy) { return !policy.is_template(); });
  for (const cedar::Policy& policy : templates) {
    const auto value = [&](const cedar::ScopeConstraint& scope) {
      return scope.slot == cedar::Slot::kNone ? std::nullopt : std::optional(uid);
    };
    Diagnostics diagnostics;
    set->Link(policy.id, policy.id + " linked", value(policy.principal), value(policy.resource),
              &diagnostics);
  }
}

// The requests may be such that the schema does not allow: satisfied are the same policies even so.
void CompareAnswers(const Schema& schema, const PolicySet& set) {
  const Result<Program> plain = set.Compile(), typed = set.Compile(schema);
  if (plain.ok() != typed.ok()) std::abort();
  if (!plain.ok()) return;
  const Entities entities = AddActions(schema, Entities()).value();
  const Snapshot before = Snapshot::Create(plain.value(), entities).value();
  const Snapshot after = Snapshot::Create(typed.value(), entities).value();
  Scratch scratch, other;
  std::vector<EntityUid> actions = schema.Actions();
  actions.resize(std::min(actions.size(), kMostActions));
  for (const EntityUid& action : actions) {
    for (const std::string& principal : SomeTypes(schema.PrincipalsOf(action))) {
      for (const std::string& resource : SomeTypes(schema.ResourcesOf(action))) {
        const Request request = {{principal, "a"}, action, {resource, "a"}, {{"a", true}}};
        if (!IsSame(Decide(before, request, scratch), Decide(after, request, other))) std::abort();
      }
    }
  }
}

}  // namespace

}  // namespace assay

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\0');
  if (end == std::string::npos) return 0;
  Sources sources;
  Diagnostics diagnostics;
  const auto schema = Schema::Parse(sources, sources.Add("s", input.substr(0, end)),
                                    SchemaFormat::kCedar, Limits{}, &diagnostics);
  PolicySet set;
  const bool ok = set.AddCedar(sources, sources.Add("p", input.substr(end + 1)), &diagnostics);
  if (!schema || !ok) return 0;
  LinkTemplates(*schema, &set);
  Limits limits;
  limits.request_environments = 1000;
  const auto strict = Validate(*schema, set, {.limits = limits});
  const auto permissive =
      Validate(*schema, set, {.mode = ValidationMode::kPermissive, .limits = limits});
  if (strict.ok() != permissive.ok()) std::abort();
  if (!strict.ok()) return 0;
  if (strict.value().passed() && !permissive.value().passed()) std::abort();
  for (const Finding& finding : strict.value().errors) {
    if (finding.message.empty() || FindingName(finding.kind).empty()) std::abort();
    if (finding.span) sources.Slice(*finding.span);
  }
  const auto level = Validate(*schema, set, {.level = 1, .limits = limits});
  if (level.ok() && level.value().passed() && !strict.value().passed()) std::abort();
  CompareAnswers(*schema, set);
  return 0;
}
