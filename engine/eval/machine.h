// The interpreter of bytecode.
#pragma once

#include <cstdint>

#include "engine/base/arena.h"
#include "engine/eval/eval_error.h"
#include "engine/eval/snapshot_data.h"

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

// Runs the body that starts at `pc`. The program is verified, so nothing is checked that the
// verifier has checked; steps are bounded by the length of the body. kValue: registers[error.pc's
// a] — the value of an expression — is in registers[0].
Verdict Run(Machine& machine, std::uint32_t pc) noexcept;

}  // namespace assay::rt
