// Expressions of any type; world_bool.cc has the conditions.
#include "tests/support/world_expr.h"

#include <algorithm>
#include <utility>

namespace assay::testing {
namespace {

WorldType Of(TypeKind kind) {
  WorldType type;
  type.kind = kind;
  return type;
}

bool IsExtension(TypeKind kind) { return kind >= TypeKind::kIp; }

}  // namespace

ExprMaker::ExprMaker(Draw& draw, const WorldSchema& schema, std::string principal,
                     std::string resource)
    : draw_(draw),
      schema_(schema),
      principal_(std::move(principal)),
      resource_(std::move(resource)) {
  AddPaths({"principal", {}, {}}, schema.Find(principal_)->fields, 2);
  AddPaths({"resource", {}, {}}, schema.Find(resource_)->fields, 2);
  AddPaths({"context", {}, {}}, schema.context, 2);
  AddPaths({"action", {}, {}}, schema.actions.fields, 0);
}

void ExprMaker::AddPaths(const Path& base, const std::vector<Field>& fields, int depth) {
  for (const auto& [name, type] : fields) {
    Path path = base;
    path.names.push_back(name);
    path.type = type;
    paths_.push_back(path);
    if (depth > 0 && type.kind == TypeKind::kRecord) AddPaths(path, type.fields, depth - 1);
    const EntityType* entity = type.kind == TypeKind::kEntity ? schema_.Find(type.entity) : nullptr;
    if (depth > 0 && entity != nullptr) AddPaths(path, entity->fields, depth - 1);
  }
}

const ExprMaker::Path* ExprMaker::FindPath(const WorldType& type) {
  const std::size_t start = draw_.Below(paths_.size() + 1);
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const Path& path = paths_[(start + i) % paths_.size()];
    if (Fits(type, path.type)) return &path;
  }
  return nullptr;
}

// Now and then an entity by name instead of the variable that is of its type.
std::string ExprMaker::Root(const std::string& root) {
  if (root == "context" || draw_.Percent(93)) return root;
  const std::string& type =
      root == "principal" ? principal_ : (root == "resource" ? resource_ : schema_.actions.name);
  const EntityUid uid = DrawUid(draw_, schema_, type);
  return UidText(draw_, uid.type, uid.id);
}

ExprMaker::Code ExprMaker::Spell(const Path& path) {
  std::string text = Root(path.root);
  for (const std::string& name : path.names) text += Member(draw_, name);
  return {text, kMember};
}

std::string ExprMaker::Guard(const Path& path) {
  const bool plain = std::all_of(path.names.begin(), path.names.end(), IsPlainName);
  std::string base = path.root;
  if (plain && draw_.Percent(60)) {
    std::string text = Cat({base, Space(draw_), "has", Space(draw_)});
    for (std::size_t i = 0; i < path.names.size(); ++i) {
      text += i == 0 ? path.names[i] : Cat({Gap(draw_), ".", Gap(draw_), path.names[i]});
    }
    return text;
  }
  std::string text;
  for (const std::string& name : path.names) {
    text += Cat(
        {text.empty() ? "" : " && ", base, Space(draw_), "has", Space(draw_), Key(draw_, name)});
    base += Member(draw_, name);
  }
  return text;
}

std::string ExprMaker::At(const Code& code, Level needed) {
  if (code.level >= needed && draw_.Percent(94)) return code.text;
  return Cat({"(", Gap(draw_), code.text, Gap(draw_), ")"});
}

std::string ExprMaker::Arguments(const std::vector<Code>& arguments) {
  std::vector<std::string> texts;
  for (const Code& argument : arguments) texts.push_back(At(argument, kIf));
  return List(draw_, "(", texts, ")");
}

ExprMaker::Code ExprMaker::Call(const Code& receiver, const std::string& method,
                                const std::vector<Code>& arguments) {
  return {Cat({At(receiver, kMember), Gap(draw_), ".", Gap(draw_), method, Gap(draw_),
               Arguments(arguments)}),
          kMember};
}

ExprMaker::Code ExprMaker::Infix(const Code& left, const std::string& op, const Code& right,
                                 Level level, Level operand) {
  return {Cat({At(left, operand), Space(draw_), op, Space(draw_), At(right, operand)}), level};
}

