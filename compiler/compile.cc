// The public door of the compiler: builds policy sets and runs the stages.
#include "assay/compile.h"

#include <new>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "compiler/cedar/lower.h"
#include "compiler/cedar/parse.h"
#include "compiler/cedar/policy_set.h"
#include "compiler/cedar/policy_set_json.h"
#include "compiler/emit/emit.h"
#include "compiler/passes/fold.h"

namespace assay {

namespace {

// Runs `act` as a door that no allocation failure passes.
template <typename Act>
auto Guarded(Diagnostics* diagnostics, Act act) -> decltype(act()) {
  try {
    return act();
  } catch (const std::bad_alloc&) {
    diagnostics->OutOfMemory();
    return {};
  }
}

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

struct PolicySet::State {
  explicit State(const Limits& given) : limits(given) {}

  Limits limits;
  cedar::PolicySetSyntax syntax;
  std::unordered_set<std::string> ids;
  std::unordered_map<std::string, std::size_t> templates;  // id to index in syntax.ast.policies
  std::size_t numbered = 0;  // policies of Cedar sources so far, for `policyN`

  // Registers the id of a policy that was just parsed.
  bool Claim(std::size_t index, Diagnostics* diagnostics) {
    const cedar::Policy& policy = syntax.ast.policies[index];
    if (!ids.insert(policy.id).second) {
      diagnostics->Add(DiagId::kDuplicatePolicyId, policy.span,
                       "the policy id " + Quoted(policy.id) + " is already taken");
      return false;
    }
    if (policy.is_template()) templates.emplace(policy.id, index);
    if (ids.size() <= limits.policies) return true;
    diagnostics->Add(
        DiagId::kTooManyPolicies, policy.span,
        "there are more than " + std::to_string(limits.policies) + " policies (policies)");
    return false;
  }

  bool AddCedar(const Sources& sources, std::uint32_t source, Diagnostics* diagnostics);
  bool AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                 Diagnostics* diagnostics);
  bool Link(std::string_view template_id, std::string new_id, std::optional<EntityUid> principal,
            std::optional<EntityUid> resource, Diagnostics* diagnostics);
};

bool PolicySet::State::AddCedar(const Sources& sources, std::uint32_t source,
                                Diagnostics* diagnostics) {
  cedar::Ast& ast = syntax.ast;
  const std::size_t first = ast.policies.size();
  bool ok = cedar::ParsePolicies(sources, source, limits, &ast, diagnostics);
  for (std::size_t i = first; i < ast.policies.size(); ++i) {
    const cedar::Annotation* id = ast.policies[i].FindAnnotation("id");
    ast.policies[i].id =
        id != nullptr ? std::string(id->value) : "policy" + std::to_string(numbered);
    ++numbered;
    ok = Claim(i, diagnostics) && ok;
  }
  return ok;
}

bool PolicySet::State::AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                                 Diagnostics* diagnostics) {
  cedar::Ast& ast = syntax.ast;
  const std::size_t index = ast.policies.size();
  if (!cedar::ParsePolicies(sources, source, limits, &ast, diagnostics)) return false;
  if (ast.policies.size() != index + 1) {
    diagnostics->Add(
        DiagId::kUnexpectedToken, {source, 0, 0},
        "expected exactly one policy, found " + std::to_string(ast.policies.size() - index));
    return false;
  }
  ast.policies[index].id = std::move(id);
  return Claim(index, diagnostics);
}

bool PolicySet::State::Link(std::string_view template_id, std::string new_id,
                            std::optional<EntityUid> principal, std::optional<EntityUid> resource,
                            Diagnostics* diagnostics) {
  const auto fail = [&](DiagId id, std::string message) {
    diagnostics->AddWithoutPlace(id, std::move(message));
    return false;
  };
  const auto found = templates.find(std::string(template_id));
  if (found == templates.end()) {
    return fail(DiagId::kNoSuchTemplate, "there is no template " + Quoted(template_id));
  }
  const cedar::Policy& policy = syntax.ast.policies[found->second];
  const auto check = [&](const cedar::ScopeConstraint& scope, const auto& value,
                         std::string_view slot) {
    const bool has_slot = scope.slot != cedar::Slot::kNone;
    if (has_slot == value.has_value()) return true;
    return fail(DiagId::kWrongSlots,
                has_slot ? "the link " + Quoted(new_id) + " gives no value for " + Quoted(slot)
                         : "the template " + Quoted(template_id) + " has no slot " + Quoted(slot));
  };
  if (!check(policy.principal, principal, "?principal") ||
      !check(policy.resource, resource, "?resource")) {
    return false;
  }
  if (ids.size() >= limits.policies) {
    return fail(DiagId::kTooManyPolicies, "there are too many policies (policies)");
  }
  if (!ids.insert(new_id).second) {
    return fail(DiagId::kDuplicatePolicyId,
                "the policy id " + Quoted(new_id) + " is already taken");
  }
  syntax.links.push_back(
      {std::string(template_id), std::move(new_id), std::move(principal), std::move(resource)});
  return true;
}

// Without memory there is no state, and every call says so.
PolicySet::PolicySet(const Limits& limits) {
  try {
    state_ = std::make_unique<State>(limits);
  } catch (const std::bad_alloc&) {
    state_ = nullptr;
  }
}

PolicySet::~PolicySet() = default;
PolicySet::PolicySet(PolicySet&&) noexcept = default;
PolicySet& PolicySet::operator=(PolicySet&&) noexcept = default;

bool PolicySet::AddCedar(const Sources& sources, std::uint32_t source, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return state_->AddCedar(sources, source, diagnostics);
  });
}

bool PolicySet::AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                          Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return state_->AddPolicy(std::move(id), sources, source, diagnostics);
  });
}

bool PolicySet::Link(std::string_view template_id, std::string new_id,
                     std::optional<EntityUid> principal, std::optional<EntityUid> resource,
                     Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return state_->Link(template_id, std::move(new_id), std::move(principal), std::move(resource),
                        diagnostics);
  });
}

bool PolicySet::AddJson(Sources* sources, std::uint32_t source, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&] {
    if (state_ == nullptr) throw std::bad_alloc();
    return cedar::ReadPolicySetJson(sources, source, state_->limits, this, diagnostics);
  });
}

const cedar::PolicySetSyntax& PolicySet::syntax() const {
  static const cedar::PolicySetSyntax no_syntax;
  return state_ != nullptr ? state_->syntax : no_syntax;
}

Result<Program> PolicySet::Compile() const {
  try {
    if (state_ == nullptr) throw std::bad_alloc();
    ir::Module module = cedar::Lower(state_->syntax);
    passes::Fold(&module);
    return emit::Emit(std::move(module), emit::What::kPolicies);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

std::optional<Program> CompileExpression(const Sources& sources, std::uint32_t source,
                                         const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Program> {
    cedar::Ast ast;
    const auto expr = cedar::ParseExpression(sources, source, limits, &ast, diagnostics);
    if (!expr) return std::nullopt;
    ir::Module module = cedar::LowerExpression(ast, *expr);
    passes::Fold(&module);
    Result<Program> program = emit::Emit(std::move(module), emit::What::kExpression);
    if (program.ok()) return std::move(program).value();
    diagnostics->Add(DiagId::kTooDeep, ast[*expr].span, program.error().message);
    return std::nullopt;
  });
}

}  // namespace assay
