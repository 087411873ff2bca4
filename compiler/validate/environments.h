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

// Calls `visit` with every combination of action, principal, resource and types of slots that the
// schema allows, until it answers false or there are more than the limit: false only then.
template <typename Visit>
bool ForEachEnvironment(const schema::Model& model, const cedar::Policy& policy,
                        const Limits& limits, const Visit& visit) {
  std::uint64_t count = 0;
  for (const schema::Action& action : model.actions) {
    for (const NameId principal : action.principals) {
      const auto principal_slots = SlotTypes(model, policy.principal, principal);
      for (const NameId resource : action.resources) {
        for (const auto& principal_slot : principal_slots) {
          for (const auto& resource_slot : SlotTypes(model, policy.resource, resource)) {
            if (++count > limits.request_environments) return false;
            if (!visit({&action, principal, resource, principal_slot, resource_slot})) return true;
          }
        }
      }
    }
  }
  return true;
}

}  // namespace assay::validate
