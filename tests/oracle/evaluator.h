// Evaluates one expression of the syntax tree by walking it.
#pragma once

#include <string>
#include <vector>

#include "compiler/cedar/ast.h"
#include "tests/oracle/store.h"
#include "tests/oracle/value.h"

namespace assay::oracle {

class Evaluator {
 public:
  // Keeps references to all three.
  Evaluator(const cedar::Ast& ast, const Store& store, const Request& request)
      : ast_(ast), store_(store), request_(request) {}

  // Throws a Failure where the reference reports an error.
  Value Evaluate(cedar::ExprId id) const;
  // The same for what must be a boolean.
  bool EvaluateBool(cedar::ExprId id) const;

 private:
  using Expr = cedar::Expr;

  Value Operand(const Expr& expr, std::uint32_t i) const;
  std::vector<Value> Operands(const Expr& expr) const;
  Value EvaluateVar(cedar::Var var) const;
  bool EvaluateAnd(const Expr& expr) const;
  bool EvaluateOr(const Expr& expr) const;
  Value EvaluateNegate(const Expr& expr) const;
  Value EvaluateBinary(const Expr& expr) const;
  bool EvaluateHas(const Expr& expr) const;
  bool EvaluateLike(const Expr& expr) const;
  bool EvaluateIs(const Expr& expr) const;
  Value EvaluateMethod(const Expr& expr) const;
  Value EvaluateRecord(const Expr& expr) const;

  bool In(const Value& left, const Value& right) const;
  bool Has(const Value& value, const std::string& name) const;
  Value Attribute(const Value& value, const std::string& name) const;
  Value Tag(bool get, const Value& entity, const Value& name) const;

  const cedar::Ast& ast_;
  const Store& store_;
  const Request& request_;
};

}  // namespace assay::oracle
