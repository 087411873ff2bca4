#include "compiler/cli/coverage.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "compiler/cedar/print.h"

namespace assay::cli {

namespace {

template <typename Parts, typename F>
std::size_t Sum(const Parts& parts, F&& of) {
  return std::accumulate(parts.begin(), parts.end(), std::size_t{0},
                         [&](std::size_t sum, const auto& part) { return sum + of(part); });
}

PolicyCoverage NothingOf(const cedar::Ast& ast, const cedar::Policy& policy,
                         const std::vector<ClauseCode>& clauses) {
  PolicyCoverage out;
  out.id = policy.id;
  out.begin = policy.span.begin;
  out.end = policy.span.end;
  for (const ClauseCode& clause : clauses) {
    ClauseCoverage& of = out.clauses.emplace_back();
    const Span span = ast[clause.expr].span;
    of.begin = span.begin;
    of.end = span.end;
    of.text = (clause.is_unless ? "unless " : "") + PrintExpr(ast, clause.expr);
  }
  return out;
}

void Add(const PolicyCoverage& from, PolicyCoverage* to) {
  to->satisfied += from.satisfied;
  to->not_satisfied += from.not_satisfied;
  to->failed += from.failed;
  for (std::size_t i = 0; i < to->clauses.size() && i < from.clauses.size(); ++i) {
    to->clauses[i].was_true += from.clauses[i].was_true;
    to->clauses[i].was_false += from.clauses[i].was_false;
    to->clauses[i].failed += from.clauses[i].failed;
  }
}

}  // namespace

std::size_t PolicyCoverage::reached() const {
  return std::size_t{satisfied > 0} +
         Sum(clauses, [](const ClauseCoverage& clause) { return clause.reached(); });
}

std::size_t SourceCoverage::outcomes() const {
  return Sum(policies, [](const PolicyCoverage& policy) { return policy.outcomes(); });
}

std::size_t SourceCoverage::reached() const {
  return Sum(policies, [](const PolicyCoverage& policy) { return policy.reached(); });
}

void Coverage::Declare(const Sources& sources, const PolicyIndex& index) {
  if (declared_ == &index) return;
  declared_ = &index;
  rules_.clear();
  const cedar::Ast& ast = index.syntax().ast;
  std::map<SourceCoverage*, std::size_t> counts;
  for (std::uint32_t rule = 0; rule < index.rule_count(); ++rule) {
    const cedar::Policy& policy = ast.policies[rule];
    const std::uint32_t source = policy.span.source;
    SourceCoverage& of = sources_[std::string(sources.name(source))];
    if (of.policies.empty()) of.text = sources.text(source);
    const std::size_t number = counts[&of]++;
    if (number == of.policies.size()) {
      of.policies.push_back(NothingOf(ast, policy, index.clauses(rule)));
    }
    rules_.emplace_back(&of, number);
  }
}

void Coverage::Add(const PolicyIndex& index, const PolicyCode& code, const PolicyTrace& trace) {
  const auto& [source, number] = rules_[code.rule];
  PolicyCoverage& policy = source->policies[number];
  switch (trace.verdict) {
    case PolicyVerdict::kSatisfied: ++policy.satisfied; break;
    case PolicyVerdict::kNotSatisfied: ++policy.not_satisfied; break;
    case PolicyVerdict::kFailed: ++policy.failed; break;
  }
  for (std::size_t i = 0; i < policy.clauses.size(); ++i) {
    switch (index.StateOf(code, i, trace)) {
      case ClauseState::kNever: break;
      case ClauseState::kTrue: ++policy.clauses[i].was_true; break;
      case ClauseState::kFalse: ++policy.clauses[i].was_false; break;
      case ClauseState::kError: ++policy.clauses[i].failed; break;
    }
  }
}

void Coverage::Merge(const Coverage& other) {
  for (const auto& [name, source] : other.sources_) {
    const auto [known, is_new] = sources_.try_emplace(name, source);
    if (is_new) continue;
    for (std::size_t i = 0; i < known->second.policies.size() && i < source.policies.size(); ++i) {
      cli::Add(source.policies[i], &known->second.policies[i]);
    }
  }
}

std::size_t Coverage::outcomes() const {
  return Sum(sources_, [](const auto& source) { return source.second.outcomes(); });
}

std::size_t Coverage::reached() const {
  return Sum(sources_, [](const auto& source) { return source.second.reached(); });
}

double Coverage::percent() const {
  const std::size_t all = outcomes();
  return all == 0 ? 100 : 100 * static_cast<double>(reached()) / static_cast<double>(all);
}

}  // namespace assay::cli
