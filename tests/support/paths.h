// Where tests find their files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace assay::testing {

// The root of the source tree.
std::filesystem::path SourceDir();
// The root of the build tree: the place for files that tests write. Programs are in its bin/.
std::filesystem::path BuildDir();
// Test data that is not part of the project, beside the source tree. May be absent.
std::filesystem::path SharedDir();
// The folder in the build tree where that archive of SharedDir() is unpacked, on first use. Nothing
// if it is absent or damaged. Tests run side by side: each sees all of it or nothing.
std::optional<std::filesystem::path> Unpacked(const std::string& archive);

}  // namespace assay::testing
