// The system calls of the ledger, in one place, so that a test can let any of them fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace assay::mint {

// Every function returns 0, or what errno was. Paths are used as they are; files are opened with
// O_CLOEXEC and O_NOFOLLOW and made with mode 0600, folders with 0700.
class Files {
 public:
  enum class Mode : std::uint8_t {
    kRead,
    kWrite,    // an existing file
    kReplace,  // a new file, or an old one without its bytes
    kLock,     // an existing or new file, for Lock
  };

  virtual ~Files() = default;
  virtual int MakeFolder(const std::string& path);
  // The names in a folder, in no order, without "." and "..".
  virtual int List(const std::string& path, std::vector<std::string>* names);
  virtual int Open(const std::string& path, Mode mode, int* file);
  virtual int Close(int file);
  virtual int Size(int file, std::uint64_t* size);
  // Reads up to `size` bytes; `got` is less at the end of the file only.
  virtual int Read(int file, std::uint64_t offset, char* to, std::size_t size, std::size_t* got);
  // Writes all bytes, or fails with any number of them written.
  virtual int Write(int file, std::uint64_t offset, const char* from, std::size_t size);
  virtual int Truncate(int file, std::uint64_t size);
  virtual int Sync(int file);
  virtual int SyncFolder(const std::string& path);
  virtual int Rename(const std::string& from, const std::string& to);
  // EWOULDBLOCK if another open file holds it. Held until the file is closed.
  virtual int Lock(int file);
};

// Closes what it holds.
class FileHandle {
 public:
  FileHandle() = default;
  FileHandle(Files* files, int file) : files_(files), file_(file) {}
  FileHandle(FileHandle&& other) noexcept { *this = static_cast<FileHandle&&>(other); }
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle() { Reset(); }
  void Reset();
  int get() const { return file_; }

 private:
  Files* files_ = nullptr;
  int file_ = -1;
};

// The files of the system, for everyone.
Files& SystemFiles();

}  // namespace assay::mint
