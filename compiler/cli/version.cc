#include "compiler/cli/version.h"

#include "engine/image/format.h"

namespace assay::cli {

const char* Version() { return ASSAY_VERSION; }

std::string VersionText() {
  return std::string(ASSAY_VERSION) + " (commit " + Commit() + ", images of format " +
         std::to_string(image::kFormat) + ")";
}

}  // namespace assay::cli
