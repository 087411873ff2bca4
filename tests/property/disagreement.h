// Asking two implementations the same and reporting the smallest world on which they disagree.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/oracle.h"
#include "tests/property/harness.h"
#include "tests/support/world_random.h"

namespace assay::testing {

// Answers all requests of a world. Nothing, and the reason in `error`, if it refuses the world.
struct Answerer {
  using Answers = std::optional<std::vector<oracle::Answer>>;
  std::string name;
  std::function<Answers(const World&, std::string* error)> ask;
};

Answerer EngineAnswerer();
Answerer OracleAnswerer();

// Asks all of them about one world. False, and the running test has failed with the smallest world
// found, if one does not answer as the first.
bool ExpectAgreementOn(const World& world, const std::vector<Answerer>& answerers,
                       const std::string& name, Mix* mix = nullptr);

// Asks all of them about random worlds until `decisions` are made, and prints the seed and the mix.
// Stops at the first world they do not agree on.
void ExpectAgreement(const std::vector<Answerer>& answerers, std::uint64_t decisions,
                     const WorldSize& size, const std::string& name);

}  // namespace assay::testing
