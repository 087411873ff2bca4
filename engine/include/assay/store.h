// Policies and entities that change while decisions are made.
//
// A Store publishes one snapshot after another. Publishing costs what changes, not what there is.
// Threads that decide have a Reader each, which always shows the newest snapshot and never waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "assay/entities.h"
#include "assay/export.h"
#include "assay/limits.h"
#include "assay/program.h"
#include "assay/snapshot.h"
#include "assay/status.h"

namespace assay {

// A batch of changes, made in the order they were added, all or none. Plain data: one
// that could not grow, like one that was moved from, is refused by Store::Apply as out of memory.
class ASSAY_API Edit {
 public:
  Edit() noexcept;
  ~Edit();
  Edit(Edit&&) noexcept;
  Edit& operator=(Edit&&) noexcept;

  // All policies, templates and links of a program. Ids must be new.
  Edit& Add(Program program) noexcept;
  // The same, but what has one of the ids is replaced. Templates with links cannot be.
  Edit& Replace(Program program) noexcept;
  // A static policy, or a template without links.
  Edit& Remove(std::string id) noexcept;
  // A policy from a template; a value for exactly the slots that it has.
  Edit& Link(std::string template_id, std::string new_id, std::optional<EntityUid> principal,
             std::optional<EntityUid> resource) noexcept;
  Edit& Unlink(std::string id) noexcept;
  // Adds the entity, or replaces the one of that uid.
  Edit& Upsert(Entity entity) noexcept;
  // Deletes the entity, and takes it from the parents of all others.
  Edit& Erase(EntityUid uid) noexcept;

 private:
  friend class Store;
  struct Operations;
  std::unique_ptr<Operations> operations_;
};

// Copies share one store. Apply() and the rest may be called from any thread; those who publish
// wait for each other, and nobody who decides waits for them.
class ASSAY_API Store {
 public:
  static Result<Store> Create(const Program& program, const Entities& entities,
                              const Limits& limits = {});

  // Publishes the newest snapshot with the changes, and returns it. If one change cannot be made,
  // nothing changes and the error says which and why.
  Result<Snapshot> Apply(const Edit& edit);
  // The newest snapshot. Takes the publishers' lock; to decide, use a Reader.
  Snapshot snapshot() const;

  struct Memory {
    std::size_t live_bytes;     // of all snapshots that somebody can still use
    std::size_t retired_bytes;  // thereof what only older snapshots than the newest use
    std::size_t versions;       // snapshots that somebody can still use, the newest among them
  };
  // Frees what nobody uses any more, as each publication does, and says what is left.
  Memory Collect();

 private:
  friend class Reader;
  friend struct rt::StoreAccess;
  explicit Store(std::shared_ptr<rt::Core> core) : core_(std::move(core)) {}
  std::shared_ptr<rt::Core> core_;
};

// One thread's view of a store. Making and destroying one takes the publishers' lock. Not
// thread-safe.
//
// A reader keeps the snapshot it showed last, and nothing that came after: with n readers that
// sleep, memory is bounded by n + 1 snapshots, whatever is published meanwhile.
class ASSAY_API Reader {
 public:
  // Fails only when there is no memory.
  static Result<Reader> Create(const Store& store) noexcept;
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // The newest snapshot; good until the next call. One load if nothing was published since the last
  // call (wait-free); else the reader announces the new snapshot, and again if another was
  // published meanwhile (lock-free: only a publication makes it repeat). Never locks or allocates.
  const Snapshot& snapshot() noexcept;

 private:
  struct Data;
  explicit Reader(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace assay
