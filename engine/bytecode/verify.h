// The verifier: what passes here can be run unchecked.
#pragma once

#include <optional>
#include <string>

#include "engine/bytecode/program_parts.h"

namespace assay::bc {

// The first rule that `parts` breaks and where, or nothing. Rules: bodies lie in the code one after
// another; opcodes exist; operands are in range and unused ones zero; jumps go forward within their
// body, so that a run ends within as many steps as the body has instructions; each register is
// written before it is read, on every path and since the last requirement; sets and records under
// construction are used by their own instructions only; control cannot run off the end; constraints
// name entities, sets of them and types; ids differ; slots are there exactly when rules have them;
// entity types are paths. Time is linear in the code but for jumps, each of which costs the
// registers of its body: they may carry 2^29 of them together, and keep 128 MiB at a time.
std::optional<std::string> Verify(const ProgramParts& parts);

}  // namespace assay::bc
