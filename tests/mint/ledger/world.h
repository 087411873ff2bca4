// What the tests of the ledger share: folders that vanish, a clock that is set, records of every
// kind, a signer, and files whose system calls fail on command.
#pragma once

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "assay/mint/ledger.h"
#include "assay/mint/ledger_reader.h"
#include "engine/mint/ledger/files.h"
#include "engine/mint/ledger/frame.h"
#include "tests/support/paths.h"

namespace assay::mint::testing {

// A new empty folder below the build tree, removed at the end.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (assay::testing::BuildDir() / "ledger-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// Stands for a key: a digest that nobody without the secret can make.
inline std::optional<std::string> TestSign(std::string_view message) {
  const auto digest = Hasher().Hash("the secret of the tests", message);
  return std::string(digest->begin(), digest->end());
}
inline bool TestVerify(std::string_view message, std::string_view signature) {
  return TestSign(message) == signature;
}

inline Record Mint(const std::string& jti, std::int64_t expires, std::int64_t max_uses = 0) {
  Record record;
  record.type = RecordType::kMint;
  record.decision_id = "d-" + jti;
  record.jti = jti;
  record.principal = "Agent::\"build\"";
  record.owner = "team-build";
  record.policy_digest = Digest{1, 2, 3};
  record.policies = {"allow-deploys"};
  record.expires = expires;
  record.max_uses = max_uses;
  return record;
}

inline Record Use(const std::string& jti, std::int64_t expires, std::int64_t max_uses = 0) {
  Record record;
  record.type = RecordType::kUse;
  record.jti = jti;
  record.expires = expires;
  record.max_uses = max_uses;
  return record;
}

inline Record Revoke(const std::string& jti, std::int64_t expires) {
  Record record;
  record.type = RecordType::kRevoke;
  record.jti = jti;
  record.reason = "task_completed";
  record.expires = expires;
  return record;
}

inline Record Deny(const std::string& id) {
  Record record;
  record.type = RecordType::kDeny;
  record.decision_id = id;
  record.reason = "denied_by_policy";
  return record;
}

// All records, or an error's text as the only one's detail.
inline std::vector<Record> ReadAll(const std::string& folder, const ReaderOptions& options = {}) {
  auto reader = LedgerReader::Open(folder, options);
  if (!reader.ok()) return {};
  std::vector<Record> records;
  Record record;
  for (;;) {
    const Ledgered<bool> next = reader.value().Next(&record);
    if (!next.ok() || !next.value()) return records;
    records.push_back(record);
  }
}

// Options with a clock that the test sets, heads after each batch, and small segments if asked for.
struct World {
  explicit World(std::uint64_t segment_bytes = std::uint64_t{64} << 20) {
    options.limits.segment_bytes = segment_bytes;
    options.sign = TestSign;
    options.verify = TestVerify;
    options.now_ms = [this] { return now_ms.load(); };
    options.head_every_records = 1;
  }

  Ledgered<LedgerId> Create() { return Ledger::Create(folder, options); }
  std::unique_ptr<Ledger> Open() {
    auto ledger = Ledger::Open(folder, options);
    if (ledger.ok()) return std::move(ledger).value();
    failure = ledger.error();
    return nullptr;
  }
  std::unique_ptr<Ledger> CreateAndOpen() {
    const auto created = Create();
    if (created.ok()) return Open();
    failure = created.error();
    return nullptr;
  }
  Ledgered<VerifyReport> Verify() const {
    return VerifyLedger(folder, {.reader = {.files = options.files}, .verify = options.verify});
  }

  TempFolder temp;
  std::string folder = temp / "ledger";
  std::atomic<std::int64_t> now_ms{1'000'000};
  LedgerOptions options;
  LedgerError failure;
};

// The system's files, until it is told to fail: every call has a kind, and is counted. It also
// knows what would be left if the machine stopped: what was synced, and any part of what was not.
class FaultyFiles : public Files {
 public:
  enum class Call {
    kMakeFolder,
    kList,
    kOpen,
    kSize,
    kRead,
    kWrite,
    kTruncate,
    kSync,
    kSyncFolder,
    kRename,
    kLock
  };
  static constexpr int kCalls = static_cast<int>(Call::kLock) + 1;

  // The call of that kind with that number, from 0 and counted from now, fails. `partial`: a write
  // that fails has written half.
  void FailAt(Call call, int number, int error) {
    const std::lock_guard lock(mutex_);
    counts_.clear();
    call_ = call, number_ = number, error_ = error;
  }
  void Heal() { FailAt(Call::kOpen, -1, 0); }
  bool has_failed() const { return has_failed_; }

  int MakeFolder(const std::string& path) override {
    if (const int error = Count(Call::kMakeFolder)) return error;
    return Files::MakeFolder(path);
  }
  int List(const std::string& path, std::vector<std::string>* names) override {
    if (const int error = Count(Call::kList)) return error;
    return Files::List(path, names);
  }
  int Open(const std::string& path, Mode mode, int* file) override {
    if (const int error = Count(Call::kOpen)) return error;
    return Files::Open(path, mode, file);
  }
  int Size(int file, std::uint64_t* size) override {
    if (const int error = Count(Call::kSize)) return error;
    return Files::Size(file, size);
  }
  int Read(int file, std::uint64_t offset, char* to, std::size_t size, std::size_t* got) override {
    if (const int error = Count(Call::kRead)) return error;
    return Files::Read(file, offset, to, size, got);
  }
  int Write(int file, std::uint64_t offset, const char* from, std::size_t size) override {
    if (const int error = Count(Call::kWrite)) {
      Files::Write(file, offset, from, size / 2);
      return error;
    }
    return Files::Write(file, offset, from, size);
  }
  int Truncate(int file, std::uint64_t size) override {
    if (const int error = Count(Call::kTruncate)) return error;
    return Files::Truncate(file, size);
  }
  int Sync(int file) override {
    if (const int error = Count(Call::kSync)) return error;
    return Files::Sync(file);
  }
  int SyncFolder(const std::string& path) override {
    if (const int error = Count(Call::kSyncFolder)) return error;
    return Files::SyncFolder(path);
  }
  int Rename(const std::string& from, const std::string& to) override {
    if (const int error = Count(Call::kRename)) return error;
    return Files::Rename(from, to);
  }
  int Lock(int file) override {
    if (const int error = Count(Call::kLock)) return error;
    return Files::Lock(file);
  }

 private:
  int Count(Call call) {
    const std::lock_guard lock(mutex_);
    const int number = counts_[call]++;
    if (call != call_ || number != number_) return 0;
    has_failed_ = true;
    return error_;
  }

  std::mutex mutex_;
  std::map<Call, int> counts_;
  Call call_ = Call::kOpen;
  int number_ = -1;
  int error_ = 0;
  std::atomic<bool> has_failed_ = false;
};

}  // namespace assay::mint::testing
