// Random syntax trees, made node by node: also those that no text in use would give, such as a
// minus over a literal or `if` in every place.
#pragma once

#include <string>

#include "compiler/cedar/ast.h"
#include "tests/support/world_draw.h"

namespace assay::testing {

// An expression of up to `depth` levels, appended to `ast`. Any operand may be anything.
cedar::ExprId RandomExpr(Draw& draw, int depth, cedar::Ast* ast);

// A policy or template, without an id, appended to `ast`.
void RandomPolicy(Draw& draw, cedar::Ast* ast);

// Policies and trees as text that is the same for equal trees and for no others.
std::string DumpPolicies(const cedar::Ast& ast);

}  // namespace assay::testing
