// A program and entities brought together: what decisions are made against.
#pragma once

#include <cstdint>
#include <memory>

#include "assay/entities.h"
#include "assay/export.h"
#include "assay/program.h"
#include "assay/request.h"
#include "assay/status.h"

namespace assay {

namespace rt {
struct SnapshotData;
struct BindingData;
struct Access;
}  // namespace rt

// Immutable; copies share; safe to use from any number of threads. A Decision views the snapshot it
// was made with, so keep the snapshot alive for as long.
class ASSAY_API Snapshot {
 public:
  // Gives every name of both a number and computes what the evaluator needs. Fails only on limits.
  static Result<Snapshot> Create(Program program, Entities entities);

  const Program& program() const;
  const Entities& entities() const;

 private:
  friend struct rt::Access;
  explicit Snapshot(std::shared_ptr<const rt::SnapshotData> data) : data_(std::move(data)) {}
  std::shared_ptr<const rt::SnapshotData> data_;
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
