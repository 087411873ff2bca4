#include "compiler/cli/test_files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include "compiler/cli/findings.h"
#include "compiler/cli/test_trace.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNearMisses = 3;

std::string Quoted(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "`" : ", `") + text + "`";
  return out.empty() ? "nothing" : out;
}

bool IsTestFile(const fs::path& path) {
  const std::string name = path.filename().string();
  for (const std::string_view ending : {"tests.json", "tests.yaml", "tests.yml"}) {
    if (!name.ends_with(ending)) continue;
    const std::size_t at = name.size() - ending.size();
    return at == 0 || name[at - 1] == '.';
  }
  return false;
}

// Fails the test if a policy did not come near, or something else kept it off.
void CompareNear(const TestCase& test, const std::vector<NearMiss>& near, TestResult* result) {
  for (const ExpectedMiss& expected : test.near) {
    const auto miss = std::find_if(near.begin(), near.end(), [&](const NearMiss& one) {
      return one.policy == expected.policy;
    });
    std::string why;
    if (miss == near.end()) {
      why = "`" + expected.policy + "` does not come near";
    } else if (expected.clauses) {
      std::vector<std::string> texts;
      for (const Clause& clause : miss->clauses) texts.push_back(clause.text);
      if (texts == *expected.clauses) continue;
      why = "`" + expected.policy + "` was expected to be kept off by " +
            Quoted(*expected.clauses) + ", not by " + Quoted(texts);
    }
    if (why.empty()) continue;
    result->state = TestResult::State::kFailed;
    result->why += (result->why.empty() ? "" : "; ") + why;
  }
}

std::string DefaultPolicies(const std::string& test_file, Input* input) {
  const fs::path folder = fs::path(test_file).parent_path();
  for (const fs::path& place : {folder, folder / ".."}) {
    for (const char* name : {"policies.cedar", "policies.json", "policy.cedar"}) {
      const fs::path path = (place / name).lexically_normal();
      std::error_code error;
      input->Note(path.string());
      if (fs::is_regular_file(path, error)) return path.string();
    }
  }
  return "";
}

// One file; its errors go to `errors`, not to the screen, where other files have theirs.
class FileRunner {
 public:
  FileRunner(std::string path, const TestChoice& choice)
      : path_(std::move(path)), choice_(choice), policy_flags_(choice.policies) {
    input_.CloseStdin();  // There may be many files, and there is one standard input.
  }

  FileReport Run() {
    FileReport report{path_, "", {}, {}, {}};
    const bool was_run = RunTests(&report);
    report.read = input_.stamps();
    if (was_run) return report;
    report.problem = errors_.str();
    // A file that is not run must not pass for one that has no tests.
    if (report.problem.empty()) report.problem = "error: the tests could not be read\n";
    return report;
  }

 private:
  bool RunTests(FileReport* report) {
    const auto file = ReadTests(&input_, path_, choice_.schema);
    if (!input_.Check() || !file) return false;
    if (policy_flags_.path.empty()) policy_flags_.path = file->policies;
    if (policy_flags_.path.empty()) policy_flags_.path = DefaultPolicies(path_, &input_);
    if (policy_flags_.path.empty()) {
      input_.Fail(path_ + ": there are no policies.cedar or policies.json beside it");
      return false;
    }
    policies_ = policy_flags_.Read(&input_);
    if (!policies_) return false;
    if (file->schema) {
      const auto problem = ValidationProblem(input_.sources(), *file->schema, *policies_);
      errors_ << problem;
      if (!problem.empty()) return false;
    }
    auto program = CompileProgram(&input_, *policies_);
    if (!program) return false;
    TestRunner runner(*std::move(program), *file);
    TestTracer tracer(input_.sources(), *policies_, *file);
    // What no test runs counts as not reached.
    if (choice_.covers && !tracer.Declare(&report->coverage)) {
      input_.Fail(path_ + ": there is no memory for what the tests reach");
      return false;
    }
    for (const TestCase& test : file->tests) {
      if (choice_.filter != nullptr &&
          !RE2::PartialMatch(path_ + ": " + test.name, *choice_.filter))
        continue;
      report->tests.push_back(RunOne(&runner, &tracer, test));
      if (choice_.covers) tracer.Cover(test, &report->coverage);
    }
    return true;
  }

  TestReport RunOne(TestRunner* runner, TestTracer* tracer, const TestCase& test) {
    TestReport report{test.name, runner->Run(test), {}};
    TestResult& result = report.result;
    if (result.state == TestResult::State::kPassed && !test.near.empty()) {
      // What would have made the other decision.
      const auto effect = result.is_allow ? cedar::Effect::kForbid : cedar::Effect::kPermit;
      report.near = tracer->NearMisses(test, effect, kNearestPolicies);
      CompareNear(test, report.near, &result);
      const bool passed = result.state == TestResult::State::kPassed;
      report.near.resize(passed ? 0 : std::min(kNearMisses, report.near.size()));
    }
    if (result.state != TestResult::State::kFailed || result.is_allow == test.is_allow) {
      return report;
    }
    // What forbids has to go first; more permits would change nothing.
    if (test.is_allow && !result.determining.empty()) return report;
    const auto effect = test.is_allow ? cedar::Effect::kPermit : cedar::Effect::kForbid;
    report.near = tracer->NearMisses(test, effect, kNearMisses);
    return report;
  }

  std::string path_;
  const TestChoice& choice_;
  PolicyFlags policy_flags_;
  std::ostringstream errors_;
  Input input_{errors_};
  std::optional<PolicySet> policies_;
};

}  // namespace

Result<std::vector<std::string>> FindTestFiles(const std::vector<std::string>& paths) {
  std::set<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      return Error{ErrorCode::kUnreadableFile, path + ": there is no such file or folder"};
    }
    if (!fs::is_directory(status)) {
      files.insert(fs::path(path).lexically_normal().string());
      continue;
    }
    auto entry = fs::recursive_directory_iterator(path, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (!IsTestFile(entry->path())) continue;
      std::error_code unknown;
      if (entry->is_regular_file(unknown)) {
        files.insert(entry->path().lexically_normal().string());
      }
    }
    if (error) {
      return Error{ErrorCode::kUnreadableFile,
                   path + ": this folder cannot be read: " + error.message()};
    }
  }
  return std::vector<std::string>(files.begin(), files.end());
}

FileReport RunTestFile(const std::string& path, const TestChoice& choice) {
  return FileRunner(path, choice).Run();
}

}  // namespace assay::cli
