#include "engine/mint/ledger/inventory.h"

#include <algorithm>
#include <map>

#include "engine/mint/ledger/guarded.h"

namespace assay::mint {

namespace {

void Take(const Record& record, InventoryEntry* entry) {
  if (entry->jti.empty()) {
    entry->jti = record.jti;
    entry->principal = record.principal;
    entry->owner = record.owner;
    entry->task = record.task;
    entry->step = record.step;
    entry->audience = record.audience;
    entry->binding = record.binding;
    entry->risk = record.risk;
    entry->max_uses = record.max_uses;
  }
  entry->expires = std::max(entry->expires, record.expires);
  if (record.type == RecordType::kUse) ++entry->uses;
  if (record.type == RecordType::kRevoke) entry->is_revoked = true;
}

bool IsAboutOneGrant(const Record& record) {
  const bool is_kind = record.type == RecordType::kMint || record.type == RecordType::kUse ||
                       record.type == RecordType::kRevoke;
  return is_kind && !record.jti.empty();
}

}  // namespace

Ledgered<std::vector<InventoryEntry>> ReadInventory(const std::string& folder, std::int64_t now_ms,
                                                    const ReaderOptions& options) {
  return Guarded([&]() -> Ledgered<std::vector<InventoryEntry>> {
    auto reader = LedgerReader::OpenAlive(folder, now_ms, options);
    if (!reader.ok()) return reader.error();
    std::map<std::string, InventoryEntry> grants;
    Record record;
    for (;;) {
      const Ledgered<bool> next = reader.value().Next(&record);
      if (!next.ok()) return next.error();
      if (!next.value()) break;
      // A use of a grant that has expired meanwhile: it is in a segment where something else is
      // alive.
      if (IsAboutOneGrant(record) && record.expires > now_ms) Take(record, &grants[record.jti]);
    }
    std::vector<InventoryEntry> entries;
    entries.reserve(grants.size());
    for (auto& [jti, entry] : grants) entries.push_back(std::move(entry));
    return entries;
  });
}

}  // namespace assay::mint
