// Scopes, conditions, links, and how the policies' results make a decision.
#include "tests/oracle/oracle.h"

#include <algorithm>
#include <variant>

#include "tests/oracle/evaluator.h"

namespace assay::oracle {
namespace {

using cedar::ScopeConstraint;
using Slot = std::optional<EntityUid>;

Uid ToUid(const EntityUid& uid) { return {uid.type, uid.id}; }

Uid ToUid(const cedar::EntityRef& ref) { return {std::string(ref.type), std::string(ref.id)}; }

// The entity the constraint names, from its text or from the link.
Uid Target(const ScopeConstraint& scope, const Slot& principal, const Slot& resource) {
  switch (scope.slot) {
    case cedar::Slot::kPrincipal: return ToUid(principal.value());
    case cedar::Slot::kResource: return ToUid(resource.value());
    case cedar::Slot::kNone: break;
  }
  return ToUid(scope.entities.at(0));
}

bool ScopeHolds(const ScopeConstraint& scope, const Uid& uid, const Store& store,
                const Slot& principal, const Slot& resource) {
  switch (scope.kind) {
    case ScopeConstraint::Kind::kAny: return true;
    case ScopeConstraint::Kind::kEqual: return uid == Target(scope, principal, resource);
    case ScopeConstraint::Kind::kIn: return store.IsIn(uid, Target(scope, principal, resource));
    case ScopeConstraint::Kind::kIs: return uid.type == scope.type;
    case ScopeConstraint::Kind::kIsIn:
      return uid.type == scope.type && store.IsIn(uid, Target(scope, principal, resource));
    case ScopeConstraint::Kind::kInAnyOf:
      return std::any_of(scope.entities.begin(), scope.entities.end(),
                         [&](const auto& ref) { return store.IsIn(uid, ToUid(ref)); });
  }
  return false;
}

// One policy or link at work on one request.
class Run {
 public:
  Run(const cedar::PolicySetSyntax& policies, const Store& store, const Request& request)
      : policies_(policies), store_(store), request_(request) {}

  void Apply(const cedar::Policy& policy, const std::string& id, const Slot& principal,
             const Slot& resource) {
    try {
      if (!Satisfied(policy, principal, resource)) return;
      (policy.effect == cedar::Effect::kPermit ? permits_ : forbids_).push_back(id);
    } catch (const Failure& failure) {
      answer_.errors.push_back({id, failure.text});
    }
  }

  // Any forbid denies; else any permit allows; else it is a deny for no reason.
  Answer Finish() {
    answer_.allow = forbids_.empty() && !permits_.empty();
    answer_.reasons = forbids_.empty() ? permits_ : forbids_;
    std::sort(answer_.reasons.begin(), answer_.reasons.end());
    std::sort(answer_.errors.begin(), answer_.errors.end());
    return std::move(answer_);
  }

 private:
  bool Satisfied(const cedar::Policy& policy, const Slot& principal, const Slot& resource) const {
    const auto holds = [&](const ScopeConstraint& scope, const Uid& uid) {
      return ScopeHolds(scope, uid, store_, principal, resource);
    };
    if (!holds(policy.principal, request_.principal) || !holds(policy.action, request_.action) ||
        !holds(policy.resource, request_.resource)) {
      return false;
    }
    const Evaluator evaluator(policies_.ast, store_, request_);
    return std::all_of(policy.conditions.begin(), policy.conditions.end(), [&](const auto& c) {
      return evaluator.EvaluateBool(c.body) != c.is_unless;
    });
  }

  const cedar::PolicySetSyntax& policies_;
  const Store& store_;
  const Request& request_;
  std::vector<std::string> permits_, forbids_;
  Answer answer_;
};

// What `make` returns, or nothing and its Failure's text.
template <typename Make>
auto Caught(Make make, std::string* error) -> std::optional<decltype(make())> {
  try {
    return make();
  } catch (const Failure& failure) {
    *error = failure.text;
    return std::nullopt;
  }
}

}  // namespace

std::optional<Store> ReadStore(std::string_view json, std::string* error) {
  return Caught([json] { return Store(json); }, error);
}

std::optional<Request> ParseRequest(std::string_view json, std::string* error) {
  return Caught([json] { return ReadRequest(json); }, error);
}

Answer Decide(const cedar::PolicySetSyntax& policies, const Store& store, const Request& request) {
  Run run(policies, store, request);
  for (const cedar::Policy& policy : policies.ast.policies) {
    if (!policy.is_template()) run.Apply(policy, policy.id, std::nullopt, std::nullopt);
  }
  for (const cedar::TemplateLink& link : policies.links) {
    const auto& all = policies.ast.policies;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&link](const auto& p) { return p.id == link.template_id; });
    if (found != all.end()) run.Apply(*found, link.new_id, link.principal, link.resource);
  }
  return run.Finish();
}

}  // namespace assay::oracle
