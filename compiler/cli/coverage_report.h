// Coverage as text on the source, as JSON, for LCOV, and as one page of HTML.
#pragma once

#include <string>

#include "compiler/cli/coverage.h"

namespace assay::cli {

// Each source with a mark before each line that has clauses or begins a policy, and below it what
// was not reached.
std::string CoverageText(const Coverage& coverage);
// One object, a line for each policy.
std::string CoverageJson(const Coverage& coverage);
// A tracefile: policies are functions, clauses are lines and branches.
std::string CoverageLcov(const Coverage& coverage);
// It needs no other file.
std::string CoverageHtml(const Coverage& coverage);

// What is missing of a clause or a policy, such as "never true"; "" if nothing is.
std::string Missing(const ClauseCoverage& clause);
std::string Missing(const PolicyCoverage& policy);

// `87.5 %`, rounded down: 100 means all of it.
std::string Percent(std::size_t reached, std::size_t outcomes);

}  // namespace assay::cli
