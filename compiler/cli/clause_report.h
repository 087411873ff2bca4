// What clauses came to, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "compiler/cli/near_miss.h"

namespace assay::cli {

// A line for each clause and for each of its values, indented by two.
std::string ClauseText(const std::vector<Clause>& clauses);
std::string ClauseJson(const Clause& clause);

// What would have made the other decision, and why it did not.
std::string NearMissText(const std::vector<NearMiss>& near, bool is_allow);
std::string NearMissJson(const NearMiss& miss);

}  // namespace assay::cli
