// The clauses of policies: what a condition asks, `&&` by `&&`, and what a trace says of each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "assay/compile.h"
#include "assay/trace.h"
#include "compiler/cedar/policy_set.h"

namespace assay::cli {

// A part of a `when`, or a whole `unless`, and the instruction of the compiled policy that asks for
// it.
struct ClauseCode {
  cedar::ExprId expr{};
  bool is_unless = false;
  std::size_t condition = 0;  // which of the policy's
  std::uint32_t requirement = 0;
};

// A static policy, or a link and its template.
struct PolicyCode {
  const cedar::Policy* policy = nullptr;
  const cedar::TemplateLink* link = nullptr;
  std::uint32_t rule = 0;  // of the program; and of the syntax
};

enum class ClauseState : std::uint8_t { kNever, kTrue, kFalse, kError };

// A clause, or an entry of a scope, as people are told of it.
struct Clause {
  std::string place;                // FILE:LINE:COL of a condition; "" for the scope
  std::string text;                 // as Cedar
  std::string verdict;              // "is false", or "fails: …" with the error
  std::vector<std::string> values;  // `context.score = 7`
};

// Policies with their code. All that it is made of must outlive it; `program` must be what
// `policies.Compile()` gave. Safe to use from any number of threads.
class PolicyIndex {
 public:
  PolicyIndex(const Sources& sources, const PolicySet& policies, const Program& program);

  const cedar::PolicySetSyntax& syntax() const { return syntax_; }
  std::size_t rule_count() const { return clauses_.size(); }
  // Of the policy or template that is this number of the syntax.
  const std::vector<ClauseCode>& clauses(std::uint32_t rule) const { return clauses_[rule]; }
  // A static policy or a link that there is.
  const PolicyCode& Find(std::string_view id) const { return codes_.at(id); }

  // What the clause came to.
  ClauseState StateOf(const PolicyCode& code, std::size_t clause, const PolicyTrace& trace) const;
  // The same for people, with the values of what was read for it.
  Clause Describe(const PolicyCode& code, std::size_t clause, const PolicyTrace& trace) const;
  // The entries of the scope that ask something, and whether the request is as they want it.
  std::vector<Clause> DescribeScope(const PolicyCode& code, ScopeMatch match) const;
  // FILE:LINE:COL.
  std::string Place(Span span) const;

 private:
  void AddValues(const PolicyCode& code, cedar::ExprId id, const PolicyTrace& trace,
                 std::vector<std::string>* values) const;
  const Value* ValueOf(const PolicyCode& code, Span span, const PolicyTrace& trace) const;

  const Sources& sources_;
  const cedar::PolicySetSyntax& syntax_;
  const Program& program_;
  std::vector<std::vector<ClauseCode>> clauses_;  // by rule
  std::unordered_map<std::string_view, PolicyCode> codes_;
};

}  // namespace assay::cli
