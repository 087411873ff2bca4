#include "compiler/cli/near_miss.h"

#include <algorithm>
#include <utility>

namespace assay::cli {

namespace {

struct Candidate {
  std::uint32_t policy;
  ScopeMatch scope;
};

class Finder {
 public:
  Finder(const PolicyIndex& index, const Snapshot& snapshot, Tracer* tracer)
      : index_(index), snapshot_(snapshot), tracer_(*tracer) {}

  std::vector<NearMiss> Run(cedar::Effect effect, std::size_t count) {
    std::vector<NearMiss> misses;
    for (const Candidate& candidate : Candidates(effect)) {
      NearMiss miss = Examine(candidate);
      if (!miss.clauses.empty()) misses.push_back(std::move(miss));
    }
    std::stable_sort(misses.begin(), misses.end(), [](const NearMiss& a, const NearMiss& b) {
      return a.clauses.size() < b.clauses.size();
    });
    if (misses.size() > count) misses.resize(count);
    return misses;
  }

 private:
  std::vector<Candidate> Candidates(cedar::Effect effect) const {
    std::vector<Candidate> out;
    for (std::uint32_t policy = 0; policy < snapshot_.policy_end(); ++policy) {
      const std::string_view id = snapshot_.policy_id(policy);
      if (!snapshot_.FindPolicy(id) || index_.Find(id).policy->effect != effect) continue;
      out.push_back({policy, tracer_.Scope(policy)});
    }
    std::stable_sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
      return a.scope.misses() < b.scope.misses();
    });
    if (out.size() > kNearestPolicies) out.resize(kNearestPolicies);
    return out;
  }

  NearMiss Examine(const Candidate& candidate) {
    NearMiss miss{std::string(snapshot_.policy_id(candidate.policy)), {}};
    const PolicyCode& code = index_.Find(miss.policy);
    for (Clause& clause : index_.DescribeScope(code, candidate.scope)) {
      if (clause.verdict == "is false") miss.clauses.push_back(std::move(clause));
    }
    ExamineConditions(candidate.policy, code, &miss);
    return miss;
  }

  // From condition to condition: each says no by its first clause that does.
  void ExamineConditions(std::uint32_t policy, const PolicyCode& code, NearMiss* miss) {
    const std::vector<ClauseCode>& clauses = index_.clauses(code.rule);
    for (std::size_t clause = 0; clause < clauses.size();) {
      const std::uint32_t first = clause == 0 ? 0 : clauses[clause - 1].requirement + 1;
      const Result<PolicyTrace> trace = tracer_.Run(policy, first);
      if (!trace.ok()) return;
      while (clause < clauses.size() && !SaysNo(code, clause, trace.value())) ++clause;
      if (clause == clauses.size()) return;
      miss->clauses.push_back(index_.Describe(code, clause, trace.value()));
      const std::size_t condition = clauses[clause].condition;
      while (clause < clauses.size() && clauses[clause].condition == condition) ++clause;
    }
  }

  bool SaysNo(const PolicyCode& code, std::size_t clause, const PolicyTrace& trace) const {
    const ClauseState state = index_.StateOf(code, clause, trace);
    const bool is_unless = index_.clauses(code.rule)[clause].is_unless;
    return state != (is_unless ? ClauseState::kFalse : ClauseState::kTrue);
  }

  const PolicyIndex& index_;
  const Snapshot& snapshot_;
  Tracer& tracer_;
};

}  // namespace

std::vector<NearMiss> FindNearMisses(const PolicyIndex& index, const Snapshot& snapshot,
                                     Tracer* tracer, cedar::Effect effect, std::size_t count) {
  return Finder(index, snapshot, tracer).Run(effect, count);
}

}  // namespace assay::cli
