// Finding files with tests, and running one of them.
#pragma once

#include <re2/re2.h>

#include <optional>
#include <string>
#include <vector>

#include "compiler/cli/input.h"
#include "compiler/cli/near_miss.h"
#include "compiler/cli/test_run.h"

namespace assay::cli {

struct TestReport {
  std::string name;
  TestResult result;
  std::vector<NearMiss>
      near;  // policies that would have made the expected decision, if it is another
};

struct FileReport {
  std::string path;
  std::string problem;  // why the file could not be run, several lines; "" if it could
  std::vector<TestReport> tests;
};

// The files, sorted, each once; in folders those called tests.json or NAME.tests.json. Nothing,
// after an error was printed, if a path is not there.
std::optional<std::vector<std::string>> FindTestFiles(const std::vector<std::string>& paths);

// Runs the tests whose `FILE: NAME` matches the filter, if there is one. The policies are those of
// the flags if they name some, else those that the file names, else policies.cedar, policies.json
// or policy.cedar in the file's folder or in the folder above. May run in any thread.
FileReport RunTestFile(const std::string& path, const PolicyFlags& policies, const RE2* filter);

}  // namespace assay::cli
