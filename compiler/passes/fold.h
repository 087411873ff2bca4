// Constant folding.
#pragma once

#include "compiler/ir/ir.h"

namespace assay::passes {

// Turns into constants what evaluates to the same value on every request: sets and records of
// constants, and calls such as `ip("10.0.0.0/8")`. What would fail stays, so that it fails when it
// is evaluated, and only then.
void Fold(ir::Module* module);

}  // namespace assay::passes
