// Policies that say something other than their author can have meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/compile.h"
#include "assay/schema.h"
#include "compiler/cedar/ast.h"

namespace assay::cli {

enum class LintRule : std::uint8_t {
#define LINT(Name, id, about, help, example) Name,
#include "compiler/cli/lint_rules.def"
};

struct LintRuleInfo {
  std::string_view id, about, help, example;
};

inline constexpr LintRuleInfo kLintRules[] = {
#define LINT(Name, id, about, help, example) {id, about, help, example},
#include "compiler/cli/lint_rules.def"
};

constexpr const LintRuleInfo& Info(LintRule rule) {
  return kLintRules[static_cast<std::size_t>(rule)];
}

struct LintFinding {
  LintRule rule{};
  std::string policy;
  Span span = {};
  std::string message;
};

// What is found in static policies and templates, by place. A policy's annotation
// `@lint_allow("ID, ID")` silences these rules for it. With a schema under which all policies
// validate strictly, attributes and tags are taken to be where it says.
std::vector<LintFinding> Lint(const PolicySet& policies, const Schema* schema);

// --- the parts, each for all policies or for one

using LintFindings = std::vector<LintFinding>;

// Duplicates, shadowed and unreachable policies.
void LintAgainstEachOther(const cedar::Ast& ast, LintFindings* findings);
// Clauses whose answer is known, and clauses that contradict each other.
void LintClauses(const cedar::Ast& ast, const cedar::Policy& policy, LintFindings* findings);
// `reads_are_safe`: no attribute or tag is missing.
void LintForbid(const cedar::Ast& ast, const cedar::Policy& policy, bool reads_are_safe,
                LintFindings* findings);

}  // namespace assay::cli
