// Whether this process may write a ledger: nobody else does, and no write of the past has failed.
#pragma once

#include <optional>
#include <string>

#include "assay/mint/record.h"
#include "engine/mint/ledger/files.h"

namespace assay::mint {

// The ledger is locked as long as the handle lives.
Ledgered<FileHandle> TakeLock(Files* files, const std::string& folder);

// An error if a sync has failed at any time.
std::optional<LedgerError> CheckPoison(Files* files, const std::string& folder);

}  // namespace assay::mint
