// File descriptors that close themselves, and whole reads and writes.
#pragma once

#include <string>
#include <string_view>

namespace assay::mint {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;

  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool WriteAll(const File& file, std::string_view bytes);

// A name that was just created or moved is on disk when its folder is.
bool SyncFolderOf(const std::string& path);

}  // namespace assay::mint
