// The answer to a request: the decision, the policies that made it, the policies that failed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "assay/export.h"

namespace assay {

namespace rt {
struct EvalError;
struct SnapshotData;
struct BindingData;
struct Access;
}  // namespace rt

enum class Outcome : std::uint8_t { kDeny = 0, kAllow = 1 };

// Why there is no answer from the policies. Whatever is not kDecided is a deny.
enum class DecisionStatus : std::uint8_t {
  kNotDecided = 0,  // default-constructed, the request was never bound, or a forbid is corrupt
  kDecided,         // the policies were evaluated
  kOtherSnapshot,   // the request was bound to another snapshot
  kOutOfMemory,     // the scratch could not grow, or a forbid needed more than decision_bytes
};

// A view into the Scratch, the snapshot and the request it was made from: valid until the next
// decision with that Scratch, and no longer than any of the three. Does not convert to bool.
class ASSAY_API Decision {
 public:
  Decision() = default;

  bool is_allow() const { return outcome_ == Outcome::kAllow; }
  Outcome outcome() const { return outcome_; }
  DecisionStatus status() const { return status_; }

  // Numbers for Snapshot::policy_id of the determining policies, ascending: all satisfied forbids,
  // or else all satisfied permits; empty for a default deny.
  std::span<const std::uint32_t> determining() const { return determining_; }

  // Policies whose evaluation failed; they count as not satisfied. Ascending by policy.
  std::size_t error_count() const { return error_count_; }
  std::uint32_t error_policy(std::size_t i) const;
  // Cedar's text for the failure, for example "record does not have the attribute `a`". Allocates.
  std::string error_text(std::size_t i) const;

  // The same decision, unless it is an allow and a forbid is among the policies that failed: then a
  // deny without determining policies. Cedar skips what fails, so that such a forbid does not
  // forbid; this is for callers who would rather not rely on it. Valid as long as this one.
  Decision DenyIfForbidFailed() const noexcept;

  // How many policies were run to decide: those whose scope matches, less those that the decision
  // tree knows to be neither satisfied nor failing.
  std::size_t policies_visited() const { return policies_visited_; }

 private:
  friend struct rt::Access;
  Outcome outcome_ = Outcome::kDeny;
  DecisionStatus status_ = DecisionStatus::kNotDecided;
  std::span<const std::uint32_t> determining_;
  const rt::EvalError* errors_ = nullptr;
  std::size_t error_count_ = 0;
  std::size_t policies_visited_ = 0;
  const rt::SnapshotData* snapshot_ = nullptr;
  const rt::BindingData* binding_ = nullptr;
};

// What DecideOutcome answers. Does not convert to bool.
struct OutcomeOnly {
  Outcome outcome = Outcome::kDeny;
  DecisionStatus status = DecisionStatus::kNotDecided;
  bool is_allow() const { return outcome == Outcome::kAllow; }
};

}  // namespace assay
