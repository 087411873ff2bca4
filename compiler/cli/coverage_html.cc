// Coverage as one page: each source, with clauses in the colour of what they came to.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/cli/coverage_report.h"
#include "compiler/cli/markup.h"

namespace assay::cli {

namespace {

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Coverage of policies</title>
<style>
:root { color-scheme: light dark; --all: #d7f0d9; --some: #fdeebb; --none: #f9d5d0; --line: #8884;
        --some-line: #94700a; --none-line: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --all: #1d4426; --some: #5a4a10; --none: #5f231c; --some-line: #e0b93c; --none-line: #ff8a80; }
}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:first-child { overflow-wrap: anywhere; }
@media (max-width: 40rem) { th, td { padding: .25rem .3rem; } }
meter { width: min(10rem, 20vw); height: 1rem; vertical-align: middle; }
pre { font: 13px/1.6 ui-monospace, monospace; padding: .75rem 1rem; border: 1px solid var(--line);
      border-radius: .5rem; overflow-x: auto; counter-reset: line; }
.l { counter-increment: line; }
.l::before { content: counter(line); display: inline-block; width: 2.5em; margin-right: 1.5em;
             text-align: right; opacity: .65; }
pre i { margin-left: 4em; opacity: .8; }
a mark { text-decoration: inherit; }
mark { color: inherit; border-radius: .2rem; padding: .1rem 0; }
/* Told apart by lines as well, for those who do not see the colours. */
.all { background: var(--all); }
.some { background: var(--some); border-bottom: 2px dashed var(--some-line); }
.none { background: var(--none); border-bottom: 2px solid var(--none-line); }
:target { outline: 2px solid var(--some-line); }
</style>
</head>
<body>
<h1>Coverage of policies</h1>
<p>A policy should be satisfied by some test, and each clause be true in one and false in another:
<mark class="all">both</mark>, <mark class="some">one of the two</mark>,
<mark class="none">neither</mark>.</p>
)";

std::string Times(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " time" : " times");
}

std::string Counts(const ClauseCoverage& clause) {
  std::string counts = "true " + Times(clause.was_true) + ", false " + Times(clause.was_false);
  if (clause.failed > 0) counts += ", failed " + Times(clause.failed);
  return counts;
}

// The text of one source: lines with numbers, clauses in their colours, and below a line what is
// missing of the clauses and policies that begin on it.
class Listing {
 public:
  Listing(const SourceCoverage& source, const std::string& prefix) : text_(source.text) {
    std::size_t number = 0;
    for (const PolicyCoverage& policy : source.policies) {
      parts_.push_back({policy.begin, policy.begin, prefix + std::to_string(number++), nullptr,
                        Note("`" + policy.id + "`", Missing(policy))});
      for (const ClauseCoverage& clause : policy.clauses) {
        parts_.push_back(
            {clause.begin, clause.end, "", &clause, Note(clause.text, Missing(clause))});
      }
    }
    std::stable_sort(parts_.begin(), parts_.end(),
                     [](const Part& a, const Part& b) { return a.begin < b.begin; });
  }

  std::string Make() {
    BeginLine();
    std::size_t at = 0;
    for (const Part& part : parts_) {
      if (part.begin < at) continue;
      Put(text_.substr(at, part.begin - at), nullptr);
      if (!part.anchor.empty()) out_ += "<a id=\"" + part.anchor + "\"></a>";
      notes_ += part.note;
      Put(text_.substr(part.begin, part.end - part.begin), part.clause);
      at = part.end;
    }
    const std::string_view rest = text_.substr(at);
    Put(rest.substr(0, rest.size() - (rest.ends_with('\n') ? 1 : 0)), nullptr);
    EndLine();
    return std::move(out_);
  }

 private:
  struct Part {
    std::size_t begin, end;
    std::string anchor;  // of a policy, which has no text; or ""
    const ClauseCoverage* clause;
    std::string note;
  };

  static std::string Note(const std::string& name, const std::string& missing) {
    return missing.empty() ? "" : "\n<i>" + Markup(name) + ": " + missing + "</i>";
  }