ExprMaker::Code ExprMaker::Make(const WorldType& type, int depth) {
  if (draw_.Percent(2)) return Wrong(type, depth);
  if (type.kind == TypeKind::kBool && depth > 0 && draw_.Percent(70)) return Bool(depth);
  switch (depth > 0 ? draw_.Weighted({50, 20, 20, 4, 3, 5}) : draw_.Weighted({60, 40})) {
    case 0:
      if (const Path* path = FindPath(type)) return Spell(*path);
      return Constant(type, depth);
    case 2: return Operation(type, depth - 1);
    case 3: return IfThenElse(type, depth - 1);
    case 4: return Projection(type, depth - 1);
    case 5: return Tag(type, depth - 1);
    default: return Constant(type, depth);
  }
}

ExprMaker::Code ExprMaker::Any(int depth) { return Make(DrawType(draw_, schema_, 1), depth); }

ExprMaker::Code ExprMaker::Entity(int depth) {
  if (draw_.Percent(60)) {
    return {draw_.Pick({"principal", "resource", "action", "principal"}), kMember};
  }
  return Make(Of(TypeKind::kEntity), depth);
}

ExprMaker::Code ExprMaker::Long(std::int64_t value) {
  if (value == INT64_MIN) return {"-9223372036854775808", kUnary};
  const std::string zeros = draw_.Percent(5) ? "00" : "";
  if (value >= 0) return {zeros + std::to_string(value), kMember};
  return {Cat({"-", Gap(draw_), zeros, std::to_string(-value)}), kUnary};
}

ExprMaker::Code ExprMaker::Constant(const WorldType& type, int depth) {
  switch (type.kind) {
    case TypeKind::kBool: return {draw_.Percent(60) ? "true" : "false", kMember};
    case TypeKind::kLong: return Long(DrawLong(draw_));
    case TypeKind::kString: return {Literal(draw_, DrawString(draw_)), kMember};
    case TypeKind::kEntity: {
      if (draw_.Percent(50)) return {draw_.Pick({"principal", "action", "resource"}), kMember};
      const EntityUid uid = DrawUid(draw_, schema_, type.entity);
      return {UidText(draw_, uid.type, uid.id), kMember};
    }
    case TypeKind::kSet: return SetLiteral(type, depth);
    case TypeKind::kRecord:
      return draw_.Percent(20) ? Code{"context", kMember} : RecordLiteral(type.fields, depth);
    default: return Extension(type.kind, 0);
  }
}

ExprMaker::Code ExprMaker::Operation(const WorldType& type, int depth) {
  if (type.kind == TypeKind::kLong) return Arithmetic(depth);
  if (IsExtension(type.kind)) return Extension(type.kind, depth);
  return Constant(type, depth);
}

ExprMaker::Code ExprMaker::IfThenElse(const WorldType& type, int depth) {
  return {Cat({"if", Space(draw_), At(Bool(depth), kIf), Space(draw_), "then", Space(draw_),
               At(Make(type, depth), kIf), Space(draw_), "else", Space(draw_),
               At(Make(type, depth), kIf)}),
          kIf};
}

ExprMaker::Code ExprMaker::Projection(const WorldType& type, int depth) {
  const std::string name = draw_.Pick({"a", "b", "if", "x y"});
  const Code record = RecordLiteral({{"a", type}, {"b", type}, {"if", type}, {"x y", type}}, depth);
  return {Cat({record.text, Member(draw_, name)}), kMember};
}

ExprMaker::Code ExprMaker::Tag(const WorldType& type, int depth) {
  const bool principal = draw_.Percent(50);
  const EntityType& owner = *schema_.Find(principal ? principal_ : resource_);
  if (!Fits(type, owner.tag)) return Constant(type, depth);
  return Call({principal ? "principal" : "resource", kMember}, "getTag",
              {{Literal(draw_, DrawTagName(draw_)), kMember}});
}

