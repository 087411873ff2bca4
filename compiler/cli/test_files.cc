#include "compiler/cli/test_files.h"

#include <filesystem>
#include <mutex>
#include <set>
#include <sstream>
#include <utility>

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNearMisses = 3;

bool IsTestFile(const fs::path& path) {
  constexpr std::string_view kName = "tests.json";
  const std::string name = path.filename().string();
  if (name.size() < kName.size()) return false;
  const std::size_t at = name.size() - kName.size();
  return name.compare(at, kName.size(), kName) == 0 && (at == 0 || name[at - 1] == '.');
}

std::string DefaultPolicies(const std::string& test_file) {
  const fs::path folder = fs::path(test_file).parent_path();
  for (const fs::path& place : {folder, folder / ".."}) {
    for (const char* name : {"policies.cedar", "policies.json", "policy.cedar"}) {
      const fs::path path = (place / name).lexically_normal();
      std::error_code error;
      if (fs::is_regular_file(path, error)) return path.string();
    }
  }
  return "";
}

// ANTLR's runtime before 4.10 writes caches that all parsers share, not all of them under a lock,
// so one thread parses at a time.
std::mutex& ParserMutex() {
  static std::mutex mutex;
  return mutex;
}

// One file; its errors go to `errors`, not to the screen, where other files have theirs.
class FileRunner {
 public:
  FileRunner(std::string path, const PolicyFlags& policies, const RE2* filter)
      : path_(std::move(path)), flags_(policies), filter_(filter) {}

  FileReport Run() {
    FileReport report{path_, "", {}};
    if (!RunTests(&report)) report.problem = errors_.str();
    return report;
  }

 private:
  bool RunTests(FileReport* report) {
    const auto file = ReadTests(&input_, path_);
    if (!input_.Check() || !file) return false;
    if (flags_.path.empty()) flags_.path = file->policies;
    if (flags_.path.empty()) flags_.path = DefaultPolicies(path_);
    if (flags_.path.empty()) {
      errors_ << "error: " << path_ << ": there are no policies.cedar or policies.json beside it\n";
      return false;
    }
    {
      const std::scoped_lock lock(ParserMutex());
      policies_ = flags_.Read(&input_);
    }
    if (!policies_) return false;
    Result<Program> program = policies_->Compile();
    if (!program.ok()) {
      errors_ << "error: " << program.error().message << "\n";
      return false;
    }
    TestRunner runner(std::move(program).value(), *file);
    for (const TestCase& test : file->tests) {
      if (filter_ != nullptr && !RE2::PartialMatch(path_ + ": " + test.name, *filter_)) continue;
      report->tests.push_back(RunOne(&runner, *file, test));
    }
    return true;
  }

  TestReport RunOne(TestRunner* runner, const TestFile& file, const TestCase& test) {
    TestReport report{test.name, runner->Run(test), {}};
    const TestResult& result = report.result;
    if (result.state != TestResult::State::kFailed || result.is_allow == test.is_allow) {
      return report;
    }
    // What forbids has to go first; more permits would change nothing.
    if (test.is_allow && !result.determining.empty()) return report;
    const auto effect = test.is_allow ? cedar::Effect::kPermit : cedar::Effect::kForbid;
    const std::scoped_lock lock(ParserMutex());
    report.near = FindNearMisses(input_.sources(), *policies_, file.entities[test.entities],
                                 test.request, effect, kNearMisses);
    return report;
  }

  std::string path_;
  PolicyFlags flags_;
  const RE2* filter_;
  std::ostringstream errors_;
  Input input_{errors_};
  std::optional<PolicySet> policies_;
};

}  // namespace

std::optional<std::vector<std::string>> FindTestFiles(const std::vector<std::string>& paths) {
  std::set<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      PrintError(path + ": there is no such file or folder");
      return std::nullopt;
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
      PrintError(path + ": this folder cannot be read: " + error.message());
      return std::nullopt;
    }
  }
  return std::vector<std::string>(files.begin(), files.end());
}

FileReport RunTestFile(const std::string& path, const PolicyFlags& policies, const RE2* filter) {
  return FileRunner(path, policies, filter).Run();
}

}  // namespace assay::cli
