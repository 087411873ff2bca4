// How much larger than itself a program becomes when it is used.
#pragma once

#include <cstdint>

#include "engine/bytecode/program_parts.h"

namespace assay::image {

// About how many cells of 16 bytes a snapshot makes of constants and patterns: each body has copies
// of those it mentions, each rule a row of its actions. Text writes them as often; an image writes
// them once and may mention them from millions of places. Numbers out of range count nothing: the
// verifier refuses them.
std::uint64_t CellsOf(const bc::ProgramParts& parts);

}  // namespace assay::image
