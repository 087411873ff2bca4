#include "assay/mint/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "assay/mint/limits.h"
#include "engine/mint/base/file.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/base/openssl.h"

namespace assay::mint {

namespace {

// Only its owner, who is us, may read or write it.
bool IsPrivate(const File& file) {
  struct stat info {};
  return fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) == 0 &&
         info.st_uid == geteuid();
}

// A buffer for secrets that is overwritten whatever happens.
struct Buffer {
  Buffer() : data(static_cast<char*>(OPENSSL_secure_malloc(limits::kPemBytes))) {}
  ~Buffer() { OPENSSL_secure_clear_free(data, limits::kPemBytes); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  char* data;
  std::size_t size = 0;

  bool Fill(const File& file) {
    while (data != nullptr && size < limits::kPemBytes) {
      const ssize_t got = read(file.get(), data + size, limits::kPemBytes - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return false;
      if (got == 0) return true;
      size += static_cast<std::size_t>(got);
    }
    return false;
  }
};

}  // namespace

Checked<bool> SaveKey(const SigningKey& key, const std::string& path) noexcept {
  return Guard([&]() -> Checked<bool> {
    const Secret pem = key.ToPem();
    if (pem.empty()) return Refusal{RefusalId::kCryptoFailed};
    const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.ok()) return Refusal{RefusalId::kKeyFile};
    if (!WriteAll(file, pem.view()) || fsync(file.get()) != 0 || !SyncFolderOf(path)) {
      unlink(path.c_str());
      return Refusal{RefusalId::kKeyFile};
    }
    return true;
  });
}

Checked<SigningKey> LoadKey(const std::string& path, Algorithm algorithm,
                            std::string_view kid) noexcept {
  return Guard([&]() -> Checked<SigningKey> {
    // Not waiting: opening a pipe would.
    const File file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    Buffer buffer;
    if (!file.ok() || !IsPrivate(file) || !buffer.Fill(file)) {
      return Refusal{RefusalId::kKeyFile};
    }
    return SigningKey::FromPem({buffer.data, buffer.size}, algorithm, kid);
  });
}

}  // namespace assay::mint
