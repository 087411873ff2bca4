// What lint found, for people, for programs, and for services that show it beside the code.
#pragma once

#include <string>
#include <vector>

#include "compiler/cli/lint.h"

namespace assay::cli {

// Two lines for each: what and where, and why it matters.
std::string LintText(const Sources& sources, const std::vector<LintFinding>& findings);
// An object a line.
std::string LintJson(const Sources& sources, const std::vector<LintFinding>& findings);
// SARIF 2.1.0, one run.
std::string LintSarif(const Sources& sources, const std::vector<LintFinding>& findings);
// All rules, with why and an example of each.
std::string LintRulesText();
// One of them, as `policyc help` has it.
std::string LintRuleText(const LintRuleInfo& rule);

}  // namespace assay::cli
