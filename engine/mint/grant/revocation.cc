#include "assay/mint/revocation.h"

#include <algorithm>
#include <limits>
#include <mutex>

#include "engine/mint/base/guard.h"

namespace assay::mint {

Checked<bool> RevocationView::Revoke(RevocationKind kind, std::string_view key, std::int64_t until,
                                     std::int64_t forget_at) noexcept {
  return Guard([&]() -> Checked<bool> {
    const std::unique_lock lock(mutex_);
    const auto [place, added] = entries_[static_cast<std::size_t>(kind)].try_emplace(
        std::string(key), Entry{until, forget_at});
    if (!added) {
      Entry& entry = place->second;
      entry = {std::max(entry.until, until), std::max(entry.forget_at, forget_at)};
    }
    return true;
  });
}

void RevocationView::Prune() noexcept {
  const std::int64_t now = clock_.Seconds();
  const std::unique_lock lock(mutex_);
  for (Entries& entries : entries_) {
    std::erase_if(entries, [&](const auto& entry) { return entry.second.forget_at <= now; });
  }
}

void RevocationView::MarkFresh() noexcept { fresh_at_ = clock_.BootMilliseconds(); }

void RevocationView::MarkAuthoritative() noexcept {
  fresh_at_ = std::numeric_limits<std::int64_t>::max();
}

std::int64_t RevocationView::AgeMilliseconds() const noexcept {
  const std::int64_t fresh_at = fresh_at_;
  if (fresh_at == std::numeric_limits<std::int64_t>::min()) {
    return std::numeric_limits<std::int64_t>::max();
  }
  if (fresh_at == std::numeric_limits<std::int64_t>::max()) return 0;
  return clock_.BootMilliseconds() - fresh_at;
}

bool RevocationView::IsRevoked(const GrantNames& names, std::int64_t issued_at) const noexcept {
  const std::shared_lock lock(mutex_);
  const auto has = [&](RevocationKind kind, std::string_view key) {
    const Entries& entries = entries_[static_cast<std::size_t>(kind)];
    const auto found = entries.find(key);
    return found != entries.end() && issued_at <= found->second.until;
  };
  return has(RevocationKind::kGrant, names.jti) || has(RevocationKind::kTask, names.txn) ||
         has(RevocationKind::kTask, names.task) || has(RevocationKind::kSubject, names.subject);
}

std::size_t RevocationView::size() const noexcept {
  const std::shared_lock lock(mutex_);
  return entries_[0].size() + entries_[1].size() + entries_[2].size();
}

}  // namespace assay::mint
