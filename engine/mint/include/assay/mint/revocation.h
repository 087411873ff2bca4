// What is known of revoked grants.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/refusal.h"

namespace assay::mint {

enum class RevocationKind : std::uint8_t {
  kGrant,    // `jti`
  kTask,     // `txn`, or the task
  kSubject,  // `sub`
};

// What a grant is revoked by; "" where it has none.
struct GrantNames {
  std::string_view jti = {}, txn = {}, task = {}, subject = {};
};

// Revocations in memory, fed by the mint's ledger or by whatever carries it here. Thread-safe; when
// Revoke has returned no verification accepts what it revoked. The clock must outlive it.
class ASSAY_API RevocationView {
 public:
  explicit RevocationView(const Clock& clock) : clock_(clock) {}

  // Revokes every grant that `key` names and that was issued at `until` or before, in seconds since
  // 1970. May be forgotten from `forget_at` on, when all of those have expired anyway. Revoking
  // again or revoking what nobody knows is no error.
  Checked<bool> Revoke(RevocationKind kind, std::string_view key, std::int64_t until,
                       std::int64_t forget_at) noexcept;
  // Forgets what has expired; call it from time to time.
  void Prune() noexcept;

  // Says that everything revoked until now is here. Until it is called nothing is known.
  void MarkFresh() noexcept;
  // Says that revocations happen here and nowhere else: the view is never stale.
  void MarkAuthoritative() noexcept;
  // Milliseconds since MarkFresh; the largest number if nothing is known.
  std::int64_t AgeMilliseconds() const noexcept;

  // Whether a grant with these names that was issued then, in seconds, is revoked.
  bool IsRevoked(const GrantNames& names, std::int64_t issued_at) const noexcept;
  std::size_t size() const noexcept;

 private:
  struct Entry {
    std::int64_t until = 0;
    std::int64_t forget_at = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  const Clock& clock_;
  mutable std::shared_mutex mutex_;
  Entries entries_[3];
  std::atomic<std::int64_t> fresh_at_ = INT64_MIN;
};

}  // namespace assay::mint
