// Traces of tests: why one failed, and what all of them reach of the policies.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "compiler/cli/coverage.h"
#include "compiler/cli/near_miss.h"
#include "compiler/cli/test_case.h"

namespace assay::cli {

// Traces tests of one file, and compiles and makes snapshots only when it is asked. Not
// thread-safe; what it is made of must outlive it.
class TestTracer {
 public:
  TestTracer(const Sources& sources, const PolicySet& policies, const TestFile& file);
  ~TestTracer();

  // Of a test that can be run; nothing without memory.
  std::vector<NearMiss> NearMisses(const TestCase& test, cedar::Effect effect, std::size_t count);
  // Adds all policies to `coverage`, none of them reached. False without memory.
  bool Declare(Coverage* coverage);
  // Adds to `coverage`, after Declare, what the test reaches; one that cannot be run reaches
  // nothing.
  void Cover(const TestCase& test, Coverage* coverage);

 private:
  struct World;
  World* Compiled();
  World* Prepare(const TestCase& test);

  const Sources& sources_;
  const PolicySet& policies_;
  const TestFile& file_;
  std::unique_ptr<World> world_;
};

}  // namespace assay::cli
