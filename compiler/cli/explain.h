// Why a request got its decision, from a trace of the compiled policies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/status.h"
#include "compiler/cli/near_miss.h"
#include "engine/eval/tree_dump.h"

namespace assay::cli {

// A policy that was run, and what each part of it came to.
struct ExplainedPolicy {
  std::string id;
  bool is_forbid = false;
  PolicyVerdict verdict = PolicyVerdict::kNotSatisfied;
  std::string place;            // FILE:LINE:COL
  std::vector<Clause> clauses;  // of the scope and of the conditions, as far as they were asked
};

struct Explanation {
  bool is_allow = false;
  std::vector<ExplainedPolicy> determining;
  std::vector<ExplainedPolicy> outweighed;  // satisfied permits, if forbids decided
  std::vector<ExplainedPolicy> failed;
  std::vector<NearMiss> near;  // policies that would have made the other decision
  std::vector<TraceRead> reads;
  std::size_t policy_count = 0;      // of all that there are
  std::vector<std::string> visited;  // ids of those that were run
  rt::Branch path;                   // the part of the tree that leads to them
};

// Fails without memory only.
Result<Explanation> Explain(const PolicyIndex& index, const Snapshot& snapshot,
                            const Request& request, std::size_t near_misses);

std::string ExplanationText(const Explanation& explanation);
// One line.
std::string ExplanationJson(const Explanation& explanation);

}  // namespace assay::cli
