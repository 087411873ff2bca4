#include "tests/alloc/fail_each.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/alloc/counter.h"

namespace assay::testing {

void FailEach(const char* what, const std::function<bool()>& act) {
  FailEach(
      what, [] {}, act);
}

void FailEach(const char* what, const std::function<void()>& prepare,
              const std::function<bool()>& act) {
  std::uint64_t n = 1;
  std::uint64_t refused = 0;
  for (;; ++n) {
    prepare();
    FailAllocation(n);
    bool ok = false;
    EXPECT_NO_THROW(ok = act()) << what << ", allocation " << n;
    FailAllocation(0);
    if (!AllocationFailed()) {
      EXPECT_TRUE(ok) << what;
      break;
    }
    refused += ok ? 0 : 1;
  }
  std::cout << what << ": " << n - 1 << " allocations failed in turn, " << refused
            << " of them refused the call\n";
  EXPECT_GT(refused, 0U) << what;
}

}  // namespace assay::testing
