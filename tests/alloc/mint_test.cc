// No allocation failure gets through a door of the mint, whichever allocation it is.
#include <gtest/gtest.h>

#include <string>

#include "assay/mint/oidc.h"
#include "assay/mint/spiffe.h"
#include "tests/alloc/fail_each.h"
#include "tests/mint/certificates.h"
#include "tests/mint/grant/grants.h"

namespace assay::mint {
namespace {

using assay::testing::FailEach;
using testing::HeaderOf;
using testing::KeyOf;
using testing::Sign;

constexpr std::int64_t kNow = testing::kIssuedAt + 1;

const Clock& TestClock() {
  static const Clock clock([] { return kNow * 1000; }, [] { return kNow * 1000; });
  return clock;
}

TEST(MintAllocationFailure, DoesNotEscapeFromKeys) {
  const std::string jwk = KeyOf(Algorithm::kEs256).public_key().ToJwk();
  const std::string jwks = "{\"keys\":[" + jwk + "]}";
  const Secret pem = KeyOf(Algorithm::kEs256).ToPem();
  FailEach("PublicKey::FromJwk", [&] { return PublicKey::FromJwk(jwk).ok(); });
  FailEach("KeySet::FromJwks", [&] { return KeySet::FromJwks(jwks).ok(); });
  FailEach("SigningKey::Generate", [] { return SigningKey::Generate(Algorithm::kEs256).ok(); });
  FailEach("SigningKey::FromPem",
           [&] { return SigningKey::FromPem(pem.view(), Algorithm::kEs256).ok(); });
  FailEach("Sign", [] { return KeyOf(Algorithm::kEs256).Sign("message").ok(); });
  const std::string signature = KeyOf(Algorithm::kEs256).Sign("message").value();
  FailEach("Verify",
           [&] { return KeyOf(Algorithm::kEs256).public_key().Verify("message", signature); });
}

TEST(MintAllocationFailure, DoesNotEscapeFromIdentities) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string jwk = key.public_key().ToJwk();
  const auto root = testing::MakeAuthority("a.example");
  const std::string bundle = testing::BundleJson({root});
  const std::string both =
      testing::Replaced(bundle, "[", "[" + testing::Replaced(jwk, "\"sig\"", "\"jwt-svid\"") + ",");
  FailEach("SpiffeId::Parse",
           [] { return SpiffeId::Parse("spiffe://a.example/agent/of/some/length").ok(); });
  FailEach("TrustBundle::FromJson", [&] { return TrustBundle::FromJson("a.example", both).ok(); });
  TrustStore store;
  const TrustBundle read = TrustBundle::FromJson("a.example", both).value();
  FailEach("TrustStore::Update", [&] {
    TrustStore fresh;
    return fresh.Update(read).ok();
  });
  const std::string map = "{\"trust_domains\":{\"a.example\":" + both + "}}";
  FailEach("TrustStore::UpdateFromMap", [&] { return store.UpdateFromMap(map).ok(); });

  const JwtSvidVerifier svids(store, TestClock(), {.audience = "mint"});
  const std::string svid =
      Sign(key, HeaderOf(key, "JWT"),
           R"({"sub":"spiffe://a.example/agent","aud":"mint","exp":1000300,"iat":1000000})");
  FailEach("JwtSvidVerifier", [&] { return svids.Verify(svid).ok(); });

  const X509SvidVerifier peers(store, TestClock(), {.audience = "mint"});
  const auto peer = testing::ServerWithPeer({testing::MakeSvid("spiffe://a.example/x", root)});
  FailEach("X509SvidVerifier", [&] { return peers.VerifyPeer(peer.get()).ok(); });
  FailEach("NewChallenge", [&] { return peers.NewChallenge().ok(); });

  const OidcOptions options{.issuer = "https://id.example", .audience = "mint"};
  const std::string discovery =
      R"({"issuer":"https://id.example","jwks_uri":"https://id.example/keys"})";
  const std::string jwks = "{\"keys\":[" + jwk + "]}";
  OidcOptions given;
  FailEach("OidcVerifier::FromDocuments", [&] {
    try {
      given = options;
    } catch (const std::bad_alloc&) {
      return false;  // not the mint's
    }
    return OidcVerifier::FromDocuments(std::move(given), TestClock(), discovery, jwks).ok();
  });
  const auto oidc = OidcVerifier::FromDocuments(options, TestClock(), discovery, jwks);
  const std::string token = Sign(
      key, HeaderOf(key, ""),
      R"({"iss":"https://id.example","sub":"agent","aud":"mint","exp":1000300,"iat":1000000})");
  FailEach("OidcVerifier", [&] { return oidc.value().Verify(token).ok(); });
}

TEST(MintAllocationFailure, DoesNotEscapeFromGrants) {
  RevocationView revocations(TestClock());
  revocations.MarkAuthoritative();
  FailEach("Revoke", [&] {
    return revocations.Revoke(RevocationKind::kTask, std::string_view(testing::kCertificate), 0, 0)
        .ok();
  });
  const Record context{{"a", "some text that is not short"}, {"b", Value(Value::Set{1, 2})}};
  GrantClaims claims = testing::SomeClaims();
  claims.pinned_members = {"a", "b"};
  claims.context_hash = HashPinnedContext(context, claims.pinned_members).value();
  FailEach("HashPinnedContext",
           [&] { return HashPinnedContext(context, claims.pinned_members).ok(); });
  const std::string token = testing::Signed(claims);
  GrantVerifierOptions options = testing::SomeOptions();
  options.cached_signatures = 0;
  GrantVerifier verifier(options, testing::MintKeys(), TestClock(), &revocations);
  const Presentation shown{.token = token,
                           .tuple = testing::kTuple,
                           .context = &context,
                           .certificate_thumbprint = testing::kCertificate};
  FailEach("GrantVerifier", [&] { return verifier.Verify(shown).ok(); });
  FailEach("SetKeys", [&] { return verifier.SetKeys(KeySet()).ok(); });
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const ProofTarget target{"POST", "https://mail.example/send"};
  FailEach("MakeDpopProof", [&] { return MakeDpopProof(key, target, kNow).ok(); });
  const DpopVerifier proofs(TestClock());
  FailEach("DpopVerifier", [&] {
    // Fresh each time, as none is taken twice; made without failing is not what is measured here.
    const auto proof = MakeDpopProof(key, target, kNow);
    return proof.ok() && proofs.Verify(proof.value(), target).ok();
  });
}

}  // namespace
}  // namespace assay::mint
