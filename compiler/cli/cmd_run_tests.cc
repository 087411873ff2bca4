// policyc run-tests: the tests of one file, as the reference runs and reports them.
#include <iostream>
#include <sstream>
#include <utility>

#include "compiler/cli/command.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/input.h"
#include "compiler/cli/test_run.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  SchemaFlags schema;
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

// What is to be tested. An image has no text.
struct Subject {
  std::optional<PolicySet> policies;
  std::optional<Program> program;
};

Subject ReadSubject(Input* input, const PolicyFlags& flags) {
  if (flags.NamesImage()) return {std::nullopt, ReadProgram(input, flags)};
  Subject subject{flags.Read(input), std::nullopt};
  if (subject.policies) subject.program = CompileProgram(input, *subject.policies);
  return subject;
}

// Why no test can be run, if there is a schema; "" if all can be.
std::string SchemaProblem(const Input& input, const TestFile& file, const Subject& subject) {
  if (!file.schema) return "";
  if (!subject.policies) return "validation needs the text of the policies, and this is an image";
  return ValidationProblem(input.sources(), *file.schema, *subject.policies);
}

int RunTests(const Flags& flags) {
  Input input;
  Subject subject = ReadSubject(&input, flags.policies);
  if (!subject.program) return kFailure;
  input.CloseStdin();  // Only policies may come from there.
  const auto file = ReadTests(&input, flags.tests, flags.schema);
  if (!input.Check() || !file) return kFailure;
  const std::string problem = SchemaProblem(input, *file, subject);
  TestRunner runner(*std::move(subject.program), *file);
  std::cout << "running " << file->tests.size() << " test(s)\n";
  std::size_t passed = 0;
  for (const TestCase& test : file->tests) {
    const bool is_stopped = test.problem.empty() && !problem.empty();
    const TestResult result =
        is_stopped ? TestResult{TestResult::State::kBroken, problem, false, {}} : runner.Run(test);
    passed += result.state == TestResult::State::kPassed ? 1 : 0;
    PrintResult(test, result);
  }
  const std::size_t failed = file->tests.size() - passed;
  std::cout << "results: " << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? kSuccess : kFailure;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTo(command);
  flags->schema.AddTo(command);
  command->Text("--tests", &flags->tests, "A file with tests").Required();
}

}  // namespace

void AddRunTests(Command* app) {
  app->Add<Flags>("run-tests", "Run the tests of a file on policies", Declare, RunTests);
}

}  // namespace assay::cli
