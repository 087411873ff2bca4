// A schema with all names resolved: what validation asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "assay/value.h"
#include "compiler/schema/types.h"
#include "engine/data/hierarchy.h"

namespace assay::schema {

struct EntityType {
  NameId name{};
  TypeId shape = Types::kNever;  // a record; empty for an enumeration
  std::optional<TypeId> tags = {};
  std::vector<std::string> choices = {};                   // not empty: an enumeration
  std::vector<std::uint32_t> parents = {}, children = {};  // indices, each once
  bool is_enum() const { return !choices.empty(); }
};

struct Action {
  EntityUid uid;
  NameId type{};
  std::vector<NameId> principals = {}, resources = {};  // each once
  TypeId context = Types::kNever;                       // a record
  std::vector<std::uint32_t> parents = {}, children = {};
};

struct Model {
  Types types;
  std::vector<EntityType> entity_types;  // in the order of names
  std::vector<Action> actions;           // in the order of uids
  std::unordered_map<NameId, std::uint32_t> entity_index;
  std::unordered_map<EntityUid, std::uint32_t, data::UidHash> action_index;

  // nullptr if the schema declares no such entity type or action.
  const EntityType* FindEntityType(NameId name) const;
  const EntityType* FindEntityType(std::string_view name) const;
  const Action* FindAction(const EntityUid& uid) const;
};

// All nodes that can be reached from `roots` over one edge at least; `edges` is &Node::parents or
// &Node::children. Roots are among them only if they can be reached.
template <typename Node>
std::vector<bool> Reach(const std::vector<Node>& nodes, const std::vector<std::uint32_t>& roots,
                        std::vector<std::uint32_t> Node::*edges) {
  std::vector<bool> reached(nodes.size());
  std::vector<std::uint32_t> open = roots;
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    for (const std::uint32_t next : nodes[at].*edges) {
      if (reached[next]) continue;
      reached[next] = true;
      open.push_back(next);
    }
  }
  return reached;
}

}  // namespace assay::schema
