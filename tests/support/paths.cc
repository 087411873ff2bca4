// The paths are compiled in, so that a test binary may be started from anywhere.
#include "tests/support/paths.h"

namespace assay::testing {

std::filesystem::path SourceDir() { return ASSAY_SOURCE_DIR; }

std::filesystem::path BuildDir() { return ASSAY_BUILD_DIR; }

std::filesystem::path SharedDir() { return SourceDir().parent_path() / "shared"; }

}  // namespace assay::testing
