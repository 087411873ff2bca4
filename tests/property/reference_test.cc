// The engine, and the oracle with it, answers as the reference implementation does: every decision,
// all reasons, all errors, every text. Only where the reference program is built.
#include "tests/property/reference.h"

#include <gtest/gtest.h>

#include "tests/property/disagreement.h"

namespace assay::testing {
namespace {

TEST(ReferenceProperty, EngineAndOracleAnswerAsTheReference) {
  std::string why;
  const std::unique_ptr<Reference> reference = Reference::Start(&why);
  if (reference == nullptr) GTEST_SKIP() << why;
  const Answerer asks_reference{
      "reference",
      [&](const World& world, std::string* error) { return reference->Ask(world, error); }};
  ExpectAgreement({asks_reference, OracleAnswerer(), EngineAnswerer()}, DecisionsToMake(20'000), {},
                  "reference-difference");
}

}  // namespace
}  // namespace assay::testing
