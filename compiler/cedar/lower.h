// Syntax to meaning: removes what is only another way to write something.
#pragma once

#include <optional>
#include <vector>

#include "compiler/cedar/policy_set.h"
#include "compiler/ir/ir.h"

namespace assay::cedar {

// For each policy the conditions that take the place of its own, or nothing.
using Plans = std::vector<std::optional<std::vector<Condition>>>;

// All rules of the set, static policies first to last, then links. Total: what cannot be lowered
// was refused by the parser. `plans` is empty, or has an entry for each policy.
ir::Module Lower(const PolicySetSyntax& set, const Plans& plans = {});

// A module with one rule whose only condition is `expr`.
ir::Module LowerExpression(const Ast& ast, ExprId expr);

}  // namespace assay::cedar
