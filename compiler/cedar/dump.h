// The syntax tree as stable text: for people, and for golden tests.
#pragma once

#include <string>

#include "compiler/cedar/policy_set.h"

namespace assay::cedar {

std::string Dump(const PolicySetSyntax& set);

}  // namespace assay::cedar
