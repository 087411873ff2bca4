#include "compiler/cli/lint_report.h"

#include <algorithm>

#include "compiler/cli/json_text.h"
#include "compiler/cli/version.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

std::string Indented(std::string_view text) {
  std::string out = "    ";
  for (const char c : text) out += c == '\n' ? "\n    " : std::string(1, c);
  return out + "\n";
}

std::string JsonPlace(LineColumn place) {
  return "\"line\":" + std::to_string(place.line) + ",\"column\":" + std::to_string(place.column);
}

// The end of a policy may be many lines on; lines and columns count from 1.
std::string SarifRegion(const Sources& sources, Span span) {
  const LineColumn begin = sources.Locate(span.source, span.begin);
  const LineColumn end = sources.Locate(span.source, span.end);
  return "{\"startLine\":" + std::to_string(begin.line) +
         ",\"startColumn\":" + std::to_string(begin.column) +
         ",\"endLine\":" + std::to_string(end.line) +
         ",\"endColumn\":" + std::to_string(end.column) + "}";
}

// A relative reference: what is no part of one is escaped.
std::string Uri(std::string_view path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::string SarifRule(const LintRuleInfo& rule) {
  return "{\"id\":" + JsonText(rule.id) +
         ",\"shortDescription\":{\"text\":" + JsonText(rule.about) +
         "},\"fullDescription\":{\"text\":" + JsonText(rule.help) + "}}";
}

}  // namespace

std::string LintText(const Sources& sources, const std::vector<LintFinding>& findings) {
  std::string out;
  for (const LintFinding& finding : findings) {
    const LineColumn place = sources.Locate(finding.span.source, finding.span.begin);
    out += Printable(sources.name(finding.span.source)) + ":" + std::to_string(place.line) + ":" +
           std::to_string(place.column) + ": warning: `" + Printable(finding.policy) +
           "`: " + Printable(finding.message) + " [" + std::string(Info(finding.rule).id) +
           "]\n  help: " + std::string(Info(finding.rule).help) + "\n";
  }
  return out;
}

std::string LintJson(const Sources& sources, const std::vector<LintFinding>& findings) {
  std::string out;
  for (const LintFinding& finding : findings) {
    out += "{\"rule\":" + JsonText(Info(finding.rule).id) +
           ",\"policy\":" + JsonText(finding.policy) +
           ",\"file\":" + JsonText(sources.name(finding.span.source)) + "," +
           JsonPlace(sources.Locate(finding.span.source, finding.span.begin)) +
           ",\"message\":" + JsonText(finding.message) +
           ",\"help\":" + JsonText(Info(finding.rule).help) + "}\n";
  }
  return out;
}

std::string LintSarif(const Sources& sources, const std::vector<LintFinding>& findings) {
  const auto result = [&](const LintFinding& finding) {
    return "{\"ruleId\":" + JsonText(Info(finding.rule).id) +
           ",\"ruleIndex\":" + std::to_string(static_cast<int>(finding.rule)) +
           ",\"level\":\"warning\",\"message\":{\"text\":" +
           JsonText("`" + finding.policy + "`: " + finding.message) +
           "},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":" +
           JsonText(Uri(sources.name(finding.span.source))) +
           "},\"region\":" + SarifRegion(sources, finding.span) + "}}]}";
  };
  return "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
         "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"policyc\",\"version\":\"" +
         std::string(Version()) + "\",\"rules\":" + JsonList(kLintRules, SarifRule) +
         "}},\"columnKind\":\"unicodeCodePoints\",\"results\":" + JsonList(findings, result) +
         "}]}\n";
}

std::string LintRuleText(const LintRuleInfo& rule) {
  return std::string(rule.id) + ": " + std::string(rule.about) + "\n  " + std::string(rule.help) +
         "\n  For example:\n" + Indented(rule.example) + "  Silence: @lint_allow(\"" +
         std::string(rule.id) + "\") on the policy.\n";
}

std::string LintRulesText() {
  std::string out;
  for (const LintRuleInfo& rule : kLintRules) {
    out += (out.empty() ? "" : "\n") + LintRuleText(rule);
  }
  return out;
}

}  // namespace assay::cli
