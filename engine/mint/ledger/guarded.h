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

}  // namespace assay::mint
