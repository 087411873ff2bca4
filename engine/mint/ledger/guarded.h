// Doors of the API turn a failed allocation into an error.
#pragma once

#include <new>

#include "assay/mint/record.h"

namespace assay::mint {

// What `body` gives, or that memory ran out.
template <typename Body>
auto Guarded(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return LedgerError{LedgerFault::kOutOfMemory, "memory ran out"};
  }
}

// Without memory only the fault: callers go by it.
inline LedgerError CopyOf(const LedgerError& error) {
  try {
    return error;
  } catch (const std::bad_alloc&) {
    return {error.fault, ""};
  }
}

}  // namespace assay::mint
