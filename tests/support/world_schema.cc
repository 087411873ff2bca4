// The vocabulary of a world.
#include "tests/support/world_schema.h"

#include <algorithm>

namespace assay::testing {
namespace {

std::vector<Field> DrawFields(Draw& draw, const WorldSchema& schema, std::size_t least,
                              std::size_t most, int depth) {
  std::vector<Field> fields;
  for (std::size_t i = draw.Between(least, most); i > 0; --i) {
    const std::string name =
        draw.Percent(92) ? draw.Pick({"a", "b", "n", "s", "owner", "tags", "level", "ip",
                                      "principal", "in_", "permit", "x1", "_", "is", "if", "a b"})
                         : AnyText(draw);
    const bool taken = std::any_of(fields.begin(), fields.end(),
                                   [&name](const Field& field) { return field.name == name; });
    if (!taken) fields.push_back({name, DrawType(draw, schema, depth)});
  }
  return fields;
}

void DrawIds(Draw& draw, EntityType* type, std::size_t least, std::size_t most) {
  for (std::size_t i = draw.Between(least, most); i > 0; --i) {
    const std::string id =
        draw.Percent(85) ? draw.Pick({"a", "b", "c", "d", "view", "edit", ""}) : AnyText(draw);
    if (std::find(type->ids.begin(), type->ids.end(), id) == type->ids.end()) {
      type->ids.push_back(id);
    }
  }
}

// Each type may have parents of the types behind it and of its own.
void DrawHierarchy(Draw& draw, WorldSchema* schema) {
  for (std::size_t i = 0; i < schema->types.size(); ++i) {
    EntityType& type = schema->types[i];
    type.above.push_back(type.name);
    for (std::size_t j = i + 1; j < schema->types.size(); ++j) {
      if (draw.Percent(60)) type.above.push_back(schema->types[j].name);
    }
  }
}

}  // namespace

bool Fits(const WorldType& a, const WorldType& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == TypeKind::kEntity) return a.entity.empty() || a.entity == b.entity;
  if (a.kind == TypeKind::kSet) {
    return a.element.empty() || b.element.empty() || Fits(a.element[0], b.element[0]);
  }
  return true;
}

const EntityType* WorldSchema::Find(const std::string& name) const {
  if (actions.name == name) return &actions;
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&name](const EntityType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

WorldType DrawType(Draw& draw, const WorldSchema& schema, int depth) {
  constexpr std::array kKinds = {TypeKind::kBool,     TypeKind::kLong,     TypeKind::kString,
                                 TypeKind::kEntity,   TypeKind::kIp,       TypeKind::kDecimal,
                                 TypeKind::kDatetime, TypeKind::kDuration, TypeKind::kSet,
                                 TypeKind::kRecord};
  const unsigned nested = depth > 0 ? 12 : 0;
  WorldType type;
  type.kind = kKinds[draw.Weighted({12, 18, 18, 18, 6, 6, 5, 5, nested, nested})];
  if (type.kind == TypeKind::kEntity && !schema.types.empty()) {
    type.entity = draw.Pick(schema.types).name;
  }
  if (type.kind == TypeKind::kSet) type.element.push_back(DrawType(draw, schema, depth - 1));
  if (type.kind == TypeKind::kRecord) type.fields = DrawFields(draw, schema, 0, 3, depth - 1);
  return type;
}

WorldSchema DrawSchema(Draw& draw) {
  WorldSchema schema;
  for (const char* name : {"User", "NS::Group", "Doc", "A::B::C", "_0"}) {
    if (!draw.Percent(schema.types.size() < 2 ? 80 : 30)) continue;
    schema.types.emplace_back();
    schema.types.back().name = name;
    DrawIds(draw, &schema.types.back(), 2, 6);
  }
  if (schema.types.empty()) {
    schema.types.emplace_back();
    schema.types.back().name = "User";
    DrawIds(draw, &schema.types.back(), 2, 6);
  }
  // The names are all there now, so that attributes can be of any entity type.
  for (EntityType& type : schema.types) {
    type.fields = DrawFields(draw, schema, 2, 6, 2);
    type.tag = DrawType(draw, schema, 1);
  }
  DrawHierarchy(draw, &schema);
  schema.actions.name = draw.Percent(70) ? "Action" : "NS::Action";
  schema.actions.above.push_back(schema.actions.name);
  if (draw.Percent(30)) schema.actions.fields = DrawFields(draw, schema, 1, 2, 1);
  schema.actions.tag = DrawType(draw, schema, 0);
  DrawIds(draw, &schema.actions, 2, 5);
  schema.context = DrawFields(draw, schema, 1, 5, 2);
  return schema;
}

EntityUid DrawUid(Draw& draw, const WorldSchema& schema, const std::string& type) {
  const EntityType* found = schema.Find(type);
  if (found == nullptr || draw.Percent(2)) found = &draw.Pick(schema.types);
  return {found->name, draw.Percent(4) ? AnyText(draw) : draw.Pick(found->ids)};
}

std::int64_t DrawLong(Draw& draw) {
  switch (draw.Weighted({80, 10, 3, 3, 4})) {
    case 0: return static_cast<std::int64_t>(draw.Below(5));
    case 1: return -static_cast<std::int64_t>(draw.Below(100));
    case 2: return INT64_MAX;
    case 3: return INT64_MIN;
    default: return static_cast<std::int64_t>(draw.Next());
  }
}

std::string DrawString(Draw& draw) {
  return draw.Percent(75) ? draw.Pick({"a", "ab", "b", "", "*", "a*b", "x y", "é😀"})
                          : AnyText(draw);
}

std::string DrawTagName(Draw& draw) {
  return draw.Percent(90) ? draw.Pick({"t", "k", "if"}) : AnyText(draw);
}

const char* ConstructorOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kIp: return "ip";
    case TypeKind::kDecimal: return "decimal";
    case TypeKind::kDatetime: return "datetime";
    default: return "duration";
  }
}

}  // namespace assay::testing
