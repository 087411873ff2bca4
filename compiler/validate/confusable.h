// Texts that look like other texts: mixed scripts, and characters that turn the direction.
#pragma once

#include "compiler/cedar/ast.h"
#include "compiler/validate/checker.h"

namespace assay::validate {

// What stands in a scope has a place, or has none, as for the reference.
enum class ScopePlaces : std::uint8_t { kNone, kExact };

// Warns of strings, patterns and names in the policy.
void CheckConfusable(const cedar::Ast& ast, const cedar::Policy& policy, ScopePlaces places,
                     Findings* findings);

}  // namespace assay::validate
