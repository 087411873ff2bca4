#include "compiler/cli/coverage_report.h"

#include <algorithm>
#include <map>

#include "compiler/cli/json_text.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

// Places in one text.
class Lines {
 public:
  explicit Lines(const std::string& text) {
    source_ = sources_.Add("", text);
    count_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
             (text.empty() || text.back() == '\n' ? 0 : 1);
  }

  std::size_t count() const { return count_; }
  LineColumn Locate(std::uint32_t offset) const { return sources_.Locate(source_, offset); }

 private:
  Sources sources_;
  std::uint32_t source_ = 0;
  std::size_t count_ = 0;
};

// What is said of one line of a source.
struct LineNotes {
  std::size_t outcomes = 0, reached = 0;
  std::vector<std::string> missing;

  char mark() const {
    if (outcomes == 0) return ' ';
    if (reached == outcomes) return '+';
    return reached == 0 ? '-' : '~';
  }
};

std::map<std::uint32_t, LineNotes> NotesOf(const SourceCoverage& source, const Lines& lines) {
  std::map<std::uint32_t, LineNotes> notes;
  const auto add = [&](std::uint32_t begin, std::size_t outcomes, std::size_t reached,
                       const std::string& name, const std::string& missing) {
    LineNotes& note = notes[lines.Locate(begin).line];
    note.outcomes += outcomes;
    note.reached += reached;
    if (!missing.empty()) note.missing.push_back(name + ": " + missing);
  };
  for (const PolicyCoverage& policy : source.policies) {
    add(policy.begin, 1, policy.satisfied > 0 ? 1 : 0, "`" + policy.id + "`", Missing(policy));
    for (const ClauseCoverage& clause : policy.clauses) {
      add(clause.begin, 2, clause.reached(), clause.text, Missing(clause));
    }
  }
  return notes;
}

std::string SourceText(const SourceCoverage& source) {
  const Lines lines(source.text);
  const auto notes = NotesOf(source, lines);
  std::string out;
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line <= lines.count(); ++line) {
    const std::size_t end = std::min(source.text.find('\n', begin), source.text.size());
    const auto note = notes.find(line);
    const std::string number = std::to_string(line);
    out += std::string(5 - std::min<std::size_t>(5, number.size()), ' ') + number + " " +
           (note == notes.end() ? ' ' : note->second.mark()) + " | " +
           Printable(source.text.substr(begin, end - begin)) + "\n";
    if (note != notes.end()) {
      for (const std::string& missing : note->second.missing) {
        out += "        > " + Printable(missing) + "\n";
      }
    }
    begin = end + 1;
  }
  return out;
}

std::string Summary(std::size_t reached, std::size_t outcomes) {
  return Percent(reached, outcomes) + " (" + std::to_string(reached) + " of " +
         std::to_string(outcomes) + " outcomes)";
}

std::string Counts(const char* first, std::uint64_t a, const char* second, std::uint64_t b,
                   std::uint64_t failed) {
  return std::string("\"") + first + "\":" + std::to_string(a) + ",\"" + second +
         "\":" + std::to_string(b) + ",\"error\":" + std::to_string(failed);
}

std::string PolicyJson(const std::string& name, const PolicyCoverage& policy, const Lines& lines) {
  const auto clause_json = [&](const ClauseCoverage& clause) {
    const LineColumn place = lines.Locate(clause.begin);
    return "{\"text\":" + JsonText(clause.text) + ",\"line\":" + std::to_string(place.line) +
           ",\"column\":" + std::to_string(place.column) + "," +
           Counts("true", clause.was_true, "false", clause.was_false, clause.failed) + "}";
  };
  return "{\"file\":" + JsonText(name) + ",\"policy\":" + JsonText(policy.id) +
         ",\"line\":" + std::to_string(lines.Locate(policy.begin).line) + "," +
         Counts("satisfied", policy.satisfied, "notSatisfied", policy.not_satisfied,
                policy.failed) +
         ",\"clauses\":" + JsonList(policy.clauses, clause_json) + "}";
}

// Names and paths stand alone on their lines.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == ','; }, ' ');
  return text;
}

