#include "compiler/cli/grants.h"

#include <iostream>

#include "compiler/cli/input.h"
#include "engine/base/escape.h"

#ifdef ASSAY_HAS_MINT
#include "assay/mint/annotations.h"
#endif

namespace assay::cli {

#ifdef ASSAY_HAS_MINT
bool CheckGrants(const Program& program, bool strict) {
  const auto problems = mint::CheckGrantAnnotations(program);
  for (const auto& [policy, error] : problems) {
    std::cerr << (strict ? "error" : "warning") << ": policy `" << EscapeText(policy)
              << "`: " << EscapeText(error.message) << "\n";
    if (!error.hint.empty()) std::cerr << "  hint: " << error.hint << "\n";
  }
  return !strict || problems.empty();
}
#else
bool CheckGrants(const Program&, bool strict) {
  if (strict) PrintError("--grants: this build is without the mint, which knows the annotations");
  return !strict;
}
#endif

}  // namespace assay::cli
