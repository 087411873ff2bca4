#include "compiler/cli/test_report.h"

#include <iostream>
#include <sstream>
#include <utility>

#include "compiler/cli/clause_report.h"
#include "compiler/cli/json_text.h"
#include "compiler/cli/markup.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

using State = TestResult::State;

Totals Count(const std::vector<FileReport>& reports) {
  Totals totals;
  for (const FileReport& file : reports) {
    totals.failed += file.problem.empty() ? 0 : 1;
    for (const TestReport& test : file.tests) {
      ++(test.result.state == State::kPassed ? totals.passed : totals.failed);
    }
  }
  return totals;
}

std::string StateText(State state) {
  switch (state) {
    case State::kPassed: return "passed";
    case State::kFailed: return "failed";
    case State::kBroken: break;
  }
  return "error";
}

std::string Indented(const std::string& text) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) out += "      " + line + "\n";
  return out;
}

// What is said of a test that did not pass, several lines.
std::string Explanation(const TestReport& test) {
  if (test.result.state == State::kBroken) return test.result.why;
  std::string out = Printable(test.result.why) + "\n";
  if (!test.result.determining.empty()) {
    out += test.result.is_allow ? "permitted by" : "forbidden by";
    for (const std::string& id : test.result.determining) out += " `" + Printable(id) + "`";
    out += "\n";
  }
  return out + NearMissText(test.near, test.result.is_allow);
}

void PrintHuman(const std::vector<FileReport>& reports, const Totals& totals) {
  for (const FileReport& file : reports) {
    const std::string path = Printable(file.path);
    if (!file.problem.empty()) std::cout << "ERROR " << path << "\n" << Indented(file.problem);
    for (const TestReport& test : file.tests) {
      const State state = test.result.state;
      std::cout << (state == State::kPassed   ? "ok    "
                    : state == State::kFailed ? "FAIL  "
                                              : "ERROR ")
                << path << ": " << Printable(test.name) << "\n";
      if (state != State::kPassed) std::cout << Indented(Explanation(test));
    }
  }
  std::cout << totals.passed << " passed, " << totals.failed << " failed\n";
}

// --- JSON

std::string TestJson(const std::string& file, const TestReport& test) {
  const State state = test.result.state;
  std::string out = "{\"file\":" + JsonText(file) + ",\"name\":" + JsonText(test.name) +
                    ",\"result\":\"" + StateText(state) + "\"";
  if (state == State::kPassed) return out + "}";
  return out + ",\"why\":" + JsonText(test.result.why) +
         ",\"determining\":" + JsonTexts(test.result.determining) +
         ",\"near\":" + JsonList(test.near, NearMissJson) + "}";
}

// A test a line.
void PrintJson(const std::vector<FileReport>& reports, const Totals& totals) {
  std::cout << "{\"passed\":" << totals.passed << ",\"failed\":" << totals.failed << ",\"tests\":[";
  const char* separator = "\n";
  const auto print = [&separator](const std::string& test) {
    std::cout << std::exchange(separator, ",\n") << test;
  };
  for (const FileReport& file : reports) {
    if (!file.problem.empty()) {
      print("{\"file\":" + JsonText(file.path) +
            ",\"result\":\"error\",\"why\":" + JsonText(file.problem) + "}");
    }
    for (const TestReport& test : file.tests) print(TestJson(file.path, test));
  }
  std::cout << "]}\n";
}

// --- JUnit

void PrintCase(const FileReport& file, const std::string& name, State state,
               const std::string& message, const std::string& text) {
  std::cout << "    <testcase classname=\"" << Markup(file.path) << "\" name=\"" << Markup(name)
            << "\"";
  if (state == State::kPassed) {
    std::cout << "/>\n";
    return;
  }
  const char* tag = state == State::kFailed ? "failure" : "error";
  std::cout << ">\n      <" << tag << " message=\"" << Markup(message) << "\">" << Markup(text)
            << "</" << tag << ">\n    </testcase>\n";
}

void PrintJUnit(const std::vector<FileReport>& reports) {
  std::cout << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const FileReport& file : reports) {
    std::size_t failures = 0, errors = file.problem.empty() ? 0 : 1;
    for (const TestReport& test : file.tests) {
      failures += test.result.state == State::kFailed ? 1 : 0;
      errors += test.result.state == State::kBroken ? 1 : 0;
    }
    const std::size_t count = file.tests.size() + (file.problem.empty() ? 0 : 1);
    std::cout << "  <testsuite name=\"" << Markup(file.path) << "\" tests=\"" << count
              << "\" failures=\"" << failures << "\" errors=\"" << errors << "\">\n";
    if (!file.problem.empty()) {
      PrintCase(file, file.path, State::kBroken, "the file could not be run", file.problem);
    }
    for (const TestReport& test : file.tests) {
      const bool is_failure = test.result.state == State::kFailed;
      PrintCase(file, test.name, test.result.state,
                is_failure ? test.result.why : "the test could not be run", Explanation(test));
    }
    std::cout << "  </testsuite>\n";
  }
  std::cout << "</testsuites>\n";
}

}  // namespace

Totals PrintReports(const std::vector<FileReport>& reports, TestFormat format) {
  const Totals totals = Count(reports);
  switch (format) {
    case TestFormat::kHuman: PrintHuman(reports, totals); break;
    case TestFormat::kJson: PrintJson(reports, totals); break;
    case TestFormat::kJUnit: PrintJUnit(reports); break;
  }
  return totals;
}

}  // namespace assay::cli
