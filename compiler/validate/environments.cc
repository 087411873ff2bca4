#include "compiler/validate/environments.h"

namespace assay::validate {

std::vector<std::optional<NameId>> SlotTypes(const schema::Model& model,
                                             const cedar::ScopeConstraint& scope, NameId var) {
  if (scope.slot == cedar::Slot::kNone) return {std::nullopt};
  std::vector<std::optional<NameId>> types = {var};
  if (scope.kind == cedar::ScopeConstraint::Kind::kEqual) return types;
  const auto& all = model.entity_types;
  const auto found = model.entity_index.find(var);
  const std::vector<bool> above = schema::Reach(all, {found->second}, &schema::EntityType::parents);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (above[i] && all[i].name != var) types.emplace_back(all[i].name);
  }
  return types;
}

}  // namespace assay::validate
