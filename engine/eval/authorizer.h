// The decision without the tree, to compare with.
#pragma once

#include "assay/evaluator.h"

namespace assay::rt {

enum class Search : std::uint8_t { kTree, kScan };

// As Decide, but tests the scope of every policy, one after another. The same answer, slowly.
Decision DecideByScan(const Snapshot& snapshot, const BoundRequest& request,
                      Scratch& scratch) noexcept;

}  // namespace assay::rt
