#include "compiler/cli/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "compiler/cli/errors.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kNewFile = 0666;  // of which the umask takes away
constexpr mode_t kPermissions = 0777;
constexpr int kMostTries = 100;

bool WriteAll(int file, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

// A file with a new name that begins with `*name`.
int CreateBeside(std::string* name) {
  const std::string begin = *name + "." + std::to_string(getpid()) + ".";
  int file = -1;
  for (int i = 0; file < 0 && i < kMostTries; ++i) {
    *name = begin + std::to_string(i);
    file = open(name->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFile);
    if (file < 0 && errno != EEXIST) break;
  }
  return file;
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

bool WriteInto(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool written = file >= 0 && WriteAll(file, text);
  const bool closed = file >= 0 && close(file) == 0;
  return (written && closed) || Fail(path);
}

}  // namespace

bool ReplaceFile(const std::string& path, const std::string& text) {
  struct stat old = {};
  const bool exists = stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) return WriteInto(path, text);
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(path, error);
  const fs::path target = error ? fs::path(path) : resolved;
  std::string name = target.string();
  const int file = CreateBeside(&name);
  if (file < 0) return Fail(path);
  const bool written = (!exists || fchmod(file, old.st_mode & kPermissions) == 0) &&
                       WriteAll(file, text) && fsync(file) == 0;
  const bool closed = close(file) == 0;
  if (!written || !closed || std::rename(name.c_str(), target.c_str()) != 0) {
    Fail(path);
    unlink(name.c_str());
    return false;
  }
  SyncFolder(target.has_parent_path() ? target.parent_path() : fs::path("."));
  return true;
}

}  // namespace assay::cli
