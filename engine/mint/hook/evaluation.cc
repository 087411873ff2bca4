#include "engine/mint/hook/evaluation.h"

#include <algorithm>
#include <utility>

namespace assay::mint::hook {

namespace {

void SortUnique(std::vector<std::string>* ids) {
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

}  // namespace

Evaluation::Evaluation(std::shared_ptr<const Policy> policy, std::vector<Request> requests,
                       bool allow_when_forbid_errs, Scratch& scratch)
    : policy_(std::move(policy)),
      requests_(std::make_shared<const std::vector<Request>>(std::move(requests))) {
  for (const Request& request : *requests_) {
    Take(Decide(policy_->snapshot, request, scratch), allow_when_forbid_errs);
  }
  SortUnique(&determining_);
  SortUnique(&erred_);
}

// The first reason to refuse stays.
void Evaluation::Refuse(RefusalId id) {
  if (!refusal_) refusal_ = Refusal{id};
}

void Evaluation::Take(const Decision& decision, bool allow_when_forbid_errs) {
  if (decision.status() != DecisionStatus::kDecided) Refuse(RefusalId::kNotDecided);
  if (!decision.is_allow()) Refuse(RefusalId::kDenied);
  std::optional<GrantShape> shape;
  for (const std::uint32_t number : decision.determining()) {
    determining_.emplace_back(policy_->snapshot.policy_id(number));
    if (!decision.is_allow()) continue;
    const GrantShape& one = policy_->traits[number].shape;
    Result<GrantShape> both = shape ? Narrowest(*shape, one) : one;
    if (both.ok()) {
      shape = std::move(both).value();
    } else {
      Refuse(RefusalId::kShapesConflict);
    }
  }
  if (shape) shapes_.push_back(*std::move(shape));
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    const std::uint32_t number = decision.error_policy(i);
    erred_.emplace_back(policy_->snapshot.policy_id(number));
    if (policy_->traits[number].is_forbid && !allow_when_forbid_errs) {
      Refuse(RefusalId::kForbidErred);
    }
  }
}

Checked<AllowProof> Evaluation::Prove() const {
  if (refusal_) return *refusal_;
  // Without a request nothing was allowed, and an allow has a permit.
  if (shapes_.empty() || shapes_.size() != requests_->size()) return Refusal{RefusalId::kDenied};
  AllowProof proof(policy_, requests_, shapes_);
  if (proof.is_high_risk() && requests_->size() > 1) {
    return Refusal{RefusalId::kRequiresStepwise};
  }
  return proof;
}

bool AllowProof::is_high_risk() const {
  return std::any_of(shapes_.begin(), shapes_.end(),
                     [](const GrantShape& shape) { return shape.high_risk; });
}

}  // namespace assay::mint::hook
