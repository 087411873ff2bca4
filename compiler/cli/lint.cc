#include "compiler/cli/lint.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "assay/validate.h"
#include "compiler/cedar/policy_set.h"
#include "compiler/cli/limits.h"
#include "compiler/validate/confusable.h"

namespace assay::cli {

namespace {

using cedar::Ast;
using cedar::ExprId;
using cedar::ExprKind;
using cedar::Policy;
using Kind = cedar::ScopeConstraint::Kind;

constexpr const char* kAllow = "lint_allow";

bool Mentions(const Ast& ast, ExprId id, cedar::Var var) {
  const cedar::Expr& e = ast[id];
  if (e.kind == ExprKind::kVar && e.var == var) return true;
  const auto operands = ast.operands(e);
  return std::any_of(operands.begin(), operands.end(),
                     [&](ExprId operand) { return Mentions(ast, operand, var); });
}

void LintPrincipal(const Ast& ast, const Policy& policy, LintFindings* findings) {
  const auto asks = [&](const cedar::Condition& condition) {
    return Mentions(ast, condition.body, cedar::Var::kPrincipal);
  };
  if (policy.effect != cedar::Effect::kPermit || policy.principal.kind != Kind::kAny ||
      policy.FindAnnotation("grant_ttl") != nullptr ||
      std::any_of(policy.conditions.begin(), policy.conditions.end(), asks)) {
    return;
  }
  findings->push_back({LintRule::kUnboundedPrincipal, policy.id, policy.span,
                       "it is for every principal, and no condition asks who that is"});
}

void LintAction(const Policy& policy, LintFindings* findings) {
  if (policy.action.kind != Kind::kInAnyOf || !policy.action.entities.empty()) return;
  findings->push_back({LintRule::kUnreachablePolicy, policy.id, policy.action.span,
                       "no action is in an empty list"});
}

void LintCharacters(const Ast& ast, const Policy& policy, LintFindings* findings) {
  validate::Findings found(policy.id);
  validate::CheckConfusable(ast, policy, validate::ScopePlaces::kExact, &found);
  for (Finding& finding : found.Take()) {
    findings->push_back({LintRule::kConfusableCharacters, policy.id,
                         finding.span.value_or(policy.span), std::move(finding.message)});
  }
}

// The names of rules in `@lint_allow`, by policy.
std::set<std::string> Allowed(const Policy& policy, LintFindings* findings) {
  std::set<std::string> allowed;
  const cedar::Annotation* annotation = policy.FindAnnotation(kAllow);
  if (annotation == nullptr) return allowed;
  std::string text(annotation->value);
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream names(text);
  for (std::string name; names >> name;) {
    const bool is_rule = std::any_of(std::begin(kLintRules), std::end(kLintRules),
                                     [&](const LintRuleInfo& rule) { return rule.id == name; });
    if (!is_rule) {
      findings->push_back(
          {LintRule::kUnknownRule, policy.id, annotation->span, "there is no rule `" + name + "`"});
    }
    allowed.insert(std::move(name));
  }
  return allowed;
}

// What only types can tell. Gives whether reads are safe.
bool LintTypes(const PolicySet& policies, const Schema& schema, LintFindings* findings) {
  const Result<ValidationResult> result = Validate(schema, policies, {.limits = TheLimits()});
  if (!result.ok()) return false;
  for (const Finding& finding : result.value().warnings) {
    if (finding.kind != FindingKind::kImpossiblePolicy || !finding.span) continue;
    findings->push_back({LintRule::kUnreachablePolicy, finding.policy_id, *finding.span,
                         "its condition is false for every request that the schema allows"});
  }
  return result.value().passed();
}

}  // namespace

LintFindings Lint(const PolicySet& policies, const Schema* schema) {
  const Ast& ast = policies.syntax().ast;
  LintFindings findings;
  const bool reads_are_safe = schema != nullptr && LintTypes(policies, *schema, &findings);
  LintAgainstEachOther(ast, &findings);
  std::map<std::string, std::set<std::string>> allowed;
  for (const Policy& policy : ast.policies) {
    allowed[policy.id] = Allowed(policy, &findings);
    LintAction(policy, &findings);
    LintClauses(ast, policy, &findings);
    if (policy.effect == cedar::Effect::kForbid) {
      LintForbid(ast, policy, reads_are_safe, &findings);
    }
    LintPrincipal(ast, policy, &findings);
    LintCharacters(ast, policy, &findings);
  }
  const auto is_silent = [&](const LintFinding& finding) {
    return allowed[finding.policy].count(std::string(Info(finding.rule).id)) != 0;
  };
  findings.erase(std::remove_if(findings.begin(), findings.end(), is_silent), findings.end());
  const auto key = [](const LintFinding& finding) {
    return std::tuple(finding.span.source, finding.span.begin, finding.rule);
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const LintFinding& a, const LintFinding& b) { return key(a) < key(b); });
  return findings;
}

}  // namespace assay::cli
