#include "engine/mint/ledger/inventory.h"

#include <algorithm>
#include <map>
#include <new>

#include "assay/mint/ledger_feeds.h"
#include "engine/mint/ledger/guarded.h"

namespace assay::mint {

namespace {

void Take(const Record& record, InventoryEntry* entry) {
  if (entry->jti.empty()) {
    entry->jti = record.jti;
    entry->principal = record.principal;
    entry->subject = record.subject;
    entry->owner = record.owner;
    entry->txn = record.txn;
    entry->task = record.task;
    entry->step = record.step;
    entry->audience = record.audience;
    entry->binding = record.binding;
    entry->risk = record.risk;
    entry->max_uses = record.max_uses;
    entry->issued = record.time_ms;
  }
  entry->expires = std::max(entry->expires, record.expires);
  if (record.type == RecordType::kUse) ++entry->uses;
}

bool IsRevoked(const RevocationView& view, const GrantNames& names, std::int64_t issued_ms) {
  return view.IsRevoked(names, issued_ms / 1000);
}

bool IsAboutOneGrant(const Record& record) {
  const bool is_kind = record.type == RecordType::kMint || record.type == RecordType::kUse ||
                       record.type == RecordType::kRevoke;
  return is_kind && !record.jti.empty();
}

// It cannot do without memory; that is an error of the whole.
void TakeInto(RevocationView* view, const Record& record) {
  if (!TakeRevocation(record, view).ok()) throw std::bad_alloc();
}

}  // namespace

bool IsAboutGrant(const Record& record, const Record& mint) {
  if (!record.jti.empty()) return record.jti == mint.jti;
  if (record.type != RecordType::kRevoke) return false;
  const Clock clock;
  RevocationView view(clock);
  TakeInto(&view, record);
  return IsRevoked(view, {mint.jti, mint.txn, mint.task, mint.subject}, mint.time_ms);
}

Ledgered<std::vector<InventoryEntry>> ReadInventory(const std::string& folder, std::int64_t now_ms,
                                                    const ReaderOptions& options) {
  return Guarded([&]() -> Ledgered<std::vector<InventoryEntry>> {
    auto reader = LedgerReader::OpenAlive(folder, now_ms, options);
    if (!reader.ok()) return reader.error();
    std::map<std::string, InventoryEntry> grants;
    const Clock clock;
    RevocationView revocations(clock);
    Record record;
    for (;;) {
      const Ledgered<bool> next = reader.value().Next(&record);
      if (!next.ok()) return next.error();
      if (!next.value()) break;
      TakeInto(&revocations, record);
      // A use of a grant that has expired meanwhile: it is in a segment where something else is
      // alive.
      if (IsAboutOneGrant(record) && record.expires > now_ms) Take(record, &grants[record.jti]);
    }
    std::vector<InventoryEntry> entries;
    entries.reserve(grants.size());
    for (auto& [jti, entry] : grants) {
      entry.is_revoked =
          IsRevoked(revocations, {jti, entry.txn, entry.task, entry.subject}, entry.issued);
      entries.push_back(std::move(entry));
    }
    return entries;
  });
}

}  // namespace assay::mint
