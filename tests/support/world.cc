// Reading and writing worlds.
#include "tests/support/world.h"

#include <nlohmann/json.hpp>

namespace assay::testing {
namespace {

using Json = nlohmann::ordered_json;

std::string Quoted(const std::string& text) { return Json(text).dump(); }

std::string Joined(const std::vector<std::string>& parts) {
  std::string result;
  for (const std::string& part : parts) result += (result.empty() ? "" : ",") + part;
  return result;
}

std::string TextsJson(const World::Texts& texts) {
  std::vector<std::string> members;
  for (const auto& [id, text] : texts) members.push_back(Quoted(id) + ":" + Quoted(text));
  return "{" + Joined(members) + "}";
}

std::string UidJson(const EntityUid& uid) {
  return "{\"type\":" + Quoted(uid.type) + ",\"id\":" + Quoted(uid.id) + "}";
}

std::string LinkJson(const World::Link& link) {
  std::vector<std::string> values;
  if (link.principal) values.push_back("\"?principal\":" + UidJson(*link.principal));
  if (link.resource) values.push_back("\"?resource\":" + UidJson(*link.resource));
  return "{\"templateId\":" + Quoted(link.template_id) + ",\"newId\":" + Quoted(link.new_id) +
         ",\"values\":{" + Joined(values) + "}}";
}

std::string LinksJson(const std::vector<World::Link>& links) {
  std::vector<std::string> parts;
  for (const World::Link& link : links) parts.push_back(LinkJson(link));
  return "[" + Joined(parts) + "]";
}

World::Texts ReadTexts(const Json& json, const char* member) {
  World::Texts texts;
  if (!json.contains(member)) return texts;
  for (const auto& [id, text] : json[member].items()) {
    if (text.is_string()) texts.emplace_back(id, text.get<std::string>());
  }
  return texts;
}

std::optional<EntityUid> ReadUid(const Json& values, const char* slot) {
  if (!values.contains(slot)) return std::nullopt;
  const Json& uid = values[slot];
  return EntityUid{uid.value("type", ""), uid.value("id", "")};
}

std::vector<std::string> ReadParts(const Json& json, const char* member) {
  std::vector<std::string> parts;
  if (!json.contains(member)) return parts;
  for (const Json& part : json[member]) parts.push_back(part.dump());
  return parts;
}

}  // namespace

std::string World::EntitiesJson() const { return "[" + Joined(entities) + "]"; }

std::string World::ToJson() const {
  return "{\"policies\":" + TextsJson(policies) + ",\"templates\":" + TextsJson(templates) +
         ",\"templateLinks\":" + LinksJson(links) + ",\"entities\":" + EntitiesJson() +
         ",\"requests\":[" + Joined(requests) + "]}";
}

std::string World::PolicySetJson() const {
  return "{\"staticPolicies\":" + TextsJson(policies) + ",\"templates\":" + TextsJson(templates) +
         ",\"templateLinks\":" + LinksJson(links) + "}";
}

std::optional<World> World::FromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  World world;
  world.policies = ReadTexts(json, "policies");
  world.templates = ReadTexts(json, "templates");
  for (const Json& link : json.value("templateLinks", Json::array())) {
    const Json values = link.value("values", Json::object());
    world.links.push_back({link.value("templateId", ""), link.value("newId", ""),
                           ReadUid(values, "?principal"), ReadUid(values, "?resource")});
  }
  world.entities = ReadParts(json, "entities");
  world.requests = ReadParts(json, "requests");
  return world;
}

}  // namespace assay::testing
