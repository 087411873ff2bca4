// Why a policy did not apply to a request: which of its clauses said no, and with which values.
#pragma once

#include <string>
#include <vector>

#include "assay/snapshot.h"
#include "assay/trace.h"
#include "compiler/cedar/ast.h"
#include "compiler/cli/clauses.h"

namespace assay::cli {

// Policies further away than this many others are not looked at.
inline constexpr std::size_t kNearestPolicies = 20;

struct NearMiss {
  std::string policy;
  std::vector<Clause> clauses;  // those that said no, at least one
};

// The policies of that effect that did not apply, nearest first, at most `count`: a policy is
// nearer the fewer of its clauses say no, first in its scope and then in its conditions. Only the
// kNearestPolicies with the nearest scopes are looked at. A chain of `&&` is looked at up to the
// first part that says no: those behind it are never asked. `tracer` is of a snapshot of the
// index's program.
std::vector<NearMiss> FindNearMisses(const PolicyIndex& index, const Snapshot& snapshot,
                                     Tracer* tracer, cedar::Effect effect, std::size_t count);

}  // namespace assay::cli
