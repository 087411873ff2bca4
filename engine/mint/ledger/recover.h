// What opening a ledger finds out.
#pragma once

#include <string>

#include "assay/mint/ledger.h"
#include "engine/mint/ledger/files.h"
#include "engine/mint/ledger/segment_writer.h"

namespace assay::mint {

// Reads what is alive into `grants` and finds the end. Checks the chain of all that it reads, and
// the newest heads. Changes nothing.
Ledgered<LedgerEnd> FindEnd(Files* files, const std::string& folder, const LedgerOptions& options,
                            std::int64_t now_ms, GrantTable* grants);

}  // namespace assay::mint
