// What the micro benchmarks decide: an organisation of users, roles, folders and documents with as
// many policies as asked for. Always the same for the same number.
#pragma once

#include <cstddef>

#include "tests/support/world.h"

namespace assay::bench {

// Of ten policies six are grants to a role on a folder, three compare attributes, one forbids.
// There are 64 requests, of which some are allowed and some denied, with a context.
testing::World Organisation(std::size_t policies);

}  // namespace assay::bench
