// Every limit that bounds what one input can cost. A limit that is exceeded is an error that names
// it; below it there is a result. All have generous defaults, which `assay/limits.def` gives
// reasons for, and are plain data: copy, change, pass.
//
// Not among them, since they are no matter of choice: a condition has 4,096 registers and a call
// 255 arguments, which is what bytecode can say, and `!` and `-` stand in rows of four, which is
// Cedar's grammar.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay {

// See Limits::image_bytes.
inline constexpr std::size_t kImageBytesPerCell = 4;

// `source_bytes`, `expression_depth` and so on: a member for each row of limits.def.
struct Limits {
#define LIMIT(type, name, usual, what, why) type name = usual;
#include "assay/limits.def"
};

}  // namespace assay
