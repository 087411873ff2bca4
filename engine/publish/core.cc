#include "engine/publish/core.h"

#include <algorithm>
#include <new>

namespace assay::rt {

namespace {

// Serials start at 1; 0 is "nothing bound".
std::uint64_t NextSerial() {
  // Only uniqueness matters, so no order with other memory is needed.
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

Core::~Core() = default;

Result<Snapshot> Core::Publish(const EditFunction& edit) {
  const std::lock_guard lock(writer_);
  const auto at = [this](const char* place) {
    if (failpoint) failpoint(place);
  };
  Problem problem;
  try {
    auto next = std::make_unique<Version>();
    if (!versions_.empty()) next->data = versions_.back()->data;
    versions_.reserve(versions_.size() + 1);
    at("before editing");
    Editor editor(&heap_, &next->data, limits_, &sha_);
    problem = edit(editor);
    if (!problem) problem = editor.Finish();
    at("edited");
    if (!problem) {
      next->data.serial = NextSerial();
      next->number = heap_.building();
      heap_.Commit();
      versions_.push_back(std::move(next));
      at("committed");
      // Releases the version to readers. Sequentially consistent, as in Announce(): a reader that
      // announces an older version and does not see this store is seen by Reclaim().
      newest_.store(versions_.back().get(), std::memory_order_seq_cst);
      at("published");
      Snapshot snapshot = SnapshotAccess::Own(versions_.back().get(), shared_from_this());
      Reclaim();
      at("reclaimed");
      return snapshot;
    }
  } catch (const std::bad_alloc&) {
    problem = Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
  heap_.Abort();
  sha_.reset();  // it may have been stopped in the middle of a text
  return std::move(*problem);
}

Snapshot Core::Newest() {
  const std::lock_guard lock(writer_);
  return SnapshotAccess::Own(versions_.back().get(), shared_from_this());
}

Store::Memory Core::Collect() {
  const std::lock_guard lock(writer_);
  Reclaim();
  return {heap_.bytes(), heap_.retired_bytes(), versions_.size()};
}

ReaderSlot* Core::AddReader() {
  const std::lock_guard lock(writer_);
  return &slots_.emplace_back();
}

void Core::RemoveReader(ReaderSlot* slot) {
  const std::lock_guard lock(writer_);
  slots_.remove_if([slot](const ReaderSlot& each) { return &each == slot; });
}

// A hazard pointer (Michael, 2004). The store and the load after it are sequentially consistent, as
// are the publisher's store and its look at the slots: either the publisher sees the announcement,
// or the reader sees that the version is not the newest and does not touch it.
const Version* Core::Announce(ReaderSlot* slot) const noexcept {
  const Version* version = newest_.load(std::memory_order_seq_cst);
  for (;;) {
    slot->version.store(version, std::memory_order_seq_cst);
    const Version* now = newest_.load(std::memory_order_seq_cst);
    if (now == version) return version;
    version = now;
  }
}

// Versions that neither a slot nor a Snapshot holds go, and with them what only they contain.
// Without memory for the lists they stay until the next time.
void Core::Reclaim() noexcept try {
  std::vector<const Version*> announced;
  // Slots before owners: a reader that copies its snapshot counts as an owner before it announces
  // another version, so whoever is not seen here any more is seen there.
  for (const ReaderSlot& slot : slots_) {
    announced.push_back(slot.version.load(std::memory_order_seq_cst));
  }
  const Version* newest = versions_.back().get();
  std::erase_if(versions_, [&](const std::unique_ptr<Version>& version) {
    return version.get() != newest &&
           std::find(announced.begin(), announced.end(), version.get()) == announced.end() &&
           version->owners.load(std::memory_order_acquire) == 0;
  });
  std::vector<std::uint64_t> pinned;
  for (const auto& version : versions_) pinned.push_back(version->number);
  heap_.Collect(pinned);
} catch (const std::bad_alloc&) {
}

}  // namespace assay::rt
