// Reading entities and closing their hierarchy.
#include "tests/oracle/store.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/json.h"
#include "tests/oracle/text.h"

namespace assay::oracle {
namespace {

using Json = nlohmann::json;

const Json& Need(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) {
    throw Failure{std::string("missing member `") + key + "`"};
  }
  return object[key];
}

bool IsAction(const Uid& uid) { return uid.type == "Action" || uid.type.ends_with("::Action"); }

std::pair<Uid, Entity> ReadEntity(const Json& json) {
  const Uid uid = ReadUid(Need(json, "uid"));
  Entity entity;
  entity.attributes = ReadMembers(Need(json, "attrs"));
  if (json.contains("tags")) entity.tags = ReadMembers(json["tags"]);
  const Json& parents = Need(json, "parents");
  if (!parents.is_array()) throw Failure{"parents are no array"};
  for (const Json& parent : parents) {
    const Uid parent_uid = ReadUid(parent);
    if (IsAction(uid) && !IsAction(parent_uid)) {
      throw Failure{"action " + Show(uid) + " has a parent that is none"};
    }
    entity.ancestors.insert(parent_uid);
  }
  return {uid, std::move(entity)};
}

bool Same(const Entity& a, const Entity& b) {
  return a.attributes == b.attributes && a.tags == b.tags && a.ancestors == b.ancestors;
}

// Everything that can be reached over parents, in any number of steps.
std::set<Uid> Reach(const std::map<Uid, Entity>& entities, const Uid& from) {
  std::set<Uid> reached;
  std::vector<Uid> open = {from};
  while (!open.empty()) {
    const auto found = entities.find(open.back());
    open.pop_back();
    if (found == entities.end()) continue;
    for (const Uid& parent : found->second.ancestors) {
      if (reached.insert(parent).second) open.push_back(parent);
    }
  }
  return reached;
}

}  // namespace

Store::Store(std::string_view text) {
  const Json json = ParseJson(text);
  if (!json.is_array()) throw Failure{"entities are no array"};
  for (const Json& element : json) {
    auto [uid, entity] = ReadEntity(element);
    const auto found = entities_.find(uid);
    if (found != entities_.end() && !Same(found->second, entity)) {
      throw Failure{"duplicate entity entry `" + Show(uid) + "`"};
    }
    entities_.emplace(uid, std::move(entity));
  }
  std::map<Uid, std::set<Uid>> closed;
  for (const auto& [uid, entity] : entities_) {
    closed[uid] = Reach(entities_, uid);
    if (closed[uid].contains(uid)) throw Failure{"cycle at `" + Show(uid) + "`"};
  }
  for (auto& [uid, entity] : entities_) entity.ancestors = std::move(closed[uid]);
}

const Entity* Store::Find(const Uid& uid) const {
  const auto found = entities_.find(uid);
  return found == entities_.end() ? nullptr : &found->second;
}

bool Store::IsIn(const Uid& descendant, const Uid& ancestor) const {
  if (descendant == ancestor) return true;
  const Entity* entity = Find(descendant);
  return entity != nullptr && entity->ancestors.contains(ancestor);
}

Request ReadRequest(std::string_view text) {
  const Json json = ParseJson(text);
  Request request{ReadUid(Need(json, "principal")), ReadUid(Need(json, "action")),
                  ReadUid(Need(json, "resource")), MakeRecord({})};
  if (json.contains("context")) request.context = MakeRecord(ReadRecord(json["context"]));
  return request;
}

}  // namespace assay::oracle
