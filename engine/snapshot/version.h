// One published version, and who holds it.
#pragma once

#include <atomic>
#include <cstdint>

#include "assay/snapshot.h"
#include "engine/snapshot/snapshot_data.h"

namespace assay::rt {

struct Version {
  SnapshotData data;         // never changed once published
  std::uint64_t number = 0;  // the heap's
  // How many Snapshots own this version. Going up, the owner that is copied, or the slot of the
  // reader it is copied from, keeps the version; so no order is needed. Going down releases what
  // the owner read, and the publisher that sees 0 acquires it.
  mutable std::atomic<std::uint32_t> owners{0};
};

// Private parts of the public classes.
struct SnapshotAccess {
  // nullptr if moved from.
  static const SnapshotData* Data(const Snapshot& snapshot) {
    return snapshot.version_ != nullptr ? &snapshot.version_->data : nullptr;
  }
  static const Version* Get(const Snapshot& snapshot) { return snapshot.version_; }
  // A Snapshot that keeps the version, which must not go away meanwhile.
  static Snapshot Own(const Version* version, std::shared_ptr<Core> core) {
    version->owners.fetch_add(1, std::memory_order_relaxed);
    return Snapshot(version, std::move(core), nullptr);
  }
  // A Snapshot that somebody else keeps; a copy of it is one that keeps.
  static Snapshot Borrow(const Version* version, const std::shared_ptr<Core>* core) {
    return Snapshot(version, nullptr, core);
  }
};

}  // namespace assay::rt
