// Running tests of policies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/evaluator.h"
#include "assay/program.h"
#include "compiler/cli/limits.h"
#include "compiler/cli/test_case.h"

namespace assay::cli {

struct TestResult {
  enum class State : std::uint8_t { kPassed, kFailed, kBroken };
  State state = State::kPassed;
  std::string why;        // one line if it failed; several lines if it could not be run
  bool is_allow = false;  // the decision, unless the test could not be run
  std::vector<std::string> determining;  // the ids of the policies that made it
};

// Runs tests of one file, making a snapshot of each of its sets of entities when it is needed
// first. Not thread-safe; the program may be shared.
class TestRunner {
 public:
  TestRunner(Program program, const TestFile& file);

  // What failed reads as the reference says it.
  TestResult Run(const TestCase& test);

  // The snapshot of the test's entities; nothing, and the reason in `why`, if there is none.
  const Snapshot* SnapshotFor(const TestCase& test, std::string* why);

 private:
  Program program_;
  const TestFile& file_;
  std::vector<std::optional<Snapshot>> snapshots_;  // by set of entities
  Scratch scratch_{TheLimits()};
};

}  // namespace assay::cli
