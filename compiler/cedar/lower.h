// Syntax to meaning: removes what is only another way to write something.
#pragma once

#include "compiler/cedar/policy_set.h"
#include "compiler/ir/ir.h"

namespace assay::cedar {

// All rules of the set, static policies first to last, then links. Total: what cannot be lowered
// was refused by the parser.
ir::Module Lower(const PolicySetSyntax& set);

// A module with one rule whose only condition is `expr`.
ir::Module LowerExpression(const Ast& ast, ExprId expr);

}  // namespace assay::cedar
