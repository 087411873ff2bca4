// What validation found, for people and for programs.
#pragma once

#include <ostream>
#include <string>

#include "assay/compile.h"
#include "assay/schema.h"
#include "assay/source.h"
#include "assay/validate.h"

namespace assay::cli {

// The verdict, which is the caller's, and all findings, in the form that errors have. For people
// they are drawn as the reference draws them; files are named if the policies are in several.
void PrintFindings(const Sources& sources, const PolicySet& policies,
                   const ValidationResult& result, bool failed, std::ostream* out);

// Why tests on these policies cannot be trusted: what strict validation found, warnings included;
// "" if that is nothing.
std::string ValidationProblem(const Sources& sources, const Schema& schema,
                              const PolicySet& policies);

}  // namespace assay::cli
