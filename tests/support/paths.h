// Where tests find their files.
#pragma once

#include <filesystem>

namespace assay::testing {

// The root of the source tree.
std::filesystem::path SourceDir();
// The root of the build tree: the place for files that tests write. Programs are in its bin/.
std::filesystem::path BuildDir();
// Test data that is not part of the project, beside the source tree. May be absent.
std::filesystem::path SharedDir();

}  // namespace assay::testing
