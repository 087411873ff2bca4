// Images from files. A file is read into memory of our own, not mapped: another process may cut or
// change a mapped file between the checks and the use of what was checked.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "assay/image.h"
#include "engine/base/guarded.h"

namespace assay {

namespace {

constexpr std::size_t kSignatureBytes = 4096;  // more than any signature has

class File {
 public:
  explicit File(const char* path) : descriptor_(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Error Unreadable(const std::string& why) { return {ErrorCode::kUnreadableFile, why}; }

// The whole file; one that is larger than `limit` is an error before any of it is read.
Result<std::string> ReadWhole(const std::string& path, std::size_t limit) {
  const File file(path.c_str());
  struct stat status {};
  if (file.descriptor() < 0 || fstat(file.descriptor(), &status) != 0) {
    return Unreadable(std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) return Unreadable("this is not a file");
  if (static_cast<std::size_t>(status.st_size) > limit) {
    return Error{ErrorCode::kLimitExceeded,
                 "the file is larger than " + std::to_string(limit) + " bytes (image_bytes)"};
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(file.descriptor(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(std::strerror(errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

std::optional<Error> CheckSignatureFile(const std::string& image, const std::string& path,
                                        const std::string& public_key) {
  const Result<std::string> signature = ReadWhole(path, kSignatureBytes);
  if (signature.ok()) return CheckSignature(image, signature.value(), public_key);
  return Error{ErrorCode::kBadSignature,
               "a signature is required, and " + path + " has none: " + signature.error().message};
}

Result<Program> Load(const std::string& path, const ImageFileOptions& options) {
  const Result<std::string> image = ReadWhole(path, options.limits.image_bytes);
  if (!image.ok()) return image.error();
  if (options.public_key) {
    auto error = CheckSignatureFile(image.value(), path + ".sig", *options.public_key);
    if (error) return std::move(*error);
  }
  return ReadImage(image.value(), options.limits);
}

}  // namespace

Result<Program> LoadImageFile(const std::string& path, const ImageFileOptions& options) {
  return Guarded([&]() -> Result<Program> {
    Result<Program> program = Load(path, options);
    if (program.ok()) return program;
    return Error{program.error().code, path + ": " + program.error().message};
  });
}

}  // namespace assay
