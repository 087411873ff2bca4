// The end of every door of the mint: a failed allocation becomes a refusal.
#pragma once

#include <new>
#include <utility>

#include "assay/mint/refusal.h"

namespace assay::mint {

// Calls `door`, which returns a Checked. No exception leaves it.
template <typename Door>
auto Guard(Door&& door) noexcept -> decltype(door()) {
  try {
    return std::forward<Door>(door)();
  } catch (const std::bad_alloc&) {
    return Refusal{RefusalId::kOutOfMemory};
  }
}

}  // namespace assay::mint
