#include "assay/mint/grant_table.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <unordered_map>

namespace assay::mint {

namespace {

constexpr std::size_t kShards = 64;
constexpr std::size_t kFirstSweep = 1024;

// The mint draws the ids at random: nobody can prepare collisions.
struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

struct Shard {
  mutable std::mutex mutex;
  std::unordered_map<std::string, GrantState, Hash, std::equal_to<>> grants;
  std::size_t sweep_at = kFirstSweep;
};

std::int64_t AddSaturated(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

bool IsAboutGrants(RecordType type) {
  return type == RecordType::kMint || type == RecordType::kUse || type == RecordType::kRevoke;
}

// False for revocations of all grants of a task or subject.
bool IsAboutOne(const Record& record) { return IsAboutGrants(record.type) && !record.jti.empty(); }

}  // namespace

struct GrantTable::Data {
  Data(std::int64_t keep, std::size_t most) : keep_ms(keep), limit(most) {}

  // By the upper bits: the maps of the shards use the lower ones.
  static std::size_t ShardNumber(std::string_view jti) { return (Hash()(jti) >> 32) % kShards; }
  const Shard& ShardOf(std::string_view jti) const { return shards[ShardNumber(jti)]; }
  Shard& ShardOf(std::string_view jti) { return shards[ShardNumber(jti)]; }

  bool IsForgotten(const GrantState& grant, std::int64_t now_ms) const {
    return AddSaturated(grant.expires_ms, keep_ms) < now_ms;
  }

  // Forgets what has expired. The shard is locked.
  void Sweep(Shard* shard, std::int64_t now_ms) {
    const std::size_t forgotten = std::erase_if(
        shard->grants, [&](const auto& entry) { return IsForgotten(entry.second, now_ms); });
    size -= forgotten;
    shard->sweep_at = kFirstSweep + 2 * shard->grants.size();
  }

  void SeeEnd(std::int64_t expires_ms) {
    std::int64_t seen = latest_ms.load();
    while (seen < expires_ms && !latest_ms.compare_exchange_weak(seen, expires_ms)) {
    }
  }

  // Whether there is room for one more; looks for what has expired at most once a second.
  bool HasRoom(std::int64_t now_ms) {
    if (size < limit) return true;
    std::int64_t last = swept_ms.load();
    if (now_ms < AddSaturated(last, 1000) || !swept_ms.compare_exchange_strong(last, now_ms)) {
      return false;
    }
    for (Shard& shard : shards) {
      const std::lock_guard lock(shard.mutex);
      Sweep(&shard, now_ms);
    }
    return size < limit;
  }

  const std::int64_t keep_ms;
  const std::size_t limit;
  std::array<Shard, kShards> shards;
  std::atomic<std::size_t> size{0};
  std::atomic<std::int64_t> swept_ms{0};
  std::atomic<std::int64_t> latest_ms{0};
};

GrantTable::GrantTable(std::int64_t keep_ms, std::size_t limit)
    : data_(std::make_unique<Data>(keep_ms, limit)) {}
GrantTable::~GrantTable() = default;

std::optional<LedgerFault> GrantTable::Admit(const Record& record, std::int64_t now_ms) {
  if (!IsAboutOne(record) || record.type == RecordType::kRevoke) return std::nullopt;
  const std::optional<GrantState> grant = Find(record.jti);
  if (record.type == RecordType::kMint && grant) return LedgerFault::kDuplicate;
  if (data_->IsForgotten({.expires_ms = record.expires}, now_ms)) return LedgerFault::kExpired;
  if (!grant) {
    return data_->HasRoom(now_ms) ? std::nullopt : std::optional(LedgerFault::kFull);
  }
  if (grant->revoked) return LedgerFault::kRevoked;
  if (data_->IsForgotten(*grant, now_ms)) return LedgerFault::kExpired;
  const bool is_limited = grant->max_uses != 0 || record.max_uses != 0;
  const std::int64_t most = grant->max_uses == 0   ? record.max_uses
                            : record.max_uses == 0 ? grant->max_uses
                                                   : std::min(grant->max_uses, record.max_uses);
  if (is_limited && grant->uses >= most) return LedgerFault::kSpent;
  return std::nullopt;
}

void GrantTable::Apply(const Record& record, std::int64_t time_ms) {
  if (!IsAboutOne(record)) return;
  if (record.type == RecordType::kMint) data_->SeeEnd(record.expires);
  Shard& shard = data_->ShardOf(record.jti);
  const std::lock_guard lock(shard.mutex);
  auto found = shard.grants.find(record.jti);
  if (found == shard.grants.end()) {
    if (shard.grants.size() >= shard.sweep_at) data_->Sweep(&shard, time_ms);
    found = shard.grants.try_emplace(record.jti).first;
    found->second.max_uses = record.max_uses;
    ++data_->size;
  }
  // A revocation may come before all else, and with an end that is only a guess.
  found->second.expires_ms = std::max(found->second.expires_ms, record.expires);
  if (record.type == RecordType::kUse) ++found->second.uses;
  if (record.type == RecordType::kRevoke) found->second.revoked = true;
}

std::optional<GrantState> GrantTable::Find(std::string_view jti) const {
  const Shard& shard = data_->ShardOf(jti);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.grants.find(jti);
  if (found == shard.grants.end()) return std::nullopt;
  return found->second;
}

bool GrantTable::IsRevoked(std::string_view jti) const {
  const std::optional<GrantState> grant = Find(jti);
  return grant && grant->revoked;
}

std::int64_t GrantTable::AliveUntil(const Record& record) const {
  return IsAboutGrants(record.type) ? AddSaturated(record.expires, data_->keep_ms) : 0;
}

std::int64_t GrantTable::latest_ms() const { return data_->latest_ms; }

std::size_t GrantTable::size() const { return data_->size; }

}  // namespace assay::mint
