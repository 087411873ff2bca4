// Watching decisions: what was decided, why, by which policies and how fast, for somebody who
// writes it down elsewhere. Who does not use it pays nothing for it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/decision.h"
#include "assay/evaluator.h"
#include "assay/export.h"
#include "assay/snapshot.h"
#include "assay/status.h"

namespace assay {

// What is kept of one decision.
struct DecisionRecord {
  std::uint64_t id = 0;  // counts the decisions made through a sink, from 1
  std::array<std::uint8_t, 32> policy_digest = {};  // zeros if nothing was decided
  Outcome outcome = Outcome::kDeny;
  DecisionStatus status = DecisionStatus::kNotDecided;
  // Ids of the determining policies and of those that failed. Of either there may be more than fit;
  // the counts are of all.
  std::vector<std::string> reasons, errors;
  std::uint32_t reason_count = 0, error_count = 0;
  std::uint32_t policies_visited = 0;
  std::chrono::nanoseconds latency{};  // what Decide took
};

// A queue of fixed size between threads that decide and one that takes records. Nobody waits for
// anybody: a record for which there is no place is dropped and counted. Safe to use from any number
// of threads. What was moved from can be assigned to and destroyed, nothing else.
class ASSAY_API DecisionSink {
 public:
  // With places for `capacity` records, rounded up to a power of two, from 2 to kMostPlaces; each
  // takes about a kilobyte. All memory is allocated here.
  static Result<DecisionSink> Create(std::size_t capacity) noexcept;
  static constexpr std::size_t kMostPlaces = std::size_t{1} << 20;

  ~DecisionSink();
  DecisionSink(DecisionSink&&) noexcept;
  DecisionSink& operator=(DecisionSink&&) noexcept;

  // What assay::Decide answers, after leaving a record of it. Besides what that does it reads the
  // clock twice and writes to lines that other threads write to. Lock-free; allocates nothing.
  Decision Decide(const Snapshot& snapshot, const BoundRequest& request, Scratch& scratch) noexcept;

  // The oldest record that was not taken yet; nothing if there is none. Allocates; if there is no
  // memory the record is lost, and counts as dropped.
  std::optional<DecisionRecord> Take() noexcept;
  // How many records there was no place for.
  std::uint64_t dropped() const noexcept;

 private:
  struct Queue;
  explicit DecisionSink(std::unique_ptr<Queue> queue) noexcept;
  std::unique_ptr<Queue> queue_;
};

}  // namespace assay
