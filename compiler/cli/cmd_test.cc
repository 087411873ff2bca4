// policyc test: finds the tests under some paths, runs them, and says why one fails.
#include <re2/re2.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/test_files.h"
#include "compiler/cli/test_report.h"

namespace assay::cli {

namespace {

struct Flags {
  std::vector<std::string> paths;
  PolicyFlags policies;
  std::string filter, format = "human";
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

FileReport RunGuarded(const std::string& path, const Flags& flags, const RE2* filter) {
  try {
    return RunTestFile(path, flags.policies, filter);
  } catch (const std::exception& error) {
    return {path, std::string("error: ") + error.what() + "\n", {}};
  }
}

// Each file by one thread; the reports are in the order of the files.
std::vector<FileReport> RunAll(const std::vector<std::string>& files, const Flags& flags,
                               const RE2* filter) {
  std::vector<FileReport> reports(files.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      reports[i] = RunGuarded(files[i], flags, filter);
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < flags.jobs && i < files.size(); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return reports;
}

int Test(Flags flags) {
  std::unique_ptr<RE2> filter;
  if (!flags.filter.empty()) {
    filter = std::make_unique<RE2>(flags.filter, RE2::Quiet);
    if (!filter->ok()) {
      PrintError("--filter is no regular expression: " + filter->error());
      return kFailure;
    }
  }
  if (flags.paths.empty()) flags.paths.emplace_back(".");
  const auto files = FindTestFiles(flags.paths);
  if (!files) return kFailure;
  const std::vector<FileReport> reports = RunAll(*files, flags, filter.get());
  const Totals totals = PrintReports(reports, flags.format);
  if (totals.passed + totals.failed == 0) {
    PrintError(files->empty() ? "no tests were found: they are in files called tests.json or "
                                "NAME.tests.json"
                              : "there is no test to run");
    return kFailure;
  }
  return totals.failed == 0 ? kSuccess : kFailure;
}

}  // namespace

void AddTest(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("test", "Run the tests under paths");
  auto flags = std::make_shared<Flags>();
  command->add_option("paths", flags->paths,
                      "Files with tests, or folders to look for tests.json and NAME.tests.json in; "
                      "this folder if none is given");
  flags->policies.AddTo(command);
  command->add_option("--filter", flags->filter,
                      "Run only tests whose `FILE: NAME` has a match of this regular expression");
  command->add_option("--format", flags->format, "human, json or junit")
      ->capture_default_str()
      ->check(CLI::IsMember({"human", "json", "junit"}));
  command->add_option("-j,--jobs", flags->jobs, "Files to run at the same time")
      ->check(CLI::Range(1U, 1024U));
  command->callback([flags, run] { *run = [flags] { return Test(*flags); }; });
}

}  // namespace assay::cli
