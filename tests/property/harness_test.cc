// The thresholds of the random worlds fail the test that falls below them.
#include "tests/property/harness.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace assay::testing {
namespace {

TEST(Mix, IsCheckedAgainstItsThresholds) {
  const Mix enough{100, 20, 20, 10};
  enough.Check();
  EXPECT_NONFATAL_FAILURE((Mix{100, 19, 20, 10}.Check()), "Share(allowed, decisions)");
  EXPECT_NONFATAL_FAILURE((Mix{100, 20, 19, 10}.Check()), "Share(with_errors, decisions)");
  EXPECT_NONFATAL_FAILURE((Mix{100, 20, 20, 9}.Check()), "Share(with_reasons, decisions)");
}

TEST(Mix, CountsWhatWasAnswered) {
  Mix mix;
  mix.Add({true, {"a", "b"}, {}});
  mix.Add({true, {"a"}, {{"c", "no"}}});
  mix.Add({});
  mix.Add({});
  EXPECT_EQ(mix.Show(),
            "4 decisions: 50.0 % allowed, 25.0 % with errors, 25.0 % with several reasons");
}

}  // namespace
}  // namespace assay::testing
