// Finding files with tests, and running one of them.
#pragma once

#include <re2/re2.h>

#include <optional>
#include <string>
#include <vector>

#include "compiler/cli/coverage.h"
#include "compiler/cli/input.h"
#include "compiler/cli/near_miss.h"
#include "compiler/cli/test_run.h"

namespace assay::cli {

struct TestReport {
  std::string name;
  TestResult result;
  // Of a test that failed: what would have made the expected decision, if it is another, and
  // else, if the test has expectations of that, what would have made the other.
  std::vector<NearMiss> near;
};

struct FileReport {
  std::string path;
  std::string problem;  // why the file could not be run, several lines; "" if it could
  std::vector<TestReport> tests;
  Coverage coverage;  // what the tests reach, if that was asked
  Stamps read;        // what the file and its tests are made of
};

// What to run, with what, and what to tell of it.
struct TestChoice {
  PolicyFlags policies;
  SchemaFlags schema;
  const RE2* filter = nullptr;
  bool covers = false;
};

// The files, sorted, each once; in folders those called tests.json or NAME.tests.json, or .yaml or
// .yml instead. An error if a path is not there.
Result<std::vector<std::string>> FindTestFiles(const std::vector<std::string>& paths);

// Runs the tests whose `FILE: NAME` matches the filter, if there is one. The policies are those of
// the flags if they name some, else those that the file names, else policies.cedar, policies.json
// or policy.cedar in the file's folder or in the folder above. With a schema, that of the flags or
// that of the file, the policies must validate strictly and without a warning. May run in any
// thread.
FileReport RunTestFile(const std::string& path, const TestChoice& choice);

}  // namespace assay::cli
