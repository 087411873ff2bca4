// Calling the functions of the standard library on cells.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/arena.h"
#include "engine/value/cell.h"
#include "engine/value/expected.h"
#include "stdlib/functions.h"

namespace assay::stdlib {

enum class CallStatus : std::uint8_t {
  kOk,
  kType,         // argument `argument` is not what was `expected`
  kFailed,       // the function refuses its arguments; see FailureText
  kOutOfMemory,  // the arena is exhausted
};

struct CallOutcome {
  CallStatus status = CallStatus::kOk;
  std::uint8_t argument = 0;
  rt::Expected expected{};
};

// Calls `function` with as many arguments as it takes. Writes `out` only if the status is kOk. No
// allocation but from `arena`.
CallOutcome Call(FunctionId function, std::span<const rt::Cell> arguments, Arena* arena,
                 rt::Cell* out) noexcept;

// What the reference names as the function that failed: for `ip` it is the type, "ipaddr".
std::string_view FailureOwner(FunctionId function);

// The reference's text for a call that ended with kFailed: it is pure, so it can be asked later.
std::string FailureText(FunctionId function, std::span<const rt::Cell> arguments);

}  // namespace assay::stdlib
