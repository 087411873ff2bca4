// The mint: for each allow one grant, as narrow as the request, recorded before it is given out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/entities.h"
#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/dpop.h"
#include "assay/mint/grant.h"
#include "assay/mint/identity.h"
#include "assay/mint/key.h"
#include "assay/mint/ledger.h"
#include "assay/mint/refusal.h"
#include "assay/mint/revocation.h"
#include "assay/mint/secret.h"
#include "assay/program.h"
#include "assay/status.h"
#include "assay/value.h"

namespace assay::mint {

// Which principal a workload is. A rule for one subject goes before one for all of an issuer.
struct PrincipalRule {
  std::string issuer;   // VerifiedIdentity::issuer()
  std::string subject;  // VerifiedIdentity::subject(), exactly; "" for every subject of the issuer
  std::string type;     // of the principal
  std::string id;       // of the principal; "" for the subject itself
};

struct MintOptions {
  std::string issuer;  // `iss` of the grants
  std::vector<PrincipalRule> principals;
  // Seconds that a grant lives where no policy says so, and that none may exceed.
  std::int64_t default_seconds = 60;
  std::int64_t most_seconds = 300;
  // Requests in one mint request; limits::kTuples at most.
  std::size_t most_requests = 16;
  // A forbid whose evaluation fails does not forbid; unless this is set it does here.
  bool allow_when_forbid_errs = false;
  bool accept_unsigned_policies = false;
  // Is told of revocations before they are answered; may be nullptr. Must outlive the mint.
  RevocationView* revocations = nullptr;
};

// What policies a mint is to decide by.
struct MintPolicies {
  Program program;
  Entities entities;  // those of principals have `owner`, a text: who answers for the workload
  // Whoever loads the program has checked a signature over it, with a key that was configured.
  bool is_signed = false;
};

// What a workload asks for. Plain data: nothing in it is believed.
struct MintRequest {
  // What is to be done, each decided as a request of its own; all must be allowed.
  std::vector<GrantTuple> tuples;
  // Of all of them. The mint adds `tool`, `purpose`, `task` and `step` where they are not "", so
  // that policies see them; it may not have them itself.
  Value::Record context = {};
  // Whom the workload takes itself for; must be the principal that its identity is mapped to.
  std::optional<EntityUid> principal = std::nullopt;
  std::string audience = {};       // "": the one that policy names
  std::int64_t seconds = 0;        // the lifetime wanted; 0: as long as it may be
  const ProvenKey* key = nullptr;  // for a grant bound by DPoP
  std::string txn = {};            // "": the task, or the decision's id
  std::string task = {}, step = {}, purpose = {};
};

struct Grant {
  CleansedText token;
  GrantClaims claims;
  std::uint64_t sequence = 0;  // of its record in the ledger
};

// Safe to use from any number of threads, of one process: the copy that a fork makes must be
// neither used nor destroyed. Ledger and clock must outlive it, and the ledger must be written by
// this mint only.
class ASSAY_API Mint {
 public:
  // `key` signs grants; ES256.
  Mint(MintOptions options, SigningKey key, Ledger* ledger, const Clock& clock);
  ~Mint();
  Mint(const Mint&) = delete;
  Mint& operator=(const Mint&) = delete;

  // Puts policies in force, as a record of the ledger: whatever is minted in a later record was
  // decided by them, or by later ones. kPolicyUnsigned, kPolicyUnfit (an annotation `grant_…` that
  // is unknown or malformed; `problem` then says which, if it is not nullptr), or those of Issue.
  Checked<Receipt> Publish(const MintPolicies& policies, std::string* problem = nullptr) noexcept;

  // Decides, and if every tuple is allowed makes one grant that is no wider than the request. It is
  // on disk when this returns. So is the refusal, unless it is that of a ledger that cannot be
  // written, or memory ran out.
  //
  // `decision_id`, if it is not nullptr, gets the id under which the ledger has it.
  Checked<Grant> Issue(const VerifiedIdentity& identity, const MintRequest& request,
                       std::string* decision_id = nullptr) noexcept;

  // Records that a credential was refused, so that nothing is asked for unseen.
  Checked<Receipt> RecordRefused(const Refusal& refusal) noexcept;

  // Revokes one grant, or all that were minted so far for a task or subject. On disk, and known to
  // options.revocations, when this returns. What nobody knows may be revoked too.
  Checked<Receipt> Revoke(RevocationKind kind, std::string_view key,
                          std::string_view reason) noexcept;

  // SHA-256 that stands for the policies in force; nothing if there are none.
  std::optional<Digest> policy_digest() const noexcept;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace assay::mint
