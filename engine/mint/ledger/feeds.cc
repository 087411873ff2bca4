#include "assay/mint/ledger_feeds.h"
#include "assay/mint/limits.h"

namespace assay::mint {

namespace {

constexpr std::int64_t kMs = 1000;

// Seconds that are not before the given milliseconds.
std::int64_t RoundUp(std::int64_t ms) { return ms / kMs + (ms % kMs != 0 ? 1 : 0); }

RefusalId RefusalOf(LedgerFault fault) {
  switch (fault) {
    case LedgerFault::kSpent: return RefusalId::kUsesExhausted;
    case LedgerFault::kRevoked: return RefusalId::kRevoked;
    case LedgerFault::kExpired: return RefusalId::kExpired;
    default: return RefusalId::kUsesUnavailable;
  }
}

// It stays refused if that fails.
void RecordRefused(Ledger* ledger, std::string_view jti, const Refusal& refusal) {
  Record record;
  record.type = RecordType::kUseRefused;
  record.jti = jti;
  record.reason = RefusalName(refusal.id);
  (void)ledger->Append(record);
}

}  // namespace

CountUse CountUsesIn(Ledger* ledger) {
  return
      [ledger](std::string_view jti, std::uint32_t most, std::int64_t expires_at) -> Checked<bool> {
        std::int64_t expires_ms = 0;
        if (__builtin_mul_overflow(expires_at, kMs, &expires_ms))
          return Refusal{RefusalId::kExpired};
        Record record;
        record.type = RecordType::kUse;
        record.jti = jti;
        record.expires = expires_ms;
        record.max_uses = most;
        const Ledgered<Receipt> receipt = ledger->Append(record);
        if (receipt.ok()) return true;
        const Refusal refusal{RefusalOf(receipt.error().fault)};
        if (refusal.id != RefusalId::kUsesUnavailable) RecordRefused(ledger, jti, refusal);
        return refusal;
      };
}

Checked<bool> TakeRevocation(const Record& record, RevocationView* view) {
  if (record.type != RecordType::kRevoke) return false;
  // Until then a verifier whose clock is behind may accept what has expired.
  const std::int64_t forget_at = RoundUp(record.expires) + limits::kMostSkewSeconds;
  // A grant has one jti: whenever it was issued.
  if (!record.jti.empty()) {
    return view->Revoke(RevocationKind::kGrant, record.jti, INT64_MAX, forget_at);
  }
  const std::int64_t until = RoundUp(record.time_ms);
  if (!record.txn.empty()) return view->Revoke(RevocationKind::kTask, record.txn, until, forget_at);
  return view->Revoke(RevocationKind::kSubject, record.subject, until, forget_at);
}

Ledgered<std::uint64_t> FollowRevocations(LedgerReader* reader, RevocationView* view) {
  std::uint64_t taken = 0;
  Record record;
  for (;;) {
    const Ledgered<bool> next = reader->Next(&record);
    if (!next.ok()) return next.error();
    if (!next.value()) break;
    const Checked<bool> revoked = TakeRevocation(record, view);
    // It fails for nothing else.
    if (!revoked.ok()) return LedgerError{LedgerFault::kOutOfMemory, "memory ran out"};
    taken += revoked.value() ? 1 : 0;
  }
  view->MarkFresh();
  return taken;
}

}  // namespace assay::mint
