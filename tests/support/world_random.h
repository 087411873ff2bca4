// Random worlds.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tests/support/world.h"

namespace assay::testing {

struct WorldSize {
  std::size_t most_policies = 300;
  std::size_t requests = 40;
};

// The world of this seed: 2 to `most_policies` policies, static or linked; templates with every
// slot; hierarchies with entities that are missing; requests of which many are allowed, many fail
// somewhere and many have several reasons.
World RandomWorld(std::uint64_t seed, const WorldSize& size = {});

}  // namespace assay::testing
