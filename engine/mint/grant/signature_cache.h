// Grants whose signature was found good. Nothing else is remembered of them: times, revocation and
// uses are checked each time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "assay/mint/grant.h"

namespace assay::mint::grant {

// Thread-safe. Compares whole tokens: a hash alone would let a forged one in. Tokens are
// overwritten when they go.
class SignatureCache {
 public:
  explicit SignatureCache(std::size_t most) : most_in_shard_((most + kShards - 1) / kShards) {}
  ~SignatureCache() { Clear(); }
  SignatureCache(const SignatureCache&) = delete;
  SignatureCache& operator=(const SignatureCache&) = delete;

  // nullptr if it is not there.
  std::shared_ptr<const GrantClaims> Find(std::string_view token) const;
  // Drops another one when full.
  void Add(std::string_view token, std::shared_ptr<const GrantClaims> claims);
  void Clear() noexcept;

 private:
  static constexpr std::size_t kShards = 16;

  struct Entry {
    std::string token;
    std::shared_ptr<const GrantClaims> claims;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::uint64_t, Entry> entries;
  };

  std::size_t most_in_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace assay::mint::grant
