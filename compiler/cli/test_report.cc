#include "compiler/cli/test_report.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/escape.h"
#include "engine/base/utf8.h"

namespace assay::cli {

namespace {

using Json = nlohmann::ordered_json;
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

std::string NearText(const std::vector<NearMiss>& near, bool is_allow) {
  std::string out;
  for (const NearMiss& miss : near) {
    out += "near: `" + Printable(miss.policy) + "` would " + (is_allow ? "forbid" : "permit") +
           ", but\n";
    for (const Clause& clause : miss.clauses) {
      out += "  " + (clause.place.empty() ? "" : Printable(clause.place) + ": ") +
             Printable(clause.text) + " " + Printable(clause.verdict) + "\n";
      for (const std::string& value : clause.values) out += "    " + Printable(value) + "\n";
    }
  }
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
  return out + NearText(test.near, test.result.is_allow);
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

Json ClauseJson(const Clause& clause) {
  Json json = {{"text", clause.text}, {"verdict", clause.verdict}, {"values", clause.values}};
  if (!clause.place.empty()) json["place"] = clause.place;
  return json;
}

Json TestJson(const FileReport& file, const TestReport& test) {
  Json json = {{"file", file.path}, {"name", test.name}, {"result", StateText(test.result.state)}};
  if (test.result.state == State::kPassed) return json;
  json["why"] = test.result.why;
  json["determining"] = test.result.determining;
  json["near"] = Json::array();
  for (const NearMiss& miss : test.near) {
    Json clauses = Json::array();
    for (const Clause& clause : miss.clauses) clauses.push_back(ClauseJson(clause));
    json["near"].push_back({{"policy", miss.policy}, {"clauses", clauses}});
  }
  return json;
}

void PrintJson(const std::vector<FileReport>& reports, const Totals& totals) {
  Json tests = Json::array();
  for (const FileReport& file : reports) {
    if (!file.problem.empty()) {
      tests.push_back({{"file", file.path}, {"result", "error"}, {"why", file.problem}});
    }
    for (const TestReport& test : file.tests) tests.push_back(TestJson(file, test));
  }
  const Json json = {{"passed", totals.passed}, {"failed", totals.failed}, {"tests", tests}};
  std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

// --- JUnit

std::string Xml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    i += next.length;
    switch (next.code_point) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      // Other control characters cannot be written in XML at all.
      default:
        utf8::Append(utf8::IsUnsafeToPrint(next.code_point) ? U'\uFFFD' : next.code_point, &out);
    }
  }
  return out;
}

void PrintCase(const FileReport& file, const std::string& name, State state,
               const std::string& message, const std::string& text) {
  std::cout << "    <testcase classname=\"" << Xml(file.path) << "\" name=\"" << Xml(name) << "\"";
  if (state == State::kPassed) {
    std::cout << "/>\n";
    return;
  }
  const char* tag = state == State::kFailed ? "failure" : "error";
  std::cout << ">\n      <" << tag << " message=\"" << Xml(message) << "\">" << Xml(text) << "</"
            << tag << ">\n    </testcase>\n";
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
    std::cout << "  <testsuite name=\"" << Xml(file.path) << "\" tests=\"" << count
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

Totals PrintReports(const std::vector<FileReport>& reports, const std::string& format) {
  const Totals totals = Count(reports);
  if (format == "json") {
    PrintJson(reports, totals);
  } else if (format == "junit") {
    PrintJUnit(reports);
  } else {
    PrintHuman(reports, totals);
  }
  return totals;
}

}  // namespace assay::cli
