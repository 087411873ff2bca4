// Coverage as one page: each source, with clauses in the colour of what they came to.
#include <algorithm>

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
:root { color-scheme: light dark; --all: #d7f0d9; --some: #fdeebb; --none: #f9d5d0; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --all: #1d4426; --some: #5a4a10; --none: #5f231c; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
meter { width: 10rem; height: 1rem; vertical-align: middle; }
pre { font: 13px/1.6 ui-monospace, monospace; padding: .75rem 1rem; border: 1px solid var(--line);
      border-radius: .5rem; overflow-x: auto; counter-reset: line; }
.l { counter-increment: line; }
.l::before { content: counter(line); display: inline-block; width: 2.5em; margin-right: 1.5em;
             text-align: right; opacity: .5; }
mark { color: inherit; border-radius: .2rem; padding: .1rem 0; }
.all { background: var(--all); } .some { background: var(--some); } .none { background: var(--none); }
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

std::string Mark(const ClauseCoverage& clause, std::string_view text) {
  constexpr const char* kClasses[] = {"none", "some", "all"};
  std::string title = "true " + Times(clause.was_true) + ", false " + Times(clause.was_false);
  if (clause.failed > 0) title += ", failed " + Times(clause.failed);
  return std::string("<mark class=\"") + kClasses[clause.reached()] + "\" title=\"" + title +
         "\">" + Markup(text) + "</mark>";
}

// The text with its clauses marked, every line in a span that numbers it.
std::string Marked(const SourceCoverage& source) {
  std::vector<const ClauseCoverage*> clauses;
  for (const PolicyCoverage& policy : source.policies) {
    for (const ClauseCoverage& clause : policy.clauses) clauses.push_back(&clause);
  }
  std::sort(clauses.begin(), clauses.end(),
            [](const ClauseCoverage* a, const ClauseCoverage* b) { return a->begin < b->begin; });
  const std::string_view text = source.text;
  std::string out = "<span class=\"l\"></span>";
  const auto put = [&](std::string_view part, const ClauseCoverage* clause) {
    for (;;) {
      const std::size_t end = part.find('\n');
      const std::string_view line = part.substr(0, end);
      if (!line.empty()) out += clause != nullptr ? Mark(*clause, line) : Markup(line);
      if (end == std::string_view::npos) return;
      out += "\n<span class=\"l\"></span>";
      part.remove_prefix(end + 1);
    }
  };
  std::size_t at = 0;
  for (const ClauseCoverage* clause : clauses) {
    if (clause->begin < at) continue;
    put(text.substr(at, clause->begin - at), nullptr);
    put(text.substr(clause->begin, clause->end - clause->begin), clause);
    at = clause->end;
  }
  const std::string_view rest = text.substr(at);
  put(rest.substr(0, rest.size() - (!rest.empty() && rest.back() == '\n' ? 1 : 0)), nullptr);
  return out;
}

std::string Row(const std::string& name, std::size_t reached, std::size_t outcomes) {
  const std::string all = std::to_string(std::max<std::size_t>(outcomes, 1));
  const std::string some = outcomes == 0 ? "1" : std::to_string(reached);
  return "<tr><td>" + name + "</td><td><meter max=\"" + all + "\" value=\"" + some + "\">" + some +
         " of " + all + "</meter></td><td class=\"number\">" + Percent(reached, outcomes) +
         "</td><td class=\"number\">" + std::to_string(reached) + " of " +
         std::to_string(outcomes) + "</td></tr>\n";
}

std::string Policies(const SourceCoverage& source) {
  std::string out =
      "<table>\n<tr><th>Policy</th><th class=\"number\">Satisfied</th><th class=\"number\">Not "
      "satisfied</th><th class=\"number\">Failed</th><th class=\"number\">Outcomes</th></tr>\n";
  const auto number = [](std::uint64_t count) {
    return "<td class=\"number\">" + std::to_string(count) + "</td>";
  };
  for (const PolicyCoverage& policy : source.policies) {
    out += "<tr><td><mark class=\"" + std::string(policy.satisfied > 0 ? "all" : "none") + "\">" +
           Markup(policy.id) + "</mark></td>" + number(policy.satisfied) +
           number(policy.not_satisfied) + number(policy.failed) + "<td class=\"number\">" +
           std::to_string(policy.reached()) + " of " + std::to_string(policy.outcomes()) +
           "</td></tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

std::string CoverageHtml(const Coverage& coverage) {
  std::string out = kHead;
  out += "<table>\n";
  std::size_t number = 0;
  for (const auto& [name, source] : coverage.sources()) {
    out += Row("<a href=\"#s" + std::to_string(++number) + "\">" + Markup(name) + "</a>",
               source.reached(), source.outcomes());
  }
  out += Row("<b>all</b>", coverage.reached(), coverage.outcomes()) + "</table>\n";
  number = 0;
  for (const auto& [name, source] : coverage.sources()) {
    out += "<h2 id=\"s" + std::to_string(++number) + "\">" + Markup(name) + "</h2>\n" +
           Policies(source) + "<pre>" + Marked(source) + "</pre>\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace assay::cli
