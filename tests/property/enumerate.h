// All small expressions over a world of three entities.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/world.h"

namespace assay::testing {

// Every expression of up to four nodes, made of a few leaves of every type and of all operators,
// methods and functions: more than a million. `take` gets each once, always in the same order.
void ForEachExpression(const std::function<void(const std::string&)>& take);

// The world in which they are evaluated: three entities, a few requests, and for each expression a
// policy that permits all when it is true.
World SmallWorld(const std::vector<std::string>& expressions);

// Calls `check` with worlds of many policies each that together hold every `stride`-th expression;
// returns how many they hold. Stops early when `check` returns false.
std::uint64_t ForEachSmallWorld(std::uint64_t stride,
                                const std::function<bool(const World&)>& check);

}  // namespace assay::testing
