// Random worlds as a rapidcheck generator, and the search for the smallest world that still fails.
#pragma once

#include <rapidcheck.h>

#include <functional>

#include "tests/support/world_random.h"

namespace assay::testing {

// Worlds that shrink: fewer requests, policies, links and entities, and simpler conditions.
rc::Gen<World> WorldGen(const WorldSize& size);

// Follows the shrinks of a failing world as long as `fails` says so, and returns the last.
World Smallest(const World& failing, const std::function<bool(const World&)>& fails);

}  // namespace assay::testing
