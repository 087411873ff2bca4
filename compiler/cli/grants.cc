#include "compiler/cli/grants.h"

#include "compiler/cli/errors.h"

#ifdef ASSAY_HAS_MINT
#include "assay/mint/annotations.h"
#endif

namespace assay::cli {

#ifdef ASSAY_HAS_MINT
bool CheckGrants(const Program& program, bool strict) {
  const auto problems = mint::CheckGrantAnnotations(program);
  for (const auto& [policy, error] : problems) {
    const std::string message = "policy `" + policy + "`: " + error.message;
    if (strict) {
      PrintError(message, &std::cerr, error.hint);
    } else {
      PrintWarning(message, error.hint);
    }
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
