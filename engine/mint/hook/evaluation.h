// Deciding a mint request, and the proof of an allow.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/evaluator.h"
#include "assay/mint/annotations.h"
#include "assay/mint/refusal.h"
#include "assay/request.h"
#include "engine/mint/hook/policy.h"

namespace assay::mint::hook {

// That every one of these requests was allowed by these policies. Only an Evaluation makes one, so
// whoever holds it need not ask again; what is minted says the same requests and the same digest.
class AllowProof {
 public:
  const Policy& policy() const { return *policy_; }
  const std::vector<Request>& requests() const { return *requests_; }
  // For each request the narrowest of what its determining permits demand.
  const std::vector<GrantShape>& shapes() const { return shapes_; }
  bool is_high_risk() const;

 private:
  friend class Evaluation;
  AllowProof(std::shared_ptr<const Policy> policy,
             std::shared_ptr<const std::vector<Request>> requests, std::vector<GrantShape> shapes)
      : policy_(std::move(policy)), requests_(std::move(requests)), shapes_(std::move(shapes)) {}

  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const std::vector<Request>> requests_;
  std::vector<GrantShape> shapes_;
};

// What one snapshot says of the requests of one mint request.
class Evaluation {
 public:
  // Decides all of them: a refusal is explained as fully as an allow.
  Evaluation(std::shared_ptr<const Policy> policy, std::vector<Request> requests,
             bool allow_when_forbid_errs, Scratch& scratch);

  const Policy& policy() const { return *policy_; }
  const std::vector<Request>& requests() const { return *requests_; }
  // Ids, each once, sorted: all that determine a decision; all that failed.
  const std::vector<std::string>& determining() const { return determining_; }
  const std::vector<std::string>& erred() const { return erred_; }
  // The proof, or why there is none.
  Checked<AllowProof> Prove() const;

 private:
  void Take(const Decision& decision, bool allow_when_forbid_errs);
  void Refuse(RefusalId id);

  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const std::vector<Request>> requests_;
  std::vector<std::string> determining_, erred_;
  std::vector<GrantShape> shapes_;
  std::optional<Refusal> refusal_;
};

}  // namespace assay::mint::hook
