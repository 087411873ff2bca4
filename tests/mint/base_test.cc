// Secrets, and the clock.
#include <gmock/gmock.h>

#include <string>
#include <utility>

#include "assay/mint/clock.h"
#include "assay/mint/secret.h"

namespace assay::mint {
namespace {

TEST(Secret, MovesAndNeverCopies) {
  static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
  Secret first("canary");
  EXPECT_EQ(first.view(), "canary");
  Secret second = std::move(first);
  EXPECT_EQ(second.view(), "canary");
  Secret third;
  EXPECT_TRUE(third.empty());
  third = std::move(second);
  EXPECT_EQ(third.view(), "canary");
}

TEST(Secret, CleansesTheWholeCapacity) {
  std::string text = "a canary that is long enough to be on the heap";
  text.resize(8);
  const char* tail = text.data() + 10;
  Cleanse(&text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(*tail, '\0');
}

class TestClock : public ::testing::Test {
 protected:
  std::int64_t wall = 1'000'000;
  std::int64_t boot = 500;
  Clock clock{[this] { return wall; }, [this] { return boot; }};

  void Pass(std::int64_t milliseconds) {
    wall += milliseconds;
    boot += milliseconds;
  }
};

TEST_F(TestClock, FollowsTheWallClock) {
  EXPECT_EQ(clock.Milliseconds(), 1'000'000);
  Pass(1'999);
  EXPECT_EQ(clock.Milliseconds(), 1'001'999);
  EXPECT_EQ(clock.Seconds(), 1001);
  wall += 60'000;
  EXPECT_EQ(clock.Seconds(), 1061);
}

TEST_F(TestClock, T11RunsOnWhenTheWallClockIsSetBack) {
  Pass(10'000);
  EXPECT_EQ(clock.Seconds(), 1010);
  wall -= 3'600'000;
  EXPECT_EQ(clock.Seconds(), 1010);
  Pass(5'000);
  EXPECT_EQ(clock.Seconds(), 1015);
  EXPECT_EQ(clock.WallMilliseconds(), wall);
  EXPECT_EQ(clock.BootMilliseconds(), boot);
}

TEST(SystemClock, IsTheTime) {
  const Clock clock;
  EXPECT_NEAR(static_cast<double>(clock.Seconds()), static_cast<double>(time(nullptr)), 2);
}

TEST(SystemClock, RoundsDownBeforeTheEpoch) {
  const Clock clock([] { return -1; }, [] { return 0; });
  EXPECT_EQ(clock.Seconds(), -1);
}

}  // namespace
}  // namespace assay::mint
