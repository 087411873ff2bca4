// Bytecode as text: for people, and for golden tests.
#pragma once

#include <string>

#include "engine/bytecode/program_parts.h"

namespace assay::bc {

// Every rule with the policies that use it, then every body, one instruction a line. Stable: it
// depends on nothing but `parts`.
std::string Disassemble(const ProgramParts& parts);

}  // namespace assay::bc
