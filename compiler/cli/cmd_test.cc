// policyc test: finds the tests under some paths, runs them, and says why one fails.
#include <re2/re2.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>

#include "compiler/cli/command.h"
#include "compiler/cli/coverage_report.h"
#include "compiler/cli/input.h"
#include "compiler/cli/replace_file.h"
#include "compiler/cli/test_files.h"
#include "compiler/cli/test_report.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

struct Flags {
  std::vector<std::string> paths;
  PolicyFlags policies;
  SchemaFlags schema;
  std::string filter;
  TestFormat format = TestFormat::kHuman;
  bool watch = false;                 // goes on, and runs again when something changed
  std::optional<std::uint32_t> jobs;  // nothing: as many as there are processors
  bool coverage = false;              // as text after the results
  std::string coverage_json, coverage_lcov, coverage_html;  // files to write
  std::optional<std::uint32_t> fail_under;                  // of 100

  bool covers() const {
    return coverage || fail_under || !(coverage_json + coverage_lcov + coverage_html).empty();
  }
};

FileReport RunGuarded(const std::string& path, const TestChoice& choice) {
  try {
    return RunTestFile(path, choice);
  } catch (const std::exception& error) {
    return {path, std::string("error: ") + error.what() + "\n", {}, {}, {}};
  }
}

// Each file by one thread; the reports are in the order of the files.
std::vector<FileReport> RunAll(const std::vector<std::string>& files, const TestChoice& choice,
                               std::size_t jobs) {
  std::vector<FileReport> reports(files.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      reports[i] = RunGuarded(files[i], choice);
    }
  };
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < std::min(jobs, files.size())) others.emplace_back(work);
  } catch (const std::exception&) {
    // There are no more threads to be had: those that there are do the work, this one at least.
  }
  work();
  for (std::thread& other : others) other.join();
  return reports;
}

// False, after an error was printed, if it cannot be written or is too little.
bool ReportCoverage(const std::vector<FileReport>& reports, const Flags& flags) {
  Coverage coverage;
  for (const FileReport& report : reports) coverage.Merge(report.coverage);
  if (flags.coverage) std::cout << CoverageText(coverage);
  const auto write = [&](const std::string& path, std::string (*text)(const Coverage&)) {
    return path.empty() || ReplaceFile(path, text(coverage));
  };
  if (!write(flags.coverage_json, CoverageJson) || !write(flags.coverage_lcov, CoverageLcov) ||
      !write(flags.coverage_html, CoverageHtml)) {
    return false;
  }
  if (100 * coverage.reached() >= flags.fail_under.value_or(0) * coverage.outcomes()) return true;
  PrintError("the tests reach " + Percent(coverage.reached(), coverage.outcomes()) +
             " of the policies, which is under " + std::to_string(*flags.fail_under) + " %");
  return false;
}

// What was run, and what it was made of.
struct Round {
  int exit_code = kFailure;
  std::vector<std::string> files;
  Stamps read;
};

std::vector<std::string> PathsOf(const Flags& flags) {
  return flags.paths.empty() ? std::vector<std::string>{"."} : flags.paths;
}

Round Run(const Flags& flags, const RE2* filter) {
  Round round;
  Result<std::vector<std::string>> found = FindTestFiles(PathsOf(flags));
  if (!found.ok()) {
    PrintError(found.error().message);
    return round;
  }
  round.files = std::move(found).value();
  const TestChoice choice{flags.policies, flags.schema, filter, flags.covers()};
  const std::size_t jobs = flags.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
  const std::vector<FileReport> reports = RunAll(round.files, choice, jobs);
  for (const FileReport& report : reports) round.read.Merge(report.read);
  const Totals totals = PrintReports(reports, flags.format);
  if (totals.passed + totals.failed == 0) {
    if (round.files.empty()) {
      PrintError(
          "no tests were found: they are in files called tests.json or NAME.tests.json, or .yaml "
          "instead",
          &std::cerr, "`policyc new -n NAME` makes a folder with some to begin with");
    } else {
      PrintError("there is no test to run");
    }
    return round;
  }
  const bool is_covered = !flags.covers() || ReportCoverage(reports, flags);
  round.exit_code = totals.failed == 0 && is_covered ? kSuccess : kFailure;
  return round;
}

// What is different from when the round was run, for people; "" if nothing is.
std::string Difference(const Round& round, const std::vector<std::string>& paths) {
  if (const auto path = round.read.Changed()) return *path;
  const Result<std::vector<std::string>> found = FindTestFiles(paths);
  const auto files = found.ok() ? found.value() : std::vector<std::string>();
  return files == round.files ? "" : "the test files";
}

// Until somebody stops the program. Looking at files now and then sees each change on each file
// system, also those of other machines, and costs a call a file.
[[noreturn]] void Watch(const Flags& flags, const RE2* filter) {
  constexpr auto kPause = std::chrono::milliseconds(30);
  const std::vector<std::string> paths = PathsOf(flags);
  for (;;) {
    const Round round = Run(flags, filter);
    std::cout << "watching" << std::endl;  // Flushed, as nothing more may come for long.
    std::string difference;
    while (difference.empty()) {
      std::this_thread::sleep_for(kPause);
      difference = Difference(round, paths);
    }
    std::cout << "\nchanged: " << Printable(difference) << "\n";
  }
}

int Test(const Flags& flags) {
  if (flags.coverage && flags.format != TestFormat::kHuman) {
    PrintError(
        "--coverage is text for people; beside --format json and junit there are "
        "--coverage-json, --coverage-lcov and --coverage-html");
    return kFailure;
  }
  std::unique_ptr<RE2> filter;
  if (!flags.filter.empty()) {
    filter = std::make_unique<RE2>(flags.filter, RE2::Quiet);
    if (!filter->ok()) {
      PrintError("--filter is no regular expression: " + filter->error());
      return kFailure;
    }
  }
  if (flags.watch) Watch(flags, filter.get());
  return Run(flags, filter.get()).exit_code;
}

void Declare(Command* command, Flags* flags) {
  command->Texts("paths", &flags->paths,
                 "Files with tests, or folders to look for tests.json and NAME.tests.json in, or "
                 ".yaml instead; this folder if none is given");
  flags->policies.AddTextTo(command);
  flags->schema.AddTo(command);
  command->Text("--filter", &flags->filter,
                "Run only tests whose `FILE: NAME` has a match of this regular expression");
  command->Choice(
      "--format", &flags->format,
      {{"human", TestFormat::kHuman}, {"json", TestFormat::kJson}, {"junit", TestFormat::kJUnit}},
      "What to print");
  command->Flag("--watch", &flags->watch,
                "Run the tests again whenever a file that they use changes, until stopped");
  command->Flag("--coverage", &flags->coverage,
                "Show on the policies' text what the tests reach: whether each policy was "
                "satisfied, and each clause true and false");
  command->Text("--coverage-json", &flags->coverage_json, "A file to write that to as JSON");
  command->Text("--coverage-lcov", &flags->coverage_lcov, "A tracefile to write for LCOV");
  command->Text("--coverage-html", &flags->coverage_html, "A page to write for browsers");
  command
      ->Number("--fail-under", &flags->fail_under,
               "Fail if less than this many percent are reached")
      .Between(0, 100);
  command->Number("-j,--jobs", &flags->jobs, "Files to run at the same time").Between(1, 1024);
}

}  // namespace

void AddTest(Command* app) { app->Add<Flags>("test", "Run the tests under paths", Declare, Test); }

}  // namespace assay::cli
