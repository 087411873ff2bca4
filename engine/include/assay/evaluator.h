// Deciding. The calls here take no lock, write nothing shared, and allocate nothing once the
// Scratch has grown to what the snapshot and requests need.
#pragma once

#include <memory>
#include <string>

#include "assay/decision.h"
#include "assay/export.h"
#include "assay/limits.h"
#include "assay/snapshot.h"
#include "assay/status.h"
#include "assay/value.h"

namespace assay {

// The memory one thread decides with. Not thread-safe: one for each thread.
class ASSAY_API Scratch {
 public:
  explicit Scratch(const Limits& limits = {});
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

 private:
  friend struct rt::Access;
  struct Data;
  std::unique_ptr<Data> data_;
};

// The whole answer: all determining policies, all errors, as if every policy of the snapshot were
// evaluated. A request that was bound to another snapshot is denied with kOtherSnapshot, and one
// for which a forbid cannot be evaluated because decision_bytes is reached with kOutOfMemory.
ASSAY_API Decision Decide(const Snapshot& snapshot, const BoundRequest& request,
                          Scratch& scratch) noexcept;

// The same for a request not bound yet; binds it into the scratch.
ASSAY_API Decision Decide(const Snapshot& snapshot, const Request& request,
                          Scratch& scratch) noexcept;

// Whether the answer is allow or deny, and nothing else: stops as soon as that is certain, so it
// runs fewer policies than Decide and cannot say which ones determine it or fail.
ASSAY_API OutcomeOnly DecideOutcome(const Snapshot& snapshot, const BoundRequest& request,
                                    Scratch& scratch) noexcept;

// Runs a program made by CompileExpression. The error is Cedar's text for the failure.
ASSAY_API Result<Value> Evaluate(const Snapshot& snapshot, const Request& request,
                                 Scratch& scratch);

}  // namespace assay
