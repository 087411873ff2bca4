// The file is a row of records of 48 bytes: SHA-256 of the grant's `jti`, when it expires (8 bytes,
// little-endian), and the first 8 bytes of SHA-256 over the 40 before. One record is one use.
#include "assay/mint/uses.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <map>
#include <mutex>
#include <utility>

#include "engine/mint/base/file.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/jose/digest.h"

namespace assay::mint {

namespace grant {

namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kRecordBytes = kDigestBytes + 8 + kCheckBytes;

std::string MakeRecord(std::string_view digest, std::int64_t expires_at) {
  std::string record(digest);
  for (int shift = 0; shift < 64; shift += 8) {
    record.push_back(static_cast<char>(static_cast<std::uint64_t>(expires_at) >> shift & 0xff));
  }
  return record.append(jose::Sha256(record), 0, kCheckBytes);
}

std::int64_t ExpiryOf(std::string_view record) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(record[kDigestBytes + i])} << 8 * i;
  }
  return static_cast<std::int64_t>(value);
}

bool IsRecord(std::string_view record) {
  return record == MakeRecord(record.substr(0, kDigestBytes), ExpiryOf(record));
}

bool ReadAll(int file, std::string* bytes) {
  char buffer[65'536];
  for (;;) {
    const ssize_t read_bytes = read(file, buffer, sizeof(buffer));
    if (read_bytes < 0 && errno == EINTR) continue;
    if (read_bytes < 0) return false;
    if (read_bytes == 0) return true;
    bytes->append(buffer, static_cast<std::size_t>(read_bytes));
  }
}

}  // namespace

struct UseFile {
  struct Use {
    std::uint32_t count = 0;
    std::int64_t expires_at = 0;
  };

  explicit UseFile(const Clock& time) : clock(time) {}

  const Clock& clock;
  std::mutex mutex;
  File lock{-1};  // of the process, on a file beside it that is never replaced
  File file{-1};
  bool failed = false;
  std::map<std::string, Use, std::less<>> uses;  // by digest of `jti`

  // Counts what the file has. False if it is damaged; what a crash cut short at its end is not.
  bool Load(std::string_view bytes) {
    for (std::size_t at = 0; at + kRecordBytes <= bytes.size(); at += kRecordBytes) {
      const std::string_view record = bytes.substr(at, kRecordBytes);
      const bool last = at + 2 * kRecordBytes > bytes.size();
      if (!IsRecord(record)) return last;
      if (ExpiryOf(record) <= clock.Seconds()) continue;
      Use& use = uses[std::string(record.substr(0, kDigestBytes))];
      ++use.count;
      use.expires_at = ExpiryOf(record);
    }
    return true;
  }

  // Writes what was counted into a new file and puts it in the place of the old one.
  bool Rewrite(const std::string& path) {
    const std::string fresh = path + ".new";
    file = File(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.ok()) return false;
    std::string bytes;
    for (const auto& [digest, use] : uses) {
      const std::string record = MakeRecord(digest, use.expires_at);
      for (std::uint32_t i = 0; i < use.count; ++i) bytes += record;
    }
    return WriteAll(file, bytes) && fsync(file.get()) == 0 &&
           std::rename(fresh.c_str(), path.c_str()) == 0 && SyncFolderOf(path);
  }

  void DropExpired() {
    const std::int64_t now = clock.Seconds();
    std::erase_if(uses, [&](const auto& entry) { return entry.second.expires_at <= now; });
  }
};

namespace {

// How many grants are remembered before the expired among them are looked for.
constexpr std::size_t kManyUses = 100'000;

}  // namespace

}  // namespace grant

Checked<UseStore> UseStore::Open(const std::string& path, const Clock& clock) noexcept {
  return Guard([&]() -> Checked<UseStore> {
    const Refusal unusable{RefusalId::kUseStoreFile};
    auto state = std::make_shared<grant::UseFile>(clock);
    const std::string lock_path = path + ".lock";
    state->lock = File(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!state->lock.ok() || flock(state->lock.get(), LOCK_EX | LOCK_NB) != 0) return unusable;
    std::string bytes;
    const File old(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!old.ok() && errno != ENOENT) return unusable;
    if (old.ok() && !grant::ReadAll(old.get(), &bytes)) return unusable;
    if (!state->Load(bytes) || !state->Rewrite(path)) return unusable;
    return UseStore(std::move(state));
  });
}

Checked<bool> UseStore::Count(std::string_view jti, std::uint32_t most,
                              std::int64_t expires_at) noexcept {
  return Guard([&]() -> Checked<bool> {
    const std::string digest = jose::Sha256(jti);
    if (digest.empty()) return Refusal{RefusalId::kCryptoFailed};
    const std::lock_guard lock(file_->mutex);
    if (file_->failed) return Refusal{RefusalId::kUsesUnavailable};
    if (file_->uses.size() >= grant::kManyUses) file_->DropExpired();
    grant::UseFile::Use& use = file_->uses[digest];
    if (use.count >= most) return Refusal{RefusalId::kUsesExhausted};
    use.expires_at = expires_at;
    // Counted before it is on disk: if that fails, it is spent rather than free.
    ++use.count;
    if (!WriteAll(file_->file, grant::MakeRecord(digest, expires_at)) ||
        fdatasync(file_->file.get()) != 0) {
      file_->failed = true;
      return Refusal{RefusalId::kUsesUnavailable};
    }
    return true;
  });
}

CountUse UseStore::AsFunction() const {
  return
      [store = *this](std::string_view jti, std::uint32_t most, std::int64_t expires_at) mutable {
        return store.Count(jti, most, expires_at);
      };
}

}  // namespace assay::mint
