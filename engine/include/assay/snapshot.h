// Policies and entities brought together: what decisions are made against.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "assay/entities.h"
#include "assay/export.h"
#include "assay/limits.h"
#include "assay/program.h"
#include "assay/request.h"
#include "assay/status.h"

namespace assay {

namespace rt {
class Core;
struct Version;
struct BindingData;
struct Access;
struct SnapshotAccess;
struct StoreAccess;
}  // namespace rt

// One version of policies and entities. It never changes; copies share; safe to use from any number
// of threads. A Decision views the snapshot it was made with, so keep the snapshot alive for as
// long. Copying and destroying write a shared counter: hand threads a Reader of a Store instead of
// copies.
class ASSAY_API Snapshot {
 public:
  // A snapshot that stands alone; see Store for ones that change. Fails on limits and when there is
  // no memory.
  static Result<Snapshot> Create(const Program& program, const Entities& entities,
                                 const Limits& limits = {});

  // What was moved from can be assigned to and destroyed; deciding with it denies, and nothing else
  // may be asked of it.
  Snapshot(const Snapshot& other) noexcept;
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(const Snapshot& other) noexcept;
  Snapshot& operator=(Snapshot&& other) noexcept;
  ~Snapshot();

  // How many policies can decide: static ones and links.
  std::size_t policy_count() const noexcept;
  // Numbers of policies are below this; not every number below is one. One that is none has the id
  // "" and no annotations.
  std::uint32_t policy_end() const noexcept;
  // The id of a policy by its number, as Decision gives it. Valid as long as the snapshot.
  std::string_view policy_id(std::uint32_t policy) const noexcept;
  // The number of the static policy or link with that id.
  std::optional<std::uint32_t> FindPolicy(std::string_view id) const noexcept;
  // What the policy, or the template it was made from, has as annotation `key`; nothing if it has
  // none. Valid as long as the snapshot.
  std::optional<std::string_view> FindAnnotation(std::uint32_t policy,
                                                 std::string_view key) const noexcept;
  // A SHA-256 that stands for all policies, templates and links, whatever the order or the edits
  // that led to them: `policyc digest` prints the same for the same policies. Entities do not
  // count.
  std::array<std::uint8_t, 32> policy_digest() const noexcept;
  std::size_t entity_count() const noexcept;
  // How many type names, uids and attribute names policies and entities mention.
  std::size_t name_count() const noexcept;

 private:
  friend struct rt::Access;
  friend struct rt::SnapshotAccess;
  Snapshot(const rt::Version* version, std::shared_ptr<rt::Core> core,
           const std::shared_ptr<rt::Core>* lender)
      : version_(version), core_(std::move(core)), lender_(lender) {}

  const rt::Version* version_;                         // nullptr if moved from
  std::shared_ptr<rt::Core> core_;                     // empty if borrowed, or moved from
  const std::shared_ptr<rt::Core>* lender_ = nullptr;  // whose version a borrowed snapshot shows
};

// A request with its names replaced by one snapshot's numbers. Reuse one object for many requests:
// its memory is kept, so that binding allocates nothing after warm-up. Not thread-safe.
class ASSAY_API BoundRequest {
 public:
  BoundRequest();
  ~BoundRequest();
  BoundRequest(BoundRequest&&) noexcept;
  BoundRequest& operator=(BoundRequest&&) noexcept;

  // Replaces what was bound before. After a failure nothing is bound, and deciding it denies.
  // Nothing of `request` is kept.
  Result<bool> Bind(const Snapshot& snapshot, const Request& request) noexcept;

 private:
  friend struct rt::Access;
  std::unique_ptr<rt::BindingData> data_;
};

}  // namespace assay
