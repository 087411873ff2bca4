// policyc run-tests: the tests of one file, as the reference runs and reports them.
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/test_run.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string tests;
};

void PrintResult(const TestCase& test, const TestResult& result) {
  std::cout << "  test " << Printable(test.name) << " ... ";
  switch (result.state) {
    case TestResult::State::kPassed: std::cout << "ok\n"; return;
    case TestResult::State::kFailed: std::cout << "fail: " << result.why << "\n"; return;
    case TestResult::State::kBroken: break;
  }
  std::cout << "error:\n";
  std::istringstream lines(result.why);
  for (std::string line; std::getline(lines, line);) std::cout << "    " << line << "\n";
  std::cout << "\n";
}

int RunTests(const Flags& flags) {
  Input input;
  auto program = ReadProgram(&input, flags.policies);
  if (!program) return kFailure;
  const auto file = ReadTests(&input, flags.tests);
  if (!input.Check() || !file) return kFailure;
  TestRunner runner(std::move(*program), *file);
  std::cout << "running " << file->tests.size() << " test(s)\n";
  std::size_t passed = 0;
  for (const TestCase& test : file->tests) {
    const TestResult result = runner.Run(test);
    passed += result.state == TestResult::State::kPassed ? 1 : 0;
    PrintResult(test, result);
  }
  const std::size_t failed = file->tests.size() - passed;
  std::cout << "results: " << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? kSuccess : kFailure;
}

}  // namespace

void AddRunTests(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("run-tests", "Run the tests of a file on policies");
  auto flags = std::make_shared<Flags>();
  flags->policies.AddTo(command);
  command->add_option("--tests", flags->tests, "A file with tests")->required();
  command->callback([flags, run] { *run = [flags] { return RunTests(*flags); }; });
}

}  // namespace assay::cli
