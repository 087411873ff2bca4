// What a verifier of grants takes from a ledger: a counter of uses, and revocations.
#pragma once

#include <cstdint>

#include "assay/mint/ledger.h"
#include "assay/mint/ledger_reader.h"
#include "assay/mint/revocation.h"
#include "assay/mint/uses.h"

namespace assay::mint {

// Counts each use as a record `use`, so that a use which was accepted is in the ledger before it is
// answered; one that is refused because the grant is spent, revoked or has expired is a record
// `use_refused`. The ledger must outlive it.
ASSAY_API CountUse CountUsesIn(Ledger* ledger);

// Takes into `view` what `record` revokes; nothing if it revokes nothing. Of a task or subject,
// what was minted until the record's time is revoked. It may be forgotten limits::kMostSkewSeconds
// after the record's `expires`.
ASSAY_API Checked<bool> TakeRevocation(const Record& record, RevocationView* view);

// Reads up to the end, takes in all revocations, and says that the view is fresh: so long as this
// is called from time to time the view's age says how far it may be behind. Ends at the first
// error; the view is then not marked.
ASSAY_API Ledgered<std::uint64_t> FollowRevocations(LedgerReader* reader, RevocationView* view);

}  // namespace assay::mint
