// The paths are compiled in, so that a test binary may be started from anywhere.
#include "tests/support/paths.h"

#include <unistd.h>

#include <cstdlib>

namespace assay::testing {

std::filesystem::path SourceDir() { return ASSAY_SOURCE_DIR; }

std::filesystem::path BuildDir() { return ASSAY_BUILD_DIR; }

std::filesystem::path SharedDir() { return SourceDir().parent_path() / "shared"; }

std::optional<std::filesystem::path> Unpacked(const std::string& archive) {
  namespace fs = std::filesystem;
  const fs::path packed = SharedDir() / archive;
  if (!fs::exists(packed)) return std::nullopt;
  const fs::path folder = BuildDir() / "unpacked" / fs::path(archive).stem().stem();
  if (fs::exists(folder)) return folder;
  fs::path mine = folder;
  mine += "." + std::to_string(getpid());
  fs::create_directories(mine);
  const std::string command = "tar -C '" + mine.string() + "' -xJf '" + packed.string() + "'";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  std::error_code error;
  fs::rename(mine, folder, error);
  if (error) fs::remove_all(mine, error);  // Somebody was faster.
  return fs::exists(folder) ? std::optional(folder) : std::nullopt;
}

}  // namespace assay::testing
