// Grants: what they say, and the check a resource server makes before it acts on one.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/dpop.h"
#include "assay/mint/key.h"
#include "assay/mint/refusal.h"
#include "assay/mint/revocation.h"
#include "assay/mint/uses.h"
#include "assay/value.h"

struct ssl_st;  // OpenSSL's SSL

namespace assay::mint {

namespace grant {
class SignatureCache;
}

// One thing that a grant is for: an element of `authorization_details` (RFC 9396).
struct GrantTuple {
  std::string tool;  // in `locations`; may be ""
  EntityUid action;
  EntityUid resource;
  friend bool operator==(const GrantTuple&, const GrantTuple&) = default;
};

enum class BindingKind : std::uint8_t { kBearer, kMtls, kDpop };

// Whose key must be proven with the grant: `cnf` (RFC 7800).
struct Binding {
  BindingKind kind = BindingKind::kBearer;
  std::string thumbprint;  // of the certificate (RFC 8705) or of the key (RFC 9449); "" for kBearer
};

// Everything a grant says. ARCHITECTURE.md has the names of the claims.
struct GrantClaims {
  std::string issuer, subject, audience, client_id;
  std::string jti;
  std::string txn;  // the task or transaction it belongs to
  std::int64_t issued_at = 0, not_before = 0, expires_at = 0;
  std::vector<GrantTuple> tuples;
  Binding binding;
  std::string task, step, decision_id, policy_digest, purpose;  // "" where there is none
  // Members of the context that must be the same at use, sorted, and the hash over them.
  std::vector<std::string> pinned_members;
  std::string context_hash;
  std::uint32_t max_uses = 0;  // 0: as many as one likes
};

// The hash over these members of a context: SHA-256, in base64url, of an object in the form of
// RFC 8785 whose values are: booleans and strings as they are; numbers as JSON numbers within
// 2^53 - 1 and beyond that {"__long": "…"}; entities {"__entity": {"id", "type"}}; values of
// extension types {"__extn": {"arg", "fn"}}; sets as arrays ordered by the bytes of their elements'
// JSON. Refuses with kContextUnfit if a member is missing, or a record has one of those names.
ASSAY_API Checked<std::string> HashPinnedContext(const Value::Record& context,
                                                 const std::vector<std::string>& members) noexcept;

// The thumbprint of the certificate that the other end of a completed TLS handshake showed.
ASSAY_API Checked<std::string> PeerThumbprint(const ssl_st* connection) noexcept;

// A grant as it is shown, what is to be done with it, and the circumstances.
struct Presentation {
  std::string_view token;
  // What is about to be done: taken from the action itself, not from what the caller says of it.
  GrantTuple tuple;
  // The context as it is now; needed if the grant pins some of it.
  const Value::Record* context = nullptr;
  // From PeerThumbprint; "" if the caller showed no certificate.
  std::string_view certificate_thumbprint = {};
  // The header `DPoP` if there is exactly one, and the request it came with.
  std::string_view proof = {};
  std::string_view method = {};
  std::string_view url = {};
  std::string_view nonce = {};
};

struct GrantVerifierOptions {
  std::string issuer;
  std::string audience;
  // Seconds by which the mint's clock may differ from ours; limits::kMostSkewSeconds at most.
  std::int64_t skew = 5;
  // A grant that is valid for longer is refused, in seconds.
  std::int64_t most_lifetime = 300;
  // A view of revocations that is older is not relied on.
  std::int64_t most_staleness_milliseconds = 5'000;
  bool accept_bearer = false;
  DpopOptions dpop = {};
  // Grants whose signature is remembered as good; 0: none. Nothing else is remembered of them.
  std::size_t cached_signatures = 4096;
};

// Checks grants for one audience; needs no mint, only its public keys and a view of revocations.
// Thread-safe. Clock and view must outlive it.
class ASSAY_API GrantVerifier {
 public:
  // Without `revocations` every grant is refused (kRevocationUnavailable); without `count_use`
  // every grant that limits its uses is (kUsesUnavailable).
  GrantVerifier(GrantVerifierOptions options, KeySet keys, const Clock& clock,
                const RevocationView* revocations, CountUse count_use = nullptr);
  ~GrantVerifier();

  // The claims, if the grant is good for this presentation. The order of the checks: size, form,
  // header, type, algorithm, key, signature, claims, issuer, audience, times, binding, whether uses
  // can be counted, revocation, tuple, pinned context. Last a use is counted, so that what is
  // refused costs none.
  Checked<std::shared_ptr<const GrantClaims>> Verify(const Presentation& shown) const noexcept;

  // Replaces the issuer's keys, and forgets the signatures that were good with the old ones.
  Checked<bool> SetKeys(KeySet keys) noexcept;

 private:
  Checked<std::shared_ptr<const GrantClaims>> CheckToken(std::string_view token) const;
  std::shared_ptr<const KeySet> Keys() const;
  // Unless the keys are others by now.
  void Remember(std::string_view token, const std::shared_ptr<const GrantClaims>& claims,
                const std::shared_ptr<const KeySet>& keys) const;
  std::optional<Refusal> CheckBinding(const Presentation& shown, const GrantClaims& claims) const;
  std::optional<Refusal> CheckRevocation(const GrantClaims& claims) const;

  GrantVerifierOptions options_;
  mutable std::mutex keys_mutex_;
  std::shared_ptr<const KeySet> keys_;
  const Clock& clock_;
  const RevocationView* revocations_;
  CountUse count_use_;
  DpopVerifier dpop_;
  std::unique_ptr<grant::SignatureCache> cache_;
};

}  // namespace assay::mint
