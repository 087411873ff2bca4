// IR to bytecode.
#pragma once

#include "assay/program.h"
#include "assay/status.h"
#include "compiler/ir/ir.h"

namespace assay::emit {

enum class What { kPolicies, kExpression };

// Emits and verifies. kExpression: the module has one rule, whose condition's value is returned.
// Fails only when a rule needs more registers or arguments than bytecode has.
Result<Program> Emit(ir::Module module, What what);

}  // namespace assay::emit
