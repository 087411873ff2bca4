// Counts allocations of the whole process, and makes the n-th operator new fail.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::testing {

// Allocations so far: operator new, malloc, calloc, realloc, aligned forms and mmap. Under a
// sanitizer, which owns malloc, its hooks count instead and mmap is not seen.
std::uint64_t Allocations();

// The most bytes that one operator new has asked for since the last call.
std::size_t TakeLargest();

// From now on the n-th operator new throws (the nothrow form returns nullptr); 0 turns it off.
void FailAllocation(std::uint64_t n);
// Has it happened?
bool AllocationFailed();

}  // namespace assay::testing