ExprMaker::Code ExprMaker::Arithmetic(int depth) {
  const WorldType number = Of(TypeKind::kLong);
  switch (draw_.Weighted({30, 20, 20, 15, 15})) {
    case 0:
      return {Cat({At(Make(number, depth), kAdd), Gap(draw_), draw_.Pick({"+", "-", "+ ", "- "}),
                   Gap(draw_), At(Make(number, depth), kMultiply)}),
              kAdd};
    case 1:
      return {Cat({At(Make(number, depth), kMultiply), Gap(draw_), "*", Gap(draw_),
                   At(Make(number, depth), kUnary)}),
              kMultiply};
    case 2: {
      std::string minus;
      for (std::size_t i = draw_.Between(1, 4); i > 0; --i) minus += Cat({"-", Gap(draw_)});
      return {minus + At(Make(number, depth), kMember), kUnary};
    }
    case 3:
      return Call(Make(Of(TypeKind::kDuration), depth),
                  draw_.Pick({"toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"}),
                  {});
    default: return Long(DrawLong(draw_));
  }
}

ExprMaker::Code ExprMaker::SetLiteral(const WorldType& type, int depth) {
  const WorldType element = type.element.empty() ? DrawType(draw_, schema_, 0) : type.element[0];
  std::vector<std::string> texts;
  for (std::size_t i = draw_.Below(4); i > 0; --i) {
    texts.push_back(At(draw_.Percent(6) ? Any(0) : Make(element, depth / 2), kIf));
  }
  return {List(draw_, "[", texts, "]"), kMember};
}

ExprMaker::Code ExprMaker::RecordLiteral(const std::vector<Field>& fields, int depth) {
  std::vector<std::string> texts;
  for (const auto& [name, type] : fields) {
    texts.push_back(
        Cat({Key(draw_, name), Gap(draw_), ":", Gap(draw_), At(Make(type, depth / 2), kIf)}));
  }
  // Not the order of the schema, which is also the order of the data.
  for (std::size_t i = texts.size(); i > 1; --i) std::swap(texts[i - 1], texts[draw_.Below(i)]);
  return {List(draw_, "{", texts, "}"), kMember};
}

ExprMaker::Code ExprMaker::Extension(TypeKind kind, int depth) {
  const WorldType time = Of(TypeKind::kDatetime);
  if (depth > 0 && kind == TypeKind::kDatetime && draw_.Percent(60)) {
    if (draw_.Percent(40)) return Call(Make(time, depth), "toDate", {});
    return Call(Make(time, depth), "offset", {Make(Of(TypeKind::kDuration), depth)});
  }
  if (depth > 0 && kind == TypeKind::kDuration && draw_.Percent(60)) {
    if (draw_.Percent(40)) return Call(Make(time, depth), "toTime", {});
    return Call(Make(time, depth), "durationSince", {Make(time, depth)});
  }
  // The argument need not be a literal.
  const Code text = draw_.Percent(95)
                        ? Code{Literal(draw_, DrawExtensionText(draw_, kind)), kMember}
                        : Make(Of(TypeKind::kString), 0);
  return {Cat({ConstructorOf(kind), Gap(draw_), Arguments({text})}), kMember};
}

// Something that fails, or that is of another type than its place wants.
ExprMaker::Code ExprMaker::Wrong(const WorldType& type, int depth) {
  switch (draw_.Below(7)) {
    case 0:
      return Infix(Long(INT64_MAX), draw_.Pick({"+", "*"}), Make(Of(TypeKind::kLong), 0), kAdd,
                   kUnary);
    case 1:
      return {Cat({draw_.Pick({"principal", "resource", "context", "action"}),
                   Member(draw_, AnyText(draw_))}),
              kMember};
    case 2: return {Cat({UidText(draw_, principal_, AnyText(draw_)), Member(draw_, "a")}), kMember};
    case 3:
      // A method of an extension type with whatever arguments.
      return Call(Any(0),
                  draw_.Pick({"isInRange", "isIpv4", "lessThan", "greaterThanOrEqual", "offset",
                              "durationSince", "toDate", "toTime", "toHours"}),
                  std::vector<Code>(draw_.Below(3), Any(0)));
    case 4:
      return {Cat({draw_.Pick({"ip", "decimal", "datetime", "duration"}),
                   Arguments(std::vector<Code>(draw_.Below(3), Any(0)))}),
              kMember};
    case 5: return Tag(type, depth);
    default: return Any(std::max(depth - 1, 0));
  }
}

}  // namespace assay::testing
