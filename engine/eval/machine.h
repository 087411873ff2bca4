// The interpreter of bytecode.
#pragma once

#include <cstdint>

#include "engine/base/arena.h"
#include "engine/eval/binding_data.h"
#include "engine/eval/eval_error.h"

namespace assay::rt {

enum class Verdict : std::uint8_t { kNotSatisfied, kSatisfied, kError, kValue };

// Everything one run works with. The machine writes registers, arena and `error` only.
struct Machine {
  const SnapshotData& snapshot;
  const BindingData& binding;
  Cell* registers;
  Arena* arena;
  EvalError error = {};
};

// Runs the body. It is verified, so nothing is checked that the verifier has checked; steps are
// bounded by its length. kValue: the value of an expression is in registers[0].
Verdict Run(Machine& machine, const BodyRow& body) noexcept;

}  // namespace assay::rt
