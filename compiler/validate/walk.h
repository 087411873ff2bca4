// Going through the expressions of a policy's conditions.
#pragma once

#include <vector>

#include "compiler/cedar/ast.h"

namespace assay::validate {

inline bool IsAccess(const cedar::Expr& e) {
  return e.kind == cedar::ExprKind::kAttribute || e.kind == cedar::ExprKind::kMethod ||
         e.kind == cedar::ExprKind::kFunction;
}

// Calls `visit(expr, twice, place)` with each. For the reference `e is T in x` has e twice, and so
// what is wrong with it: `twice`. Not more often, however deep such expressions are nested in each
// other: there it doubles each time. `place` is where it stands, for a part of `a.b.c` the whole.
template <typename Visit>
void ForEachExpr(const cedar::Ast& ast, const cedar::Policy& policy, const Visit& visit) {
  struct Open {
    cedar::ExprId id{};
    bool twice = false;
    Span place;
  };
  std::vector<Open> open;
  for (const cedar::Condition& condition : policy.conditions) {
    open.push_back({condition.body, false, ast[condition.body].span});
  }
  while (!open.empty()) {
    const auto [id, twice, place] = open.back();
    open.pop_back();
    const cedar::Expr& e = ast[id];
    visit(e, twice, place);
    const auto operands = ast.operands(e);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const cedar::Expr& operand = ast[operands[i]];
      const bool is_subject = e.kind == cedar::ExprKind::kIs && operands.size() == 2 && i == 0;
      const bool is_part =
          i == 0 && IsAccess(e) && IsAccess(operand) && operand.span.begin == place.begin;
      open.push_back({operands[i], twice || is_subject, is_part ? place : operand.span});
    }
  }
}

}  // namespace assay::validate
