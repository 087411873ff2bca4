// The engine answers as the oracle does: decision, reasons, errors and their texts.
#include <gtest/gtest.h>

#include "tests/property/disagreement.h"

namespace assay::testing {
namespace {

TEST(EngineProperty, AnswersAsTheOracle) {
  ExpectAgreement({OracleAnswerer(), EngineAnswerer()}, DecisionsToMake(100'000), {},
                  "engine-difference");
}

}  // namespace
}  // namespace assay::testing
