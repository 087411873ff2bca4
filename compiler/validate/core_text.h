// Expressions in findings, as the reference prints the tree that its type checker leaves.
#pragma once

#include <span>
#include <string>

#include "compiler/validate/checker.h"
#include "compiler/validate/core.h"

namespace assay::validate {

// The text of `id` after the type checker went through it as `traces` say: `a != b` is `!(a == b)`,
// operators are in parentheses where they are operands, a chain ends with the operand that decides
// it, and an `if` whose condition is certain has the branch that is taken twice. Long texts are
// cut.
std::string CoreText(const Core& core, std::span<const Trace> traces, const schema::Names& names,
                     NodeId id);

}  // namespace assay::validate
