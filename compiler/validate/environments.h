// The combinations in which a policy is checked.
#pragma once

#include <optional>
#include <vector>

#include "assay/limits.h"
#include "compiler/cedar/ast.h"
#include "compiler/validate/checker.h"

namespace assay::validate {

// The types that the value of a slot may have where the variable has type `var`: others make the
// scope false.
std::vector<std::optional<NameId>> SlotTypes(const schema::Model& model,
                                             const cedar::ScopeConstraint& scope, NameId var);

// Calls `visit` with `env` and each two types of slots; false as soon as `visit` says so.
template <typename Visit>
bool ForEachSlotTypes(Environment env, const std::vector<std::optional<NameId>>& principals,
                      const std::vector<std::optional<NameId>>& resources, const Visit& visit) {
  for (const auto& principal : principals) {
    for (const auto& resource : resources) {
      env.principal_slot = principal;
      env.resource_slot = resource;
      if (!visit(env)) return false;
    }
  }
  return true;
}

// Calls `visit` with every combination of action, principal, resource and types of slots that the
// schema allows, until it answers false or there are more than the limit: false only then.
template <typename Visit>
bool ForEachEnvironment(const schema::Model& model, const cedar::Policy& policy,
                        const Limits& limits, const Visit& visit) {
  std::uint64_t count = 0;
  const auto counted = [&](const Environment& env) {
    return ++count <= limits.request_environments && visit(env);
  };
  for (const schema::Action& action : model.actions) {
    for (const NameId principal : action.principals) {
      const auto slots = SlotTypes(model, policy.principal, principal);
      for (const NameId resource : action.resources) {
        const bool goes_on = ForEachSlotTypes({&action, principal, resource, {}, {}}, slots,
                                              SlotTypes(model, policy.resource, resource), counted);
        if (!goes_on) return count <= limits.request_environments;
      }
    }
  }
  return true;
}

}  // namespace assay::validate
