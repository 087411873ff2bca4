// The versions of one store: who may change them, who reads them, when they go.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "assay/limits.h"
#include "assay/store.h"
#include "engine/base/sha256.h"
#include "engine/snapshot/editor.h"
#include "engine/snapshot/version.h"
#include "engine/store/heap.h"

namespace assay::rt {

// Where a reader announces the version it reads. A line of its own, so that readers never write
// what another reads.
struct alignas(64) ReaderSlot {
  std::atomic<const Version*> version{nullptr};
};

class Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(const Limits& limits) : limits_(limits) {}
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Runs `edit` on the next version and publishes it; on an error or a failed allocation nothing
  // changes.
  using EditFunction = std::function<Problem(Editor&)>;
  Result<Snapshot> Publish(const EditFunction& edit);

  // The newest version, kept. There must be one.
  Snapshot Newest();
  Store::Memory Collect();

  ReaderSlot* AddReader();
  void RemoveReader(ReaderSlot* slot);
  // Announces the newest version in the slot and returns it.
  const Version* Announce(ReaderSlot* slot) const noexcept;
  const Version* newest() const noexcept {
    // Acquires what the publisher wrote before it stored the version.
    return newest_.load(std::memory_order_acquire);
  }

  // Tests stop a publication where it calls this, and protect the memory of all versions.
  std::function<void(const char* place)> failpoint;
  store::Heap& heap() { return heap_; }

 private:
  void Reclaim() noexcept;

  std::mutex writer_;  // guards all below but `newest_`
  Limits limits_;
  store::Heap heap_;
  std::optional<Sha256> sha_;  // making one takes longer than all that one publication hashes
  std::vector<std::unique_ptr<Version>> versions_;  // ascending; the last is the newest
  std::list<ReaderSlot> slots_;
  std::atomic<const Version*> newest_{nullptr};
};

// The core of a store, for tests.
struct StoreAccess {
  static Core& Get(const Store& store) { return *store.core_; }
};

}  // namespace assay::rt
