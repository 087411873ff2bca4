// The engine, and the oracle with it, answers as the reference implementation does: every decision,
// all reasons, all errors, every text. Only where the reference program is built.
#include "tests/property/reference.h"

#include <gtest/gtest.h>

#include "tests/property/disagreement.h"
#include "tests/property/enumerate.h"

namespace assay::testing {
namespace {

class ReferenceProperty : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    reference_ = Reference::Start(&why);
    if (reference_ == nullptr) GTEST_SKIP() << why;
  }

  std::vector<Answerer> Answerers() {
    return {{"reference", [this](const World& world,
                                 std::string* error) { return reference_->Ask(world, error); }},
            OracleAnswerer(),
            EngineAnswerer()};
  }

  std::unique_ptr<Reference> reference_;
};

TEST_F(ReferenceProperty, RandomWorlds) {
  ExpectAgreement(Answerers(), DecisionsToMake(20'000), {}, "reference-difference");
}

TEST_F(ReferenceProperty, SmallExpressions) {
  const std::vector<Answerer> answerers = Answerers();
  const std::uint64_t checked = ForEachSmallWorld(97, [&](const World& world) {
    return ExpectAgreementOn(world, answerers, "reference-small-difference");
  });
  EXPECT_GT(checked, 10'000U);
}

}  // namespace
}  // namespace assay::testing
