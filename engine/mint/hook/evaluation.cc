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
void Evaluation::Take(const Decision& decision, bool allow_when_forbid_errs) {
  const auto refuse = [this](RefusalId id) {
    if (!refusal_) refusal_ = Refusal{id};
  };
  if (decision.status() != DecisionStatus::kDecided) refuse(RefusalId::kNotDecided);
  if (!decision.is_allow()) refuse(RefusalId::kDenied);
  for (const std::uint32_t number : decision.determining()) {
    determining_.emplace_back(policy_->snapshot.policy_id(number));
    if (decision.is_allow()) Narrow(policy_->traits[number].shape);
  }
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    const std::uint32_t number = decision.error_policy(i);
    erred_.emplace_back(policy_->snapshot.policy_id(number));
    if (policy_->traits[number].is_forbid && !allow_when_forbid_errs) {
      refuse(RefusalId::kForbidErred);
    }
  }
}

void Evaluation::Narrow(const GrantShape& shape) {
  if (!shape_) {
    shape_ = shape;
    return;
  }
  Result<GrantShape> both = Narrowest(*shape_, shape);
  if (both.ok()) {
    shape_ = std::move(both).value();
  } else if (!refusal_) {
    refusal_ = Refusal{RefusalId::kShapesConflict};
  }
}

Checked<AllowProof> Evaluation::Prove() const {
  if (refusal_) return *refusal_;
  // Without a request nothing was allowed.
  if (!shape_) return Refusal{RefusalId::kDenied};
  if (shape_->high_risk && requests_->size() > 1) return Refusal{RefusalId::kRequiresStepwise};
  return AllowProof(policy_, requests_, *shape_);
}

}  // namespace assay::mint::hook