  void BeginLine() { out_ += "<span class=\"l\"></span>"; }
  void EndLine() { out_ += std::exchange(notes_, ""); }

  void Put(std::string_view part, const ClauseCoverage* clause) {
    for (;;) {
      const std::size_t end = part.find('\n');
      PutLine(part.substr(0, end), clause);
      if (end == std::string_view::npos) return;
      EndLine();
      out_ += "\n";
      BeginLine();
      part.remove_prefix(end + 1);
    }
  }

  // The white space before a clause's further lines is no part of it.
  void PutLine(std::string_view line, const ClauseCoverage* clause) {
    constexpr const char* kClasses[] = {"none", "some", "all"};
    const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
    if (clause == nullptr || begin == line.size()) {
      out_ += Markup(line);
      return;
    }
    out_ += Markup(line.substr(0, begin)) + "<mark class=\"" + kClasses[clause->reached()] +
            "\" title=\"" + Counts(*clause) + "\">" + Markup(line.substr(begin)) + "</mark>";
  }

  std::string_view text_;
  std::vector<Part> parts_;
  std::string out_, notes_;
};

std::string Row(const std::string& name, std::size_t reached, std::size_t outcomes) {
  const std::size_t most = std::max<std::size_t>(outcomes, 1);
  const std::string all = std::to_string(most);
  const std::string some = outcomes == 0 ? "1" : std::to_string(reached);
  // Green if all are reached, red if less than half.
  return "<tr><td>" + name + "</td><td><meter max=\"" + all + "\" low=\"" +
         std::to_string(most / 2) + "\" high=\"" + std::to_string(most - 1) + ".5\" optimum=\"" +
         all + "\" value=\"" + some + "\">" + some + " of " + all +
         "</meter></td><td class=\"number\">" + Percent(reached, outcomes) +
         "</td><td class=\"number\">" + std::to_string(reached) + " of " +
         std::to_string(outcomes) + "</td></tr>\n";
}

std::string Policies(const SourceCoverage& source, const std::string& prefix) {
  std::string out =
      "<table>\n<tr><th>Policy</th><th class=\"number\">Satisfied</th><th class=\"number\">Not "
      "satisfied</th><th class=\"number\">Failed</th><th class=\"number\">Outcomes</th></tr>\n";
  const auto number = [](std::uint64_t count) {
    return "<td class=\"number\">" + std::to_string(count) + "</td>";
  };
  std::size_t i = 0;
  for (const PolicyCoverage& policy : source.policies) {
    out += "<tr><td><a href=\"#" + prefix + std::to_string(i++) + "\"><mark class=\"" +
           (policy.satisfied > 0 ? "all" : "none") + "\">" + Markup(policy.id) +
           "</mark></a></td>" + number(policy.satisfied) + number(policy.not_satisfied) +
           number(policy.failed) + "<td class=\"number\">" + std::to_string(policy.reached()) +
           " of " + std::to_string(policy.outcomes()) + "</td></tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

std::string CoverageHtml(const Coverage& coverage) {
  std::string out = kHead;
  out +=
      "<table>\n<tr><th>File</th><th>Reached</th><th></th><th "
      "class=\"number\">Outcomes</th></tr>\n";
  std::size_t number = 0;
  for (const auto& [name, source] : coverage.sources()) {
    out += Row("<a href=\"#s" + std::to_string(++number) + "\">" + Markup(name) + "</a>",
               source.reached(), source.outcomes());
  }
  out += Row("<b>all</b>", coverage.reached(), coverage.outcomes()) + "</table>\n";
  number = 0;
  for (const auto& [name, source] : coverage.sources()) {
    const std::string id = "s" + std::to_string(++number), prefix = id + "p";
    out += "<h2 id=\"" + id + "\">" + Markup(name) + "</h2>\n" + Policies(source, prefix) +
           "<pre>" + Listing(source, prefix).Make() + "</pre>\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace assay::cli
