// Entities and requests of a random world, as JSON.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/world_schema.h"

namespace assay::testing {
namespace {

using Json = nlohmann::json;

Json UidJson(const EntityUid& uid) { return {{"type", uid.type}, {"id", uid.id}}; }

Json EntityJson(const EntityUid& uid) { return {{"__entity", UidJson(uid)}}; }

Json CallJson(const char* function, Json argument) {
  return {{"__extn", {{"fn", function}, {"arg", std::move(argument)}}}};
}

// What looks like an escape but is a plain record.
Json NearlyEscape(Draw& draw) {
  switch (draw.Below(4)) {
    case 0: return {{"__entity", {{"type", "User"}}}};
    case 1: return {{"__extn", {{"fn", "ip"}}}};
    case 2: return {{"__entity", {{"type", "User"}, {"id", "a"}}}, {"z", 1}};
    default: return {{"type", "User"}, {"id", "a"}};
  }
}

class Data {
 public:
  Data(Draw& draw, const WorldSchema& schema) : draw_(draw), schema_(schema) {}

  Json Value(const WorldType& type) {
    if (draw_.Percent(3)) return Value(DrawType(draw_, schema_, 1));
    switch (type.kind) {
      case TypeKind::kBool: return draw_.Percent(60);
      case TypeKind::kLong: return DrawLong(draw_);
      case TypeKind::kString: return DrawString(draw_);
      case TypeKind::kEntity: return EntityJson(DrawUid(draw_, schema_, type.entity));
      case TypeKind::kSet: return SetValue(type);
      case TypeKind::kRecord: return draw_.Percent(3) ? NearlyEscape(draw_) : Members(type.fields);
      default: return ExtensionValue(type.kind);
    }
  }

  // Mostly all of the fields; rarely one that nobody expects.
  Json Members(const std::vector<Field>& fields) {
    Json members = Json::object();
    for (const auto& [name, type] : fields) {
      if (draw_.Percent(85)) members[name] = Value(type);
    }
    if (draw_.Percent(5)) members[AnyText(draw_)] = Value(DrawType(draw_, schema_, 1));
    return members;
  }

 private:
  Json SetValue(const WorldType& type) {
    Json elements = Json::array();
    for (std::size_t i = draw_.Below(4); i > 0; --i) {
      elements.push_back(Value(type.element.empty() ? WorldType{} : type.element[0]));
    }
    return elements;
  }

  Json ExtensionValue(TypeKind kind) {
    if (kind == TypeKind::kDatetime && draw_.Percent(10)) {
      return {{"__extn",
               {{"fn", "offset"},
                {"args", {CallJson("datetime", "2024-01-01"), CallJson("duration", "1h")}}}}};
    }
    if (kind == TypeKind::kDuration && draw_.Percent(10)) {
      return CallJson("toTime", CallJson("datetime", "1969-12-31T23:59:59.999Z"));
    }
    return CallJson(ConstructorOf(kind), DrawSureText(draw_, kind));
  }

  Draw& draw_;
  const WorldSchema& schema_;
};

// Parents come from the types above, and within one type from the ids behind: no cycles.
Json Parents(Draw& draw, const WorldSchema& schema, const EntityType& type, std::size_t index) {
  Json parents = Json::array();
  for (const std::string& above : type.above) {
    const EntityType& other = *schema.Find(above);
    const std::size_t first = above == type.name ? index + 1 : 0;
    for (std::size_t i = first; i < other.ids.size(); ++i) {
      if (!draw.Percent(25)) continue;
      const EntityUid uid{other.name, other.ids[i]};
      parents.push_back(draw.Percent(10) ? EntityJson(uid) : UidJson(uid));
    }
  }
  return parents;
}

}  // namespace

std::vector<std::string> DrawEntities(Draw& draw, const WorldSchema& schema) {
  Data data(draw, schema);
  std::vector<std::string> entities;
  const auto add = [&](const EntityType& type, unsigned there) {
    for (std::size_t i = 0; i < type.ids.size(); ++i) {
      Json entity = {{"uid", UidJson({type.name, type.ids[i]})}};
      entity["attrs"] = data.Members(type.fields);
      entity["parents"] = Parents(draw, schema, type, i);
      if (draw.Percent(60)) {
        entity["tags"] = Json::object();
        for (std::size_t j = draw.Below(3); j > 0; --j) {
          entity["tags"][DrawTagName(draw)] = data.Value(type.tag);
        }
      }
      if (draw.Percent(there)) entities.push_back(entity.dump(-1, ' ', draw.Percent(20)));
    }
  };
  for (const EntityType& type : schema.types) add(type, 90);
  add(schema.actions, 70);
  // The same entity twice is no error.
  if (!entities.empty() && draw.Percent(5)) entities.push_back(draw.Pick(entities));
  return entities;
}

std::string DrawContext(Draw& draw, const WorldSchema& schema) {
  return Data(draw, schema).Members(schema.context).dump();
}

std::string DrawRequest(Draw& draw, const WorldSchema& schema) {
  Data data(draw, schema);
  const std::string principal = draw.Pick(schema.types).name;
  const std::string resource = draw.Pick(schema.types).name;
  Json request;
  request["principal"] = UidJson(DrawUid(draw, schema, principal));
  request["action"] = UidJson(DrawUid(draw, schema, schema.actions.name));
  request["resource"] = UidJson(DrawUid(draw, schema, resource));
  if (draw.Percent(97)) request["context"] = data.Members(schema.context);
  return request.dump(-1, ' ', draw.Percent(20));
}

}  // namespace assay::testing
