#include "compiler/cli/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kUsualMode = 0644;

bool WriteAll(int file, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return fsync(file) == 0;
}

// The new name is lasting only when the folder is.
void SyncFolder(const fs::path& folder) {
  const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  fsync(handle);
  close(handle);
}

bool Fail(const std::string& path) {
  PrintError(path + ": this file cannot be written: " + std::strerror(errno));
  return false;
}

}  // namespace

bool ReplaceFile(const std::string& path, const std::string& text) {
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(path, error);
  const fs::path target = error ? fs::path(path) : resolved;
  std::string name = target.string() + ".XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return Fail(path);
  struct stat old = {};
  const bool exists = stat(target.c_str(), &old) == 0;
  const bool written =
      fchmod(file, exists ? old.st_mode & 07777 : kUsualMode) == 0 && WriteAll(file, text);
  const bool replaced =
      close(file) == 0 && written && std::rename(name.c_str(), target.c_str()) == 0;
  if (!replaced) {
    Fail(path);
    unlink(name.c_str());
    return false;
  }
  SyncFolder(target.has_parent_path() ? target.parent_path() : fs::path("."));
  return true;
}

}  // namespace assay::cli
