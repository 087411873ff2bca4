#include <array>
#include <utility>

#include "assay/mint/spiffe.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/base/openssl.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/claims.h"
#include "engine/mint/jose/jws.h"

namespace assay::mint {

namespace {

// JWT-SVID, section 2: these algorithms and types, and no other members of the header.
constexpr std::array<std::string_view, 2> kTypes = {"JWT", "JOSE"};
const jose::JwsRules kRules{.algorithms = {Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512,
                                           Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512,
                                           Algorithm::kPs256, Algorithm::kPs384, Algorithm::kPs512},
                            .types = kTypes,
                            .type_optional = true,
                            .known_members_only = true};

// The subject, not yet proven: it says whose bundle to use.
Checked<SpiffeId> ReadSubject(const json::Node& claims) {
  const auto text = jose::ReadText(claims, "sub");
  if (!text.ok()) return text.error();
  auto id = SpiffeId::Parse(text.value());
  if (id.ok() && id.value().path.empty()) return Refusal{RefusalId::kSpiffeIdMalformed, "path"};
  return id;
}

}  // namespace

Checked<VerifiedIdentity> JwtSvidVerifier::Verify(std::string_view token) const noexcept {
  return Guard([&]() -> Checked<VerifiedIdentity> {
    const ErrorMark mark;
    const auto jws = jose::ParseJws(token, kRules);
    if (!jws.ok()) return jws.error();
    const auto claims = jose::ReadPayload(jws.value());
    if (!claims.ok()) return claims.error();
    const auto subject = ReadSubject(claims.value());
    if (!subject.ok()) return subject.error();
    const auto bundle = store_.Find(subject.value().trust_domain);
    if (!bundle) return Refusal{RefusalId::kTrustDomainUnknown};
    const PublicKey* key = bundle->jwt_keys().Find(jws.value().kid);
    if (key == nullptr) return Refusal{RefusalId::kKeyUnknown};
    if (const auto problem = jose::CheckSignature(jws.value(), *key)) return *problem;
    if (const auto problem = jose::CheckAudience(claims.value(), options_.audience)) {
      return *problem;
    }
    const auto times =
        jose::CheckTimes(claims.value(), clock_.Seconds(),
                         {.skew = options_.skew, .most_lifetime = options_.most_lifetime});
    if (!times.ok()) return times.error();
    return identity::Access::Make({IdentityKind::kJwtSvid,
                                   subject.value().trust_domain,
                                   subject.value().ToString(),
                                   times.value().expires_at,
                                   {}});
  });
}

}  // namespace assay::mint