std::string SourceLcov(const std::string& name, const SourceCoverage& source) {
  const Lines lines(source.text);
  std::string functions, hits, branches;
  std::map<std::uint32_t, std::uint64_t> asked;  // by line
  std::size_t reached_functions = 0, reached_branches = 0, block = 0;
  const auto at = [&](std::uint32_t begin) { return std::to_string(lines.Locate(begin).line); };
  for (const PolicyCoverage& policy : source.policies) {
    const std::string id = OneLine(policy.id);
    functions += "FN:" + at(policy.begin) + "," + id + "\n";
    hits += "FNDA:" + std::to_string(policy.satisfied) + "," + id + "\n";
    reached_functions += policy.satisfied > 0 ? 1 : 0;
    std::uint64_t& runs = asked[lines.Locate(policy.begin).line];
    runs += policy.satisfied + policy.not_satisfied + policy.failed;
    for (const ClauseCoverage& clause : policy.clauses) {
      asked[lines.Locate(clause.begin).line] += clause.asked();
      const std::uint64_t taken[] = {clause.was_true, clause.was_false};
      for (std::size_t side = 0; side < 2; ++side) {
        branches += "BRDA:" + at(clause.begin) + "," + std::to_string(block) + "," +
                    std::to_string(side) + "," +
                    (clause.asked() == 0 ? "-" : std::to_string(taken[side])) + "\n";
      }
      ++block;  // never one number twice: policies may share a line
      reached_branches += clause.reached();
    }
  }
  std::string out = "SF:" + OneLine(name) + "\n" + functions + hits +
                    "FNF:" + std::to_string(source.policies.size()) +
                    "\nFNH:" + std::to_string(reached_functions) + "\n" + branches +
                    "BRF:" + std::to_string(2 * block) +
                    "\nBRH:" + std::to_string(reached_branches) + "\n";
  std::size_t reached_lines = 0;
  for (const auto& [line, count] : asked) {
    out += "DA:" + std::to_string(line) + "," + std::to_string(count) + "\n";
    reached_lines += count > 0 ? 1 : 0;
  }
  return out + "LF:" + std::to_string(asked.size()) + "\nLH:" + std::to_string(reached_lines) +
         "\nend_of_record\n";
}

}  // namespace

std::string Missing(const ClauseCoverage& clause) {
  if (clause.asked() == 0) return "never asked";
  if (clause.reached() == 0) return "only failed";
  if (clause.was_true == 0) return "never true";
  return clause.was_false == 0 ? "never false" : "";
}

std::string Missing(const PolicyCoverage& policy) {
  if (policy.satisfied > 0) return "";
  return policy.not_satisfied + policy.failed == 0 ? "no request is in its scope"
                                                   : "never satisfied";
}

std::string Percent(std::size_t reached, std::size_t outcomes) {
  const std::size_t tenths = outcomes == 0 ? 1000 : 1000 * reached / outcomes;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string CoverageText(const Coverage& coverage) {
  std::string out;
  for (const auto& [name, source] : coverage.sources()) {
    out += Printable(name) + ": " + Summary(source.reached(), source.outcomes()) + "\n" +
           SourceText(source);
  }
  return out + "coverage: " + Summary(coverage.reached(), coverage.outcomes()) + "\n";
}

std::string CoverageJson(const Coverage& coverage) {
  std::string out = "{\"reached\":" + std::to_string(coverage.reached()) +
                    ",\"outcomes\":" + std::to_string(coverage.outcomes()) + ",\"policies\":[";
  const char* separator = "\n";
  for (const auto& [name, source] : coverage.sources()) {
    const Lines lines(source.text);
    for (const PolicyCoverage& policy : source.policies) {
      out += separator + PolicyJson(name, policy, lines);
      separator = ",\n";
    }
  }
  return out + "]}\n";
}

std::string CoverageLcov(const Coverage& coverage) {
  std::string out = "TN:\n";
  for (const auto& [name, source] : coverage.sources()) out += SourceLcov(name, source);
  return out;
}

}  // namespace assay::cli
