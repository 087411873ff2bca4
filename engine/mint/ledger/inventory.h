// Who holds what now: the grants that are alive, from the records.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assay/mint/ledger_reader.h"
#include "assay/mint/record.h"

namespace assay::mint {

struct InventoryEntry {
  // Of the mint; of a grant of another ledger, what its first use or revocation says.
  std::string jti, principal, subject, owner, txn, task, step, audience, binding, risk;
  std::int64_t issued = 0;
  std::int64_t expires = 0;
  std::int64_t max_uses = 0;
  std::int64_t uses = 0;
  bool is_revoked = false;  // it, its txn or task, or its subject
};

// Whether the record says what became of the grant that `mint` records: a use, also one that was
// refused, or a revocation of it, its txn or task, or its subject. `mint` itself is about it too.
bool IsAboutGrant(const Record& record, const Record& mint);

// Grants that have not expired at `now_ms`, by jti. Reads the segments that have something alive.
Ledgered<std::vector<InventoryEntry>> ReadInventory(const std::string& folder, std::int64_t now_ms,
                                                    const ReaderOptions& options);

}  // namespace assay::mint
