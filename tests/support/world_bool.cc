// Conditions: everything that yields a boolean.
#include <algorithm>

#include "tests/support/world_expr.h"

namespace assay::testing {
namespace {

WorldType Of(TypeKind kind) {
  WorldType type;
  type.kind = kind;
  return type;
}

WorldType SetOf(const WorldType& element) {
  WorldType type = Of(TypeKind::kSet);
  type.element.push_back(element);
  return type;
}

}  // namespace

std::string ExprMaker::Condition() {
  const int depth = static_cast<int>(draw_.Between(1, 4));
  return Cat({Gap(draw_), At(Bool(depth), kIf), Gap(draw_)});
}

ExprMaker::Code ExprMaker::Bool(int depth) {
  if (depth <= 0) return Make(Of(TypeKind::kBool), 0);
  if (draw_.Percent(2)) return Wrong(Of(TypeKind::kBool), depth);
  switch (draw_.Weighted({16, 14, 8, 8, 5, 6, 5, 6, 3, 6, 14, 5, 4})) {
    case 0: return Connective(depth - 1);
    case 1: return Equality(depth - 1);
    case 2: return Ordering(depth - 1);
    case 3: return In(depth - 1);
    case 4: return Is(depth - 1);
    case 5: return Has(depth - 1);
    case 6: return Like(depth - 1);
    case 7: return SetTest(depth - 1);
    case 8: return HasTag(depth - 1);
    case 9: return ExtensionTest(depth - 1);
    case 10: return Guarded(depth - 1);
    case 11: {
      std::string marks;
      for (std::size_t i = draw_.Between(1, 4); i > 0; --i) marks += Cat({"!", Gap(draw_)});
      return {marks + At(Bool(depth - 1), kMember), kUnary};
    }
    default:
      return draw_.Percent(50) ? IfThenElse(Of(TypeKind::kBool), depth - 1)
                               : Make(Of(TypeKind::kBool), 0);
  }
}

ExprMaker::Code ExprMaker::Connective(int depth) {
  const bool is_and = draw_.Percent(50);
  const Level level = is_and ? kAnd : kOr;
  const Level operand = is_and ? kRelation : kAnd;
  Code code = Bool(depth);
  for (std::size_t i = draw_.Between(1, 3); i > 0; --i) {
    code = {Cat({At(code, level), Gap(draw_), is_and ? "&&" : "||", Gap(draw_),
                 At(Bool(depth), operand)}),
            level};
  }
  return code;
}

// A path behind the test that it is there.
ExprMaker::Code ExprMaker::Guarded(int depth) {
  const Path* path = paths_.empty() ? nullptr : &draw_.Pick(paths_);
  if (path == nullptr) return Has(depth);
  const Code value = Spell(*path);
  Code test = value;
  if (path->type.kind != TypeKind::kBool) {
    test =
        path->type.kind == TypeKind::kLong && draw_.Percent(60)
            ? Infix(value, draw_.Pick({"<", "<=", ">", ">="}), Make(path->type, 0), kRelation, kAdd)
            : Infix(value, draw_.Pick({"==", "!="}), Make(path->type, 0), kRelation, kAdd);
  }
  return {Cat({Guard(*path), Space(draw_), "&&", Space(draw_), At(test, kRelation)}), kAnd};
}

ExprMaker::Code ExprMaker::Equality(int depth) {
  const WorldType type = DrawType(draw_, schema_, 2);
  const Code left = Make(type, depth);
  const Code right = draw_.Percent(8) ? left : Make(type, depth);
  return Infix(left, draw_.Pick({"==", "!="}), right, kRelation, kAdd);
}

ExprMaker::Code ExprMaker::Ordering(int depth) {
  const WorldType type = Of(std::array{TypeKind::kLong, TypeKind::kDatetime,
                                       TypeKind::kDuration}[draw_.Weighted({70, 15, 15})]);
  const std::string op = draw_.Pick({"<", "<=", ">", ">="});
  const Code left = Make(type, depth);
  return Infix(left, op, draw_.Percent(2) ? Any(0) : Make(type, depth), kRelation, kAdd);
}

ExprMaker::Code ExprMaker::In(int depth) {
  const WorldType entity = Of(TypeKind::kEntity);
  const Code left = Entity(depth);
  if (draw_.Percent(60)) return Infix(left, "in", Entity(depth), kRelation, kAdd);
  return Infix(left, "in", Make(SetOf(entity), depth), kRelation, kAdd);
}

ExprMaker::Code ExprMaker::Is(int depth) {
  const Code left = Entity(depth);
  const std::string type =
      draw_.Percent(90) ? draw_.Pick(schema_.types).name : draw_.Pick({"Nope", "Action", "N::M"});
  std::string text = Cat({At(left, kAdd), Space(draw_), "is", Space(draw_), TypeText(draw_, type)});
  if (draw_.Percent(30)) {
    text += Cat({Space(draw_), "in", Space(draw_), At(Entity(depth), kAdd)});
  }
  return {text, kRelation};
}

ExprMaker::Code ExprMaker::Has(int depth) {
  if (!paths_.empty() && draw_.Percent(60)) return {Guard(draw_.Pick(paths_)), kAnd};
  const Code base = draw_.Percent(60)
                        ? Code{draw_.Pick({"principal", "resource", "context", "action"}), kMember}
                        : (draw_.Percent(50) ? Entity(depth) : Make(Of(TypeKind::kRecord), depth));
  const std::string name =
      draw_.Percent(80) ? draw_.Pick({"a", "b", "n", "owner", "if", "x1"}) : AnyText(draw_);
  return {Cat({At(base, kAdd), Space(draw_), "has", Space(draw_), Key(draw_, name)}), kRelation};
}

ExprMaker::Code ExprMaker::Like(int depth) {
  const Code text = Make(Of(TypeKind::kString), depth);
  return {Cat({At(text, kAdd), Space(draw_), "like", Space(draw_),
               PatternLiteral(draw_, DrawString(draw_))}),
          kRelation};
}

ExprMaker::Code ExprMaker::SetTest(int depth) {
  const WorldType element = DrawType(draw_, schema_, 1);
  const Code set = Make(SetOf(element), depth);
  switch (draw_.Weighted({40, 20, 20, 20})) {
    case 0: return Call(set, "contains", {Make(element, depth)});
    case 1: return Call(set, "containsAll", {Make(SetOf(element), depth)});
    case 2: return Call(set, "containsAny", {Make(SetOf(element), depth)});
    default: return Call(set, "isEmpty", {});
  }
}

ExprMaker::Code ExprMaker::HasTag(int depth) {
  const Code name = draw_.Percent(80) ? Code{Literal(draw_, DrawTagName(draw_)), kMember}
                                      : Make(Of(TypeKind::kString), depth);
  const Code owner = Entity(depth);
  if (draw_.Percent(50)) return Call(owner, "hasTag", {name});
  const Code value = Call(owner, "getTag", {name});
  return {Cat({Call(owner, "hasTag", {name}).text, " && ",
               Infix(value, "==", Any(0), kRelation, kAdd).text}),
          kAnd};
}

ExprMaker::Code ExprMaker::ExtensionTest(int depth) {
  const WorldType ip = Of(TypeKind::kIp);
  const WorldType decimal = Of(TypeKind::kDecimal);
  switch (draw_.Weighted({30, 30, 40})) {
    case 0:
      return Call(Make(ip, depth), draw_.Pick({"isIpv4", "isIpv6", "isLoopback", "isMulticast"}),
                  {});
    case 1: return Call(Make(ip, depth), "isInRange", {Make(ip, depth)});
    default: {
      const std::string method =
          draw_.Pick({"lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"});
      const Code left = Make(decimal, depth);
      return Call(left, method, {Make(decimal, depth)});
    }
  }
}

}  // namespace assay::testing
