#include "tests/support/random_ast.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "compiler/cedar/dump.h"
#include "stdlib/functions.h"

namespace assay::testing {
namespace {

using cedar::Ast;
using cedar::BinaryOp;
using cedar::Expr;
using cedar::ExprId;
using cedar::ExprKind;
using cedar::ScopeConstraint;
using cedar::Slot;

constexpr std::int64_t kNumbers[] = {0, 1, 5, -1, -5, INT64_MAX, INT64_MIN};

std::string TypeName(Draw& draw) {
  return draw.Pick({"User", "A::B", "principal", "context::T", "permit", "x::y::z"});
}

std::string Name(Draw& draw) {
  if (draw.Percent(20)) return AnyText(draw);
  return draw.Pick({"a", "b", "in", "if", "__cedar", "principal", "has", "b c", "", "9", "when"});
}

std::string Pattern(Draw& draw) {
  std::string pattern = draw.Percent(50) ? AnyText(draw) : "";
  // Never within a character.
  if (draw.Percent(50)) pattern.insert(pattern.begin(), cedar::kWildcard);
  if (draw.Percent(50)) pattern += "*";
  if (draw.Percent(50)) pattern += cedar::kWildcard;
  return pattern;
}

class Maker {
 public:
  Maker(Draw& draw, Ast* ast) : draw_(draw), ast_(*ast) {}

  ExprId Make(int depth) {
    if (depth <= 1 || draw_.Percent(10)) return Leaf();
    Expr e;
    switch (draw_.Below(13)) {
      case 0: e.kind = ExprKind::kIf; return Push(e, Several(3, depth));
      case 1: return Chain(ExprKind::kAnd, depth);
      case 2: return Chain(ExprKind::kOr, depth);
      case 3: e.kind = ExprKind::kNot; return Push(e, Several(1, depth));
      case 4: e.kind = ExprKind::kNegate; return Push(e, Several(1, depth));
      case 5:
      case 6:
        e.kind = ExprKind::kBinary;
        e.op = static_cast<BinaryOp>(draw_.Below(10));
        return Push(e, Several(2, depth));
      case 7: return Has(depth);
      case 8:
        e.kind = ExprKind::kLike;
        e.text = ast_.Keep(Pattern(draw_));
        return Push(e, Several(1, depth));
      case 9:
        e.kind = ExprKind::kIs;
        e.type = ast_.Keep(TypeName(draw_));
        return Push(e, Several(draw_.Between(1, 2), depth));
      case 10:
        e.kind = ExprKind::kAttribute;
        e.text = ast_.Keep(Name(draw_));
        return Push(e, Several(1, depth));
      case 11: return Call(depth);
      default: return Collection(depth);
    }
  }

 private:
  std::vector<ExprId> Several(std::size_t count, int depth) {
    std::vector<ExprId> operands;
    for (std::size_t i = 0; i < count; ++i) operands.push_back(Make(depth - 1));
    return operands;
  }

  ExprId Push(Expr e, const std::vector<ExprId>& operands) {
    e.operands_begin = static_cast<std::uint32_t>(ast_.operand_pool.size());
    ast_.operand_pool.insert(ast_.operand_pool.end(), operands.begin(), operands.end());
    e.operands_end = static_cast<std::uint32_t>(ast_.operand_pool.size());
    ast_.exprs.push_back(e);
    return static_cast<ExprId>(ast_.exprs.size() - 1);
  }

  void SetNames(Expr* e, const std::vector<std::string>& names) {
    e->names_begin = static_cast<std::uint32_t>(ast_.name_pool.size());
    for (const std::string& name : names) ast_.name_pool.push_back(ast_.Keep(name));
    e->names_end = static_cast<std::uint32_t>(ast_.name_pool.size());
  }

  ExprId Leaf() {
    Expr e;
    e.kind = static_cast<ExprKind>(draw_.Below(5));
    if (e.kind == ExprKind::kBool) e.number = draw_.Percent(50) ? 1 : 0;
    if (e.kind == ExprKind::kLong) e.number = kNumbers[draw_.Below(std::size(kNumbers))];
    if (e.kind == ExprKind::kString || e.kind == ExprKind::kUid) e.text = ast_.Keep(AnyText(draw_));
    if (e.kind == ExprKind::kUid) e.type = ast_.Keep(TypeName(draw_));
    if (e.kind == ExprKind::kVar) e.var = static_cast<cedar::Var>(draw_.Below(4));
    return Push(e, {});
  }

  // What the parser never makes, a chain that begins with a chain of its kind, is not made here.
  ExprId Chain(ExprKind kind, int depth) {
    std::vector<ExprId> operands = Several(draw_.Between(2, 4), depth);
    if (ast_[operands[0]].kind == kind) operands[0] = Leaf();
    Expr e;
    e.kind = kind;
    return Push(e, operands);
  }

