#include "engine/mint/ledger/writer_lock.h"

#include <cerrno>

#include "engine/mint/ledger/segment.h"

namespace assay::mint {

Ledgered<FileHandle> TakeLock(Files* files, const std::string& folder) {
  const std::string path = LockPath(folder);
  int file = -1;
  if (const int error = files->Open(path, Files::Mode::kLock, &file)) {
    return SystemError("open the file", path, error);
  }
  FileHandle handle(files, file);
  const int error = files->Lock(file);
  if (error == EWOULDBLOCK) {
    return LedgerError{LedgerFault::kBusy, folder + ": another process writes this ledger"};
  }
  if (error != 0) return SystemError("lock the file", path, error);
  return handle;
}

std::optional<LedgerError> CheckPoison(Files* files, const std::string& folder) {
  const std::string path = PoisonPath(folder);
  const Ledgered<bool> is_there = Exists(files, path);
  if (!is_there.ok()) return is_there.error();
  if (!is_there.value()) return std::nullopt;
  return LedgerError{LedgerFault::kPoisoned,
                     path +
                         ": a sync has failed, so the newest records may be lost when the machine "
                         "stops; see to the disk, verify the ledger, then remove this file"};
}

}  // namespace assay::mint
