#include "compiler/cli/findings.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "compiler/cedar/policy_set.h"
#include "compiler/cli/errors.h"
#include "compiler/cli/json_text.h"
#include "compiler/cli/limits.h"
#include "compiler/cli/snippet.h"
#include "compiler/cli/wrap.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

const char* Severity(bool is_warning) { return is_warning ? "warning" : "error"; }

std::string Verdict(bool failed) {
  return std::string("policy set validation ") + (failed ? "failed" : "passed");
}

struct Listed {
  const Finding* finding;
  bool is_warning;
};

std::vector<Listed> AllOf(const ValidationResult& result) {
  std::vector<Listed> all;
  for (const Finding& finding : result.errors) all.push_back({&finding, false});
  for (const Finding& finding : result.warnings) all.push_back({&finding, true});
  return all;
}

void PrintText(const Sources& sources, const Listed& listed, std::ostream* out) {
  const Finding& finding = *listed.finding;
  if (finding.span) {
    const LineColumn place = sources.Locate(finding.span->source, finding.span->begin);
    *out << Printable(sources.name(finding.span->source)) << ":" << place.line << ":"
         << place.column << ": ";
  }
  *out << Severity(listed.is_warning) << ": " << Printable(finding.message) << " ["
       << FindingName(finding.kind) << "]\n";
  if (!finding.help.empty()) *out << "  help: " << Printable(finding.help) << "\n";
}

JsonError AsJson(const Listed& listed) {
  const Finding& finding = *listed.finding;
  return {.message = finding.message,
          .code = FindingName(finding.kind),
          .severity = Severity(listed.is_warning),
          .help = finding.help,
          .span = finding.span};
}

// As the reference's report: the first finding is the cause of the verdict, and the others are
// related to it.
std::string ReportJson(const Sources& sources, const std::vector<Listed>& all, bool failed) {
  const std::string verdict = Verdict(failed);
  if (all.empty()) {
    return ToJson({.message = verdict,
                   .severity = "advice",
                   .causes = JsonTexts(std::vector<std::string_view>{"no errors or warnings"})},
                  sources);
  }
  JsonError report = AsJson(all.front());
  report.causes = JsonTexts(std::vector<std::string_view>{report.message});
  report.message = verdict;
  report.related = "[";
  for (std::size_t i = 1; i < all.size(); ++i) {
    report.related += (i > 1 ? "," : "") + ToJson(AsJson(all[i]), sources);
  }
  report.related += "]";
  return ToJson(report, sources);
}

// --- the reference's report

// Of a terminal, as the reference supposes where there is none.
constexpr std::size_t kColumns = 80;

std::string_view Mark(const std::vector<Listed>& all) {
  if (all.empty()) return "  ☞ ";
  return all.front().is_warning ? "  ⚠ " : "  × ";
}

// The reference knows no places in JSON.
bool IsJson(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

class Report {
 public:
  Report(const Sources& sources, bool names_sources, std::ostream* out)
      : sources_(sources), names_sources_(names_sources), out_(*out) {}

  void Print(const std::vector<Listed>& all, bool failed) {
    out_ << Mark(all) << Verdict(failed) << "\n";
    Message(all.empty() ? "no errors or warnings" : all.front().finding->message, "  ╰─▶ ",
            "      ");
    if (!all.empty()) Place(*all.front().finding);
    for (std::size_t i = 1; i < all.size(); ++i) {
      out_ << (all[i].is_warning ? "\nWarning: \n" : "\nError: \n");
      Message(all[i].finding->message, all[i].is_warning ? "  ⚠ " : "  × ", "  │ ");
      Place(*all[i].finding);
    }
    out_ << "\n";
  }

 private:
  void Message(std::string_view text, std::string_view first, std::string_view rest) {
    out_ << Wrap(Printable(text), kColumns - 2, first, rest) << "\n";
  }

  void Place(const Finding& finding) {
    if (finding.span && !IsJson(sources_.text(finding.span->source))) {
      PrintSnippet(sources_, *finding.span, names_sources_, &out_);
    }
    if (finding.help.empty()) return;
    out_ << Wrap(Printable(finding.help), kColumns - 2, "  help: ", "        ") << "\n";
  }

  const Sources& sources_;
  bool names_sources_;
  std::ostream& out_;
};

bool HasSeveralSources(const PolicySet& policies) {
  const auto& all = policies.syntax().ast.policies;
  return std::any_of(all.begin(), all.end(), [&](const cedar::Policy& policy) {
    return policy.span.source != all.front().span.source;
  });
}

}  // namespace

void PrintFindings(const Sources& sources, const PolicySet& policies,
                   const ValidationResult& result, bool failed, std::ostream* out) {
  const std::vector<Listed> all = AllOf(result);
  switch (TheErrorFormat()) {
    case ErrorFormat::kJson: *out << ReportJson(sources, all, failed) << "\n"; return;
    case ErrorFormat::kHuman:
      Report(sources, HasSeveralSources(policies), out).Print(all, failed);
      return;
    case ErrorFormat::kPlain: break;
  }
  *out << Verdict(failed) << "\n";
  if (all.empty()) *out << "  no errors or warnings\n\n";
  for (const Listed& listed : all) PrintText(sources, listed, out);
}

std::string ValidationProblem(const Sources& sources, const Schema& schema,
                              const PolicySet& policies) {
  const Result<ValidationResult> result = Validate(schema, policies, {.limits = TheLimits()});
  std::ostringstream out;
  if (!result.ok()) {
    PrintError(result.error().message, &out);
  } else if (!result.value().passed() || !result.value().warnings.empty()) {
    PrintFindings(sources, policies, result.value(), /*failed=*/true, &out);
  }
  std::string text = out.str();
  if (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace assay::cli
