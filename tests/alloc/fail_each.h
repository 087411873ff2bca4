// Every allocation of a call failed in turn.
#pragma once

#include <functional>

namespace assay::testing {

// Runs `act` with the 1st, 2nd, … allocation failing until none fails any more. `act` returns
// whether it succeeded; it must not when an allocation failed that mattered, and nothing may be
// thrown.
void FailEach(const char* what, const std::function<bool()>& act);

// The same with `prepare` before each run, in which nothing fails.
void FailEach(const char* what, const std::function<void()>& prepare,
              const std::function<bool()>& act);

}  // namespace assay::testing
