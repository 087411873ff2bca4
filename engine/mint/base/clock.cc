#include "assay/mint/clock.h"

#include <ctime>
#include <utility>

namespace assay::mint {

namespace {

std::int64_t Read(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

// Rounded down, also before 1970.
std::int64_t ToSeconds(std::int64_t milliseconds) {
  return milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0);
}

}  // namespace

Clock::Clock() : Clock([] { return Read(CLOCK_REALTIME); }, [] { return Read(CLOCK_BOOTTIME); }) {}

Clock::Clock(MillisecondSource wall, MillisecondSource boot)
    : wall_(std::move(wall)), boot_(std::move(boot)), ahead_(wall_() - boot_()) {}

std::int64_t Clock::Milliseconds() const {
  const std::int64_t boot = boot_();
  const std::int64_t ahead = wall_() - boot;
  std::int64_t most = ahead_.load(std::memory_order_relaxed);
  while (ahead > most && !ahead_.compare_exchange_weak(most, ahead, std::memory_order_relaxed)) {
  }
  return boot + (ahead > most ? ahead : most);
}

std::int64_t Clock::Seconds() const { return ToSeconds(Milliseconds()); }

std::int64_t Clock::WallSeconds() const { return ToSeconds(wall_()); }

}  // namespace assay::mint
