#include "engine/mint/grant/signature_cache.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "assay/mint/secret.h"

namespace assay::mint::grant {

namespace {

// The end of a signature, which is as good as random. Only tokens with a good one come in, so
// nobody can fill the table with those that collide.
std::uint64_t HashOf(std::string_view token) {
  constexpr std::size_t kBytes = 32;
  return std::hash<std::string_view>()(token.substr(token.size() - std::min(token.size(), kBytes)));
}

}  // namespace

std::shared_ptr<const GrantClaims> SignatureCache::Find(std::string_view token) const {
  const std::uint64_t hash = HashOf(token);
  const Shard& shard = shards_[hash % kShards];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(hash);
  if (found == shard.entries.end() || found->second.token != token) return nullptr;
  return found->second.claims;
}

void SignatureCache::Add(std::string_view token, std::shared_ptr<const GrantClaims> claims) {
  if (most_in_shard_ == 0) return;
  const std::uint64_t hash = HashOf(token);
  Shard& shard = shards_[hash % kShards];
  Entry entry{std::string(token), std::move(claims)};
  const std::lock_guard lock(shard.mutex);
  if (shard.entries.size() >= most_in_shard_ && shard.entries.count(hash) == 0) {
    const auto victim = shard.entries.begin();
    Cleanse(&victim->second.token);
    shard.entries.erase(victim);
  }
  Entry& place = shard.entries[hash];
  Cleanse(&place.token);
  place = std::move(entry);
}

void SignatureCache::Clear() noexcept {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (auto& [hash, entry] : shard.entries) Cleanse(&entry.token);
    shard.entries.clear();
  }
}

}  // namespace assay::mint::grant
