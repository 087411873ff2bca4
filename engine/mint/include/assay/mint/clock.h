// The time as the mint sees it: wall time that never goes back.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "assay/export.h"

namespace assay::mint {

// Milliseconds since 1970-01-01T00:00:00Z, and since some fixed moment of this machine, sleep
// included. Both are called from any thread.
using MillisecondSource = std::function<std::int64_t()>;

// Expiry must not be undone by somebody who sets the clock back. So the largest distance between
// wall and boot time ever seen is kept, and the time is the boot time plus that: when the wall
// clock is set back the time runs on, and when it was ahead for a while, things expire early rather
// than late. Thread-safe.
class ASSAY_API Clock {
 public:
  // The system's clocks.
  Clock();
  // Clocks of the caller's, for tests and simulations.
  Clock(MillisecondSource wall, MillisecondSource boot);

  std::int64_t Milliseconds() const;
  // Whole seconds, rounded down, as in the claims `exp`, `nbf` and `iat`.
  std::int64_t Seconds() const;
  // The wall clock as it is, back or not: records are dated by it.
  std::int64_t WallMilliseconds() const { return wall_(); }
  std::int64_t WallSeconds() const;
  // For intervals that no change of the wall clock may stretch.
  std::int64_t BootMilliseconds() const { return boot_(); }

 private:
  MillisecondSource wall_;
  MillisecondSource boot_;
  mutable std::atomic<std::int64_t> ahead_;
};

}  // namespace assay::mint
