#include "compiler/schema/model.h"

namespace assay::schema {

const EntityType* Model::FindEntityType(NameId name) const {
  const auto found = entity_index.find(name);
  return found == entity_index.end() ? nullptr : &entity_types[found->second];
}

const EntityType* Model::FindEntityType(std::string_view name) const {
  const auto id = types.names().Find(name);
  return id ? FindEntityType(*id) : nullptr;
}

const Action* Model::FindAction(const EntityUid& uid) const {
  const auto found = action_index.find(uid);
  return found == action_index.end() ? nullptr : &actions[found->second];
}

}  // namespace assay::schema
