// Texts that look like other texts: mixed scripts, and characters that turn the direction.
#pragma once

#include "compiler/cedar/ast.h"
#include "compiler/validate/checker.h"

namespace assay::validate {

// Warns of strings, patterns and names in the policy.
void CheckConfusable(const cedar::Ast& ast, const cedar::Policy& policy, Findings* findings);

}  // namespace assay::validate
