#include "engine/mint/ledger/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace assay::mint {

namespace {

int ErrnoOf(int result) { return result < 0 ? errno : 0; }

// open, again if a signal came in between.
int OpenFile(const char* path, int flags) {
  int file = 0;
  do {
    file = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
  } while (file < 0 && errno == EINTR);
  return file;
}

}  // namespace

int Files::MakeFolder(const std::string& path) { return ErrnoOf(mkdir(path.c_str(), 0700)); }

int Files::List(const std::string& path, std::vector<std::string>* names) {
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return errno;
  errno = 0;
  while (const dirent* entry = readdir(folder)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names->push_back(std::move(name));
  }
  const int error = errno;
  closedir(folder);
  return error;
}

int Files::Open(const std::string& path, Mode mode, int* file) {
  int flags = O_RDONLY;
  switch (mode) {
    case Mode::kRead: break;
    case Mode::kWrite: flags = O_RDWR; break;
    case Mode::kReplace: flags = O_RDWR | O_CREAT | O_TRUNC; break;
    case Mode::kLock: flags = O_RDWR | O_CREAT; break;
  }
  *file = OpenFile(path.c_str(), flags);
  return ErrnoOf(*file);
}

int Files::Close(int file) { return ErrnoOf(close(file)); }

int Files::Size(int file, std::uint64_t* size) {
  struct stat status {};
  if (fstat(file, &status) < 0) return errno;
  *size = static_cast<std::uint64_t>(status.st_size);
  return 0;
}

int Files::Read(int file, std::uint64_t offset, char* to, std::size_t size, std::size_t* got) {
  *got = 0;
  while (*got < size) {
    const ssize_t n = pread(file, to + *got, size - *got, static_cast<off_t>(offset + *got));
    if (n == 0) break;
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) *got += static_cast<std::size_t>(n);
  }
  return 0;
}

int Files::Write(int file, std::uint64_t offset, const char* from, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t n = pwrite(file, from + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return 0;
}

int Files::Truncate(int file, std::uint64_t size) {
  return ErrnoOf(ftruncate(file, static_cast<off_t>(size)));
}

int Files::Sync(int file) { return ErrnoOf(fdatasync(file)); }

int Files::SyncFolder(const std::string& path) {
  const int folder = OpenFile(path.c_str(), O_RDONLY | O_DIRECTORY);
  if (folder < 0) return errno;
  const int error = ErrnoOf(fsync(folder));
  close(folder);
  return error;
}

int Files::Rename(const std::string& from, const std::string& to) {
  return ErrnoOf(rename(from.c_str(), to.c_str()));
}

int Files::Lock(int file) { return ErrnoOf(flock(file, LOCK_EX | LOCK_NB)); }

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    Reset();
    files_ = other.files_;
    file_ = std::exchange(other.file_, -1);
  }
  return *this;
}

void FileHandle::Reset() {
  if (file_ >= 0) files_->Close(file_);
  file_ = -1;
}

Files& SystemFiles() {
  static Files files;
  return files;
}

}  // namespace assay::mint
