// Annotations for grants, `@grant_…`, as the mint reads them.
#pragma once

#include "assay/program.h"

namespace assay::cli {

// Prints what is wrong with them: as errors if `strict`, else as warnings, since policies that
// never meet a mint may call their annotations what they like. False if there were errors. A build
// without the mint knows none, and fails if it is to be strict.
bool CheckGrants(const Program& program, bool strict);

}  // namespace assay::cli
