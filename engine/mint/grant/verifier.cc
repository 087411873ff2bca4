// The check of a grant, in the order that the header gives.
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "assay/mint/grant.h"
#include "assay/mint/limits.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/base/openssl.h"
#include "engine/mint/grant/grant_json.h"
#include "engine/mint/grant/signature_cache.h"
#include "engine/mint/identity/certificate.h"
#include "engine/mint/jose/jws.h"

namespace assay::mint {

namespace {

constexpr std::array<std::string_view, 1> kTypes = {grant::kGrantType};
const jose::JwsRules kRules{
    .algorithms = {Algorithm::kEs256}, .types = kTypes, .known_members_only = true};

using ClaimsPtr = std::shared_ptr<const GrantClaims>;

std::optional<Refusal> CheckTimes(const GrantClaims& claims, std::int64_t now,
                                  const GrantVerifierOptions& options) {
  if (claims.issued_at > now + options.skew) return Refusal{RefusalId::kIssuedInFuture};
  if (claims.not_before > now + options.skew) return Refusal{RefusalId::kNotYetValid};
  if (claims.expires_at + options.skew <= now) return Refusal{RefusalId::kExpired};
  if (claims.expires_at - claims.issued_at > options.most_lifetime) {
    return Refusal{RefusalId::kLifetimeTooLong};
  }
  return std::nullopt;
}

std::optional<Refusal> CheckContext(const GrantClaims& claims, const Value::Record* context) {
  if (claims.pinned_members.empty()) return std::nullopt;
  if (context == nullptr) return Refusal{RefusalId::kContextMissing};
  const auto hash = HashPinnedContext(*context, claims.pinned_members);
  // A member that is gone has changed.
  if (!hash.ok() && hash.error().id != RefusalId::kContextUnfit) return hash.error();
  if (!hash.ok() || hash.value() != claims.context_hash) {
    return Refusal{RefusalId::kContextChanged};
  }
  return std::nullopt;
}

// Revocations are not remembered for longer.
GrantVerifierOptions WithinLimits(GrantVerifierOptions options) {
  options.skew = std::clamp<std::int64_t>(options.skew, 0, limits::kMostSkewSeconds);
  return options;
}

}  // namespace

Checked<std::string> PeerThumbprint(const ssl_st* connection) noexcept {
  return Guard([&]() -> Checked<std::string> {
    const ErrorMark mark;
    if (connection == nullptr || SSL_is_init_finished(connection) != 1) {
      return Refusal{RefusalId::kHandshakeIncomplete};
    }
    const X509* certificate = SSL_get0_peer_certificate(connection);
    if (certificate == nullptr) return Refusal{RefusalId::kCertificateMissing};
    std::string thumbprint = identity::CertificateThumbprint(certificate);
    if (thumbprint.empty()) return Refusal{RefusalId::kCryptoFailed};
    return thumbprint;
  });
}

GrantVerifier::GrantVerifier(GrantVerifierOptions options, KeySet keys, const Clock& clock,
                             const RevocationView* revocations, CountUse count_use)
    : options_(WithinLimits(std::move(options))),
      keys_(std::make_shared<const KeySet>(std::move(keys))),
      clock_(clock),
      revocations_(revocations),
      count_use_(std::move(count_use)),
      dpop_(clock, options_.dpop),
      cache_(std::make_unique<grant::SignatureCache>(options_.cached_signatures)) {}

GrantVerifier::~GrantVerifier() = default;

Checked<bool> GrantVerifier::SetKeys(KeySet keys) noexcept {
  return Guard([&]() -> Checked<bool> {
    auto fresh = std::make_shared<const KeySet>(std::move(keys));
    const std::lock_guard lock(keys_mutex_);
    keys_ = std::move(fresh);
    cache_->Clear();
    return true;
  });
}

std::shared_ptr<const KeySet> GrantVerifier::Keys() const {
  const std::lock_guard lock(keys_mutex_);
  return keys_;
}

void GrantVerifier::Remember(std::string_view token, const ClaimsPtr& claims,
                             const std::shared_ptr<const KeySet>& keys) const {
  const std::lock_guard lock(keys_mutex_);
  if (keys == keys_) cache_->Add(token, claims);
}

Checked<ClaimsPtr> GrantVerifier::CheckToken(std::string_view token) const {
  const auto jws = jose::ParseJws(token, kRules);
  if (!jws.ok()) return jws.error();
  const auto keys = Keys();
  const PublicKey* key = keys->Find(jws.value().kid);
  if (key == nullptr) return Refusal{RefusalId::kKeyUnknown};
  if (const auto problem = jose::CheckSignature(jws.value(), *key)) return *problem;
  const auto payload = jose::ReadPayload(jws.value());
  if (!payload.ok()) return payload.error();
  auto claims = grant::ReadGrant(payload.value());
  if (!claims.ok()) return claims.error();
  if (claims.value().issuer != options_.issuer) return Refusal{RefusalId::kIssuerMismatch};
  if (claims.value().audience != options_.audience) return Refusal{RefusalId::kAudienceMismatch};
  ClaimsPtr shared = std::make_shared<const GrantClaims>(std::move(claims).value());
  Remember(token, shared, keys);
  return shared;
}

std::optional<Refusal> GrantVerifier::CheckBinding(const Presentation& shown,
                                                   const GrantClaims& claims) const {
  const Binding& binding = claims.binding;
  if (binding.kind == BindingKind::kBearer) {
    if (options_.accept_bearer) return std::nullopt;
    return Refusal{RefusalId::kBearerNotAccepted};
  }
  if (binding.kind == BindingKind::kMtls) {
    if (shown.certificate_thumbprint.empty()) return Refusal{RefusalId::kBindingMissing};
    if (shown.certificate_thumbprint == binding.thumbprint) return std::nullopt;
    return Refusal{RefusalId::kBindingMismatch};
  }
  if (shown.proof.empty()) return Refusal{RefusalId::kBindingMissing};
  const auto key = dpop_.Verify(shown.proof, {shown.method, shown.url, shown.token, shown.nonce});
  if (!key.ok()) return key.error();
  if (key.value().thumbprint() == binding.thumbprint) return std::nullopt;
  return Refusal{RefusalId::kBindingMismatch};
}

std::optional<Refusal> GrantVerifier::CheckRevocation(const GrantClaims& claims) const {
  if (revocations_ == nullptr) return Refusal{RefusalId::kRevocationUnavailable};
  const std::int64_t age = revocations_->AgeMilliseconds();
  if (age == std::numeric_limits<std::int64_t>::max()) {
    return Refusal{RefusalId::kRevocationUnavailable};
  }
  if (age > options_.most_staleness_milliseconds) return Refusal{RefusalId::kRevocationStale};
  const GrantNames names{claims.jti, claims.txn, claims.task, claims.subject};
  if (revocations_->IsRevoked(names, claims.issued_at)) {
    return Refusal{RefusalId::kRevoked};
  }
  return std::nullopt;
}

Checked<ClaimsPtr> GrantVerifier::Verify(const Presentation& shown) const noexcept {
  return Guard([&]() -> Checked<ClaimsPtr> {
    ClaimsPtr claims = cache_->Find(shown.token);
    if (claims == nullptr) {
      const ErrorMark mark;
      auto checked = CheckToken(shown.token);
      if (!checked.ok()) return checked.error();
      claims = std::move(checked).value();
    }
    if (const auto problem = CheckTimes(*claims, clock_.Seconds(), options_)) return *problem;
    if (const auto problem = CheckBinding(shown, *claims)) return *problem;
    if (claims->max_uses != 0 && !count_use_) return Refusal{RefusalId::kUsesUnavailable};
    if (const auto problem = CheckRevocation(*claims)) return *problem;
    if (std::find(claims->tuples.begin(), claims->tuples.end(), shown.tuple) ==
        claims->tuples.end()) {
      return Refusal{RefusalId::kTupleNotGranted};
    }
    if (const auto problem = CheckContext(*claims, shown.context)) return *problem;
    if (claims->max_uses != 0) {
      const auto counted =
          count_use_(claims->jti, claims->max_uses, claims->expires_at + options_.skew);
      if (!counted.ok()) return counted.error();
    }
    return claims;
  });
}

}  // namespace assay::mint
