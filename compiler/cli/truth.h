// What is known of an expression without a request.
#pragma once

#include <optional>

#include "assay/value.h"
#include "compiler/cedar/ast.h"

namespace assay::cli {

// What an expression may come to where a bool is needed.
struct Truth {
  bool can_be_true = true, can_be_false = true, can_fail = true;

  static Truth OnlyFails() { return {false, false, true}; }
  bool only_fails() const { return !can_be_true && !can_be_false; }
};

// May say that something is possible which is not, never the other way round.
Truth TruthOf(const cedar::Ast& ast, cedar::ExprId id);

// The kind of value that the expression has if it does not fail; nothing if that depends.
std::optional<Kind> KindOf(const cedar::Ast& ast, cedar::ExprId id);

// Whether the value is the same for all requests and entities.
bool IsConstant(const cedar::Ast& ast, cedar::ExprId id);
// What the engine makes of a constant; nothing if it fails, or cannot be compiled.
std::optional<Value> ConstantValue(const cedar::Ast& ast, cedar::ExprId id);

}  // namespace assay::cli
