// Doors of the API, which no failed allocation passes.
#pragma once

#include <new>

#include "assay/diagnostics.h"
#include "assay/status.h"

namespace assay {

// What `act` gives, or that memory ran out. For acts that give a Result or an optional Error.
template <typename Act>
auto Guarded(Act act) -> decltype(act()) {
  try {
    return act();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

// The same for acts that give a bool or an optional, and say what is wrong in `diagnostics`.
template <typename Act>
auto Guarded(Diagnostics* diagnostics, Act act) -> decltype(act()) {
  try {
    return act();
  } catch (const std::bad_alloc&) {
    diagnostics->OutOfMemory();
    return {};
  }
}

}  // namespace assay
