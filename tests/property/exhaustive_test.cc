// The engine answers as the oracle does on every small expression there is.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "tests/property/disagreement.h"
#include "tests/property/enumerate.h"

namespace assay::testing {
namespace {

// All of them take minutes; every twelfth is for every day, and the slow sanitizers see a fifth of
// these.
std::uint64_t Stride() {
  const char* wanted = std::getenv("ASSAY_EXHAUSTIVE");
  if (wanted != nullptr && std::string_view(wanted) == "full") return 1;
#ifdef __SANITIZE_ADDRESS__
  return 60;
#else
  return 12;
#endif
}

TEST(ExhaustiveProperty, SmallExpressions) {
  const std::vector<Answerer> answerers = {OracleAnswerer(), EngineAnswerer()};
  const std::uint64_t checked = ForEachSmallWorld(Stride(), [&](const World& world) {
    return ExpectAgreementOn(world, answerers, "exhaustive-difference");
  });
  std::cout << checked << " policies, " << SmallWorld({}).requests.size() << " requests each"
            << std::endl;
  EXPECT_GE(checked * Stride(), 1'000'000U);
}

}  // namespace
}  // namespace assay::testing
