#include "assay/mint/oidc.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/base/openssl.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/claims.h"
#include "engine/mint/jose/json.h"
#include "engine/mint/jose/jws.h"

namespace assay::mint {

namespace identity {

struct OidcState {
  OidcState(OidcOptions chosen, const Clock& time) : options(std::move(chosen)), clock(time) {}

  OidcOptions options;
  const Clock& clock;
  FetchDocument fetch;  // empty: the keys stay as they are
  std::string jwks_uri;

  std::mutex keys_mutex;  // held only to copy or replace the pointer
  std::shared_ptr<const KeySet> keys;
  std::mutex fetch_mutex;  // held while fetching
  std::int64_t fetched_at = std::numeric_limits<std::int64_t>::min();

  std::shared_ptr<const KeySet> Keys() {
    const std::lock_guard lock(keys_mutex);
    return keys;
  }

  std::optional<Refusal> SetKeys(std::string_view jwks) {
    auto read = KeySet::FromJwks(jwks);
    if (!read.ok()) return read.error();
    auto fresh = std::make_shared<const KeySet>(std::move(read).value());
    const std::lock_guard lock(keys_mutex);
    keys = std::move(fresh);
    return std::nullopt;
  }

  // Whether there may be other keys now.
  bool Refetch() {
    if (!fetch) return false;
    const std::unique_lock lock(fetch_mutex, std::try_to_lock);
    if (!lock.owns_lock()) return false;
    const std::int64_t now = clock.BootMilliseconds();
    if (now - options.refetch_milliseconds < fetched_at) return false;
    fetched_at = now;
    const auto jwks = fetch(jwks_uri);
    return jwks && !SetKeys(*jwks);
  }
};

namespace {

constexpr std::array<std::string_view, 1> kTypes = {"JWT"};
const jose::JwsRules kRules{
    .algorithms = {Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512, Algorithm::kEs256,
                   Algorithm::kEs384, Algorithm::kEs512, Algorithm::kPs256, Algorithm::kPs384,
                   Algorithm::kPs512, Algorithm::kEdDsa},
    .types = kTypes,
    .type_optional = true};

// Where the keys are, if the document is the issuer's.
Checked<std::string> ReadDiscovery(std::string_view text, std::string_view issuer) {
  if (text.size() > limits::kDocumentBytes) return Refusal{RefusalId::kDiscoveryMalformed, "size"};
  const auto document = jose::ParseObject(text, "discovery document");
  if (!document.ok()) return document.error();
  const std::string* named = jose::FindString(document.value(), "issuer");
  if (named == nullptr) return Refusal{RefusalId::kDiscoveryMalformed, "issuer"};
  if (*named != issuer) return Refusal{RefusalId::kDiscoveryIssuer};
  const std::string* uri = jose::FindString(document.value(), "jwks_uri");
  if (uri == nullptr || uri->rfind("https://", 0) != 0) {
    return Refusal{RefusalId::kDiscoveryMalformed, "jwks_uri"};
  }
  return *uri;
}

std::optional<Refusal> CheckParty(const json::Node& claims, const OidcOptions& options) {
  const json::Node* azp = claims.Find("azp");
  if (azp == nullptr) return std::nullopt;
  if (azp->type != json::Type::kString) return Refusal{RefusalId::kClaimMalformed, "azp"};
  const auto& allowed = options.authorized_parties;
  const bool right = allowed.empty()
                         ? azp->string == options.audience
                         : std::find(allowed.begin(), allowed.end(), azp->string) != allowed.end();
  if (!right) return Refusal{RefusalId::kAuthorizedParty};
  return std::nullopt;
}

Checked<VerifiedIdentity> CheckClaims(const json::Node& claims, const OidcState& state) {
  const OidcOptions& options = state.options;
  const auto issuer = jose::ReadText(claims, "iss");
  if (!issuer.ok()) return issuer.error();
  if (issuer.value() != options.issuer) return Refusal{RefusalId::kIssuerMismatch};
  if (const auto problem = jose::CheckAudience(claims, options.audience)) return *problem;
  if (const auto problem = CheckParty(claims, options)) return *problem;
  const auto times = jose::CheckTimes(
      claims, state.clock.Seconds(),
      {.skew = options.skew, .most_lifetime = options.most_lifetime, .issued_at_required = true});
  if (!times.ok()) return times.error();
  auto subject = jose::ReadText(claims, "sub");
  if (!subject.ok()) return subject.error();
  return Access::Make(
      {IdentityKind::kOidc, options.issuer, subject.value(), times.value().expires_at, {}});
}

}  // namespace

}  // namespace identity

Checked<OidcVerifier> OidcVerifier::FromDocuments(OidcOptions options, const Clock& clock,
                                                  std::string_view discovery,
                                                  std::string_view jwks) noexcept {
  return Guard([&]() -> Checked<OidcVerifier> {
    const auto uri = identity::ReadDiscovery(discovery, options.issuer);
    if (!uri.ok()) return uri.error();
    auto state = std::make_shared<identity::OidcState>(std::move(options), clock);
    if (const auto problem = state->SetKeys(jwks)) return *problem;
    return OidcVerifier(std::move(state));
  });
}

Checked<OidcVerifier> OidcVerifier::FromFetch(OidcOptions options, const Clock& clock,
                                              FetchDocument fetch) noexcept {
  return Guard([&]() -> Checked<OidcVerifier> {
    std::string address = options.issuer;
    if (!address.empty() && address.back() == '/') address.pop_back();
    const auto discovery = fetch(address + "/.well-known/openid-configuration");
    if (!discovery) return Refusal{RefusalId::kKeysUnavailable, "discovery document"};
    auto uri = identity::ReadDiscovery(*discovery, options.issuer);
    if (!uri.ok()) return uri.error();
    const auto jwks = fetch(uri.value());
    if (!jwks) return Refusal{RefusalId::kKeysUnavailable, "jwks"};
    auto state = std::make_shared<identity::OidcState>(std::move(options), clock);
    if (const auto problem = state->SetKeys(*jwks)) return *problem;
    state->fetch = std::move(fetch);
    state->jwks_uri = uri.value();
    return OidcVerifier(std::move(state));
  });
}

Checked<VerifiedIdentity> OidcVerifier::Verify(std::string_view token) const noexcept {
  return Guard([&]() -> Checked<VerifiedIdentity> {
    const ErrorMark mark;
    const auto jws = jose::ParseJws(token, identity::kRules);
    if (!jws.ok()) return jws.error();
    auto keys = state_->Keys();
    const PublicKey* key = keys->Find(jws.value().kid);
    if (key == nullptr && state_->Refetch()) {
      keys = state_->Keys();
      key = keys->Find(jws.value().kid);
    }
    if (key == nullptr) return Refusal{RefusalId::kKeyUnknown};
    if (const auto problem = jose::CheckSignature(jws.value(), *key)) return *problem;
    const auto claims = jose::ReadPayload(jws.value());
    if (!claims.ok()) return claims.error();
    return identity::CheckClaims(claims.value(), *state_);
  });
}

}  // namespace assay::mint