  ExprId Has(int depth) {
    Expr e;
    e.kind = ExprKind::kHas;
    const auto operands = Several(1, depth);
    std::vector<std::string> names = {Name(draw_)};
    // A chain of names is one of identifiers.
    if (draw_.Percent(40)) names = {draw_.Pick({"a", "principal", "_"}), "b", "when"};
    SetNames(&e, names);
    return Push(e, operands);
  }

  ExprId Call(int depth) {
    Expr e;
    const auto functions = stdlib::Functions();
    const stdlib::FunctionInfo& function = functions[draw_.Below(functions.size())];
    const bool is_builtin = draw_.Percent(40);
    e.kind = is_builtin || function.is_method ? ExprKind::kMethod : ExprKind::kFunction;
    e.text = is_builtin ? ast_.Keep(draw_.Pick({"contains", "containsAll", "containsAny", "getTag",
                                                "hasTag", "isEmpty"}))
                        : function.name;
    std::size_t count = draw_.Below(4);
    if (e.kind == ExprKind::kMethod) count = std::max<std::size_t>(count, 1);
    if (is_builtin) count = e.text == "isEmpty" ? 1 : 2;
    return Push(e, Several(count, depth));
  }

  ExprId Collection(int depth) {
    Expr e;
    e.kind = draw_.Percent(50) ? ExprKind::kSet : ExprKind::kRecord;
    if (e.kind == ExprKind::kSet) return Push(e, Several(draw_.Below(4), depth));
    std::vector<std::string> names;
    for (std::size_t i = draw_.Below(4); i > 0; --i) names.push_back(Name(draw_));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const auto values = Several(names.size(), depth);
    SetNames(&e, names);
    return Push(e, values);
  }

  Draw& draw_;
  Ast& ast_;
};

cedar::EntityRef RandomEntity(Draw& draw, std::string type, Ast* ast) {
  return {ast->Keep(std::move(type)), ast->Keep(AnyText(draw)), {}};
}

ScopeConstraint PrincipalOrResource(Draw& draw, Slot slot, Ast* ast) {
  using Kind = ScopeConstraint::Kind;
  ScopeConstraint scope;
  scope.kind = static_cast<Kind>(draw.Below(5));
  if (scope.kind == Kind::kIs || scope.kind == Kind::kIsIn) scope.type = ast->Keep(TypeName(draw));
  if (scope.kind == Kind::kAny || scope.kind == Kind::kIs) return scope;
  if (draw.Percent(30)) {
    scope.slot = slot;
  } else {
    scope.entities = {RandomEntity(draw, TypeName(draw), ast)};
  }
  return scope;
}

ScopeConstraint ActionScope(Draw& draw, Ast* ast) {
  using Kind = ScopeConstraint::Kind;
  ScopeConstraint scope;
  constexpr Kind kKinds[] = {Kind::kAny, Kind::kEqual, Kind::kIn, Kind::kInAnyOf};
  scope.kind = kKinds[draw.Below(4)];
  const std::size_t count = scope.kind == Kind::kAny       ? 0
                            : scope.kind == Kind::kInAnyOf ? draw.Below(4)
                                                           : 1;
  for (std::size_t i = 0; i < count; ++i) {
    scope.entities.push_back(RandomEntity(draw, draw.Pick({"Action", "A::Action"}), ast));
  }
  return scope;
}

}  // namespace

ExprId RandomExpr(Draw& draw, int depth, Ast* ast) { return Maker(draw, ast).Make(depth); }

void RandomPolicy(Draw& draw, Ast* ast) {
  cedar::Policy policy;
  policy.effect = draw.Percent(50) ? cedar::Effect::kPermit : cedar::Effect::kForbid;
  for (const char* key : {"id", "if", "principal", "z"}) {
    if (draw.Percent(80)) continue;
    const bool has_value = draw.Percent(70);
    policy.annotations.push_back(
        {key, has_value ? ast->Keep(AnyText(draw)) : std::string_view(), has_value, {}});
  }
  policy.principal = PrincipalOrResource(draw, Slot::kPrincipal, ast);
  policy.action = ActionScope(draw, ast);
  policy.resource = PrincipalOrResource(draw, Slot::kResource, ast);
  for (std::size_t i = draw.Below(4); i > 0; --i) {
    const ExprId body = RandomExpr(draw, static_cast<int>(draw.Between(1, 5)), ast);
    policy.conditions.push_back({draw.Percent(30), body, {}});
  }
  ast->policies.push_back(std::move(policy));
}

std::string DumpPolicies(const Ast& ast) { return cedar::Dump({ast, {}}); }

}  // namespace assay::testing
