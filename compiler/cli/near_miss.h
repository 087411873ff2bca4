// Why a policy did not apply to a request: which of its clauses said no, and with which values.
#pragma once

#include <string>
#include <vector>

#include "assay/compile.h"
#include "assay/entities.h"
#include "assay/request.h"
#include "compiler/cedar/ast.h"

namespace assay::cli {

struct Clause {
  std::string place;                // FILE:LINE:COL of a condition; "" for the scope
  std::string text;                 // as Cedar
  std::string verdict;              // "is false", or "fails: …" with the error
  std::vector<std::string> values;  // `context.score = 7`
};

struct NearMiss {
  std::string policy;
  std::vector<Clause> clauses;  // those that said no, at least one
};

// The policies of that effect that did not apply, nearest first, at most `count`: a policy is
// nearer the fewer of its clauses say no, first in its scope and then in its conditions. Only the
// twenty with the nearest scopes are looked at. Each clause is compiled and run by itself.
std::vector<NearMiss> FindNearMisses(const Sources& sources, const PolicySet& policies,
                                     const Entities& entities, const Request& request,
                                     cedar::Effect effect, std::size_t count);

}  // namespace assay::cli
