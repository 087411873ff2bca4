// X.509-SVIDs: what is shown, by whom, and who vouches for it.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "assay/mint/limits.h"
#include "assay/mint/spiffe.h"
#include "engine/mint/identity/certificate.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/digest.h"
#include "tests/mint/certificates.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using testing::BundleJson;
using testing::Certificate;
using testing::CertificateSpec;
using testing::MakeAuthority;
using testing::MakeCertificate;
using testing::MakeSvid;
using testing::Outcome;
using testing::ServerWithPeer;
using testing::SvidSpec;

constexpr char kAgent[] = "spiffe://a.example/agent";

class X509Svid : public ::testing::Test {
 protected:
  std::int64_t now = 1'000'000'000'000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  TrustStore store;
  X509SvidVerifier verifier{store, clock, {.audience = "mint"}};
  Certificate root = MakeAuthority("a.example");

  X509Svid() {
    Trust("a.example", {root});
    Trust("empty.example", {});
  }
  void Trust(const std::string& domain, const std::vector<Certificate>& authorities) {
    const auto bundle = TrustBundle::FromJson(domain, BundleJson(authorities));
    ASSERT_TRUE(bundle.ok());
    ASSERT_TRUE(store.Update(bundle.value()).ok());
  }
  // The outcome of a handshake in which this chain is shown.
  std::string_view Peer(const std::vector<Certificate>& chain) {
    return Outcome(verifier.VerifyPeer(ServerWithPeer(chain).get()));
  }
  std::string_view Leaf(const CertificateSpec& spec) {
    return Peer({MakeCertificate(spec, &root)});
  }
  // A leaf with one extension changed, or left out for "".
  std::string_view LeafWith(const std::string& name, const std::string& value) {
    CertificateSpec spec = SvidSpec(kAgent);
    const auto found = std::find_if(spec.extensions.begin(), spec.extensions.end(),
                                    [&](const auto& extension) { return extension.first == name; });
    if (found != spec.extensions.end()) spec.extensions.erase(found);
    if (!value.empty()) spec.extensions.emplace_back(name, value);
    return Leaf(spec);
  }
};

TEST_F(X509Svid, OfACompletedHandshake) {
  const Certificate svid = MakeSvid(kAgent, root);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto identity = verifier.VerifyPeer(ServerWithPeer({svid}, true, version).get());
    ASSERT_TRUE(identity.ok()) << RefusalName(identity.error().id);
    EXPECT_EQ(identity.value().kind(), IdentityKind::kX509Svid);
    EXPECT_EQ(identity.value().issuer(), "a.example");
    EXPECT_EQ(identity.value().subject(), kAgent);
    EXPECT_EQ(identity.value().expires_at(), 2'000'000'000);
    EXPECT_EQ(identity.value().certificate_thumbprint(), jose::Sha256Text(svid.Der()));
  }
}

TEST_F(X509Svid, OfAHandshakeThatIsNotComplete) {
  const Certificate svid = MakeSvid(kAgent, root);
  EXPECT_EQ(Outcome(verifier.VerifyPeer(ServerWithPeer({svid}, false).get())),
            "handshake_incomplete");
  EXPECT_EQ(Outcome(verifier.VerifyPeer(nullptr)), "handshake_incomplete");
  EXPECT_EQ(Outcome(verifier.VerifyPeer(ServerWithPeer({svid}, true, TLS1_1_VERSION).get())),
            "handshake_incomplete");
  EXPECT_EQ(Peer({}), "certificate_missing");
}

TEST_F(X509Svid, T15Names) {
  EXPECT_EQ(LeafWith("subjectAltName", "URI:spiffe://a.example/x,URI:spiffe://a.example/y"),
            "certificate_name");
  EXPECT_EQ(LeafWith("subjectAltName", "URI:spiffe://a.example/x,DNS:a.example"), "ok");
  EXPECT_EQ(LeafWith("subjectAltName", "DNS:a.example"), "certificate_name");
  EXPECT_EQ(LeafWith("subjectAltName", ""), "certificate_name");
  EXPECT_EQ(LeafWith("subjectAltName", "URI:https://a.example/x"), "spiffe_id_malformed");
  EXPECT_EQ(LeafWith("subjectAltName", "URI:spiffe://a.example"), "spiffe_id_malformed");
  EXPECT_EQ(LeafWith("subjectAltName", "URI:spiffe://a.example/"), "spiffe_id_malformed");
}

TEST_F(X509Svid, T15Usages) {
  EXPECT_EQ(LeafWith("basicConstraints", "critical,CA:TRUE"), "certificate_authority");
  EXPECT_EQ(LeafWith("basicConstraints", ""), "ok");
  EXPECT_EQ(LeafWith("keyUsage", "critical,digitalSignature,keyCertSign"), "certificate_usage");
  EXPECT_EQ(LeafWith("keyUsage", "critical,digitalSignature,cRLSign"), "certificate_usage");
  EXPECT_EQ(LeafWith("keyUsage", "critical,keyAgreement"), "certificate_usage");
  EXPECT_EQ(LeafWith("keyUsage", "digitalSignature"), "certificate_usage");
  EXPECT_EQ(LeafWith("keyUsage", ""), "certificate_usage");
  EXPECT_EQ(LeafWith("extendedKeyUsage", ""), "ok");
  EXPECT_EQ(LeafWith("extendedKeyUsage", "clientAuth"), "certificate_usage");
  EXPECT_EQ(LeafWith("extendedKeyUsage", "codeSigning"), "certificate_usage");
}

TEST_F(X509Svid, T15Paths) {
  const Certificate middle = MakeAuthority("a.example", &root);
  const Certificate svid = MakeSvid(kAgent, middle);
  EXPECT_EQ(Peer({svid, middle}), "ok");
  EXPECT_EQ(Peer({svid}), "certificate_untrusted");
  EXPECT_EQ(Peer({svid, MakeAuthority("a.example", &root)}), "certificate_untrusted");
  // Signed by whom the bundle does not name, though it brings its root along.
  const Certificate stranger = MakeAuthority("a.example");
  EXPECT_EQ(Peer({MakeSvid(kAgent, stranger), stranger}), "certificate_untrusted");
  // A leaf is no authority.
  const Certificate leaf = MakeSvid(kAgent, root);
  EXPECT_EQ(Peer({MakeSvid("spiffe://a.example/admin", leaf), leaf}), "certificate_untrusted");
  const Certificate vague = MakeCertificate(
      {.extensions = {{"keyUsage", "critical,keyCertSign"}, {"subjectKeyIdentifier", "hash"}}},
      &root);
  EXPECT_EQ(Peer({MakeSvid(kAgent, vague), vague}), "certificate_untrusted");
  // An authority of another domain below the right root.
  const Certificate foreign = MakeAuthority("b.example", &root);
  EXPECT_EQ(Peer({MakeSvid(kAgent, foreign), foreign}), "certificate_untrusted");
}

TEST_F(X509Svid, T15TrustDomains) {
  const Certificate other = MakeAuthority("b.example");
  Trust("b.example", {other});
  EXPECT_EQ(Peer({MakeSvid("spiffe://b.example/x", other)}), "ok");
  EXPECT_EQ(Peer({MakeSvid(kAgent, other)}), "certificate_untrusted");
  EXPECT_EQ(Peer({MakeSvid("spiffe://b.example/x", root)}), "certificate_untrusted");
  EXPECT_EQ(Peer({MakeSvid("spiffe://empty.example/x", root)}), "certificate_untrusted");
  EXPECT_EQ(Peer({MakeSvid("spiffe://c.example/x", root)}), "trust_domain_unknown");
}

TEST_F(X509Svid, T15Times) {
  CertificateSpec spec = SvidSpec(kAgent);
  spec.not_after = 999'999'999;
  EXPECT_EQ(Leaf(spec), "expired");
  spec.not_after = 2'000'000'000;
  spec.not_before = 1'000'000'001;
  EXPECT_EQ(Leaf(spec), "not_yet_valid");
  const Certificate old = MakeAuthority("a.example", &root, {.not_after = 999'999'999});
  EXPECT_EQ(Peer({MakeSvid(kAgent, old), old}), "expired");
  const Certificate brief = MakeAuthority("a.example", &root, {.not_after = 1'500'000'000});
  const auto identity = verifier.VerifyPeer(ServerWithPeer({MakeSvid(kAgent, brief), brief}).get());
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity.value().expires_at(), 1'500'000'000);
}

TEST_F(X509Svid, T15NameConstraints) {
  const Certificate bound = MakeAuthority(
      "", &root, {.extensions = {{"nameConstraints", "critical,permitted;URI:b.example"}}});
  EXPECT_EQ(Peer({MakeSvid(kAgent, bound), bound}), "certificate_constraint");
  const Certificate fitting = MakeAuthority(
      "", &root, {.extensions = {{"nameConstraints", "critical,permitted;URI:a.example"}}});
  EXPECT_EQ(Peer({MakeSvid(kAgent, fitting), fitting}), "ok");
}

class Challenge : public X509Svid {
 protected:
  Certificate svid = MakeSvid(kAgent, root);

  std::string_view Answer(const std::string& challenge, const std::vector<std::string>& chain,
                          const std::string& signature) {
    const std::vector<std::string_view> views(chain.begin(), chain.end());
    return Outcome(verifier.VerifyChallenge(challenge, views, signature));
  }
  std::string SignatureOf(const std::string& challenge) {
    return svid.SignEs256(X509SvidVerifier::ChallengeMessage("mint", challenge));
  }
};

TEST_F(Challenge, IsAnsweredOnceWithTheKeyOfTheCertificate) {
  const std::string challenge = verifier.NewChallenge().value();
  EXPECT_EQ(challenge.size(), 43u);
  EXPECT_NE(verifier.NewChallenge().value(), challenge);
  const std::string answer = SignatureOf(challenge);
  EXPECT_EQ(Answer(challenge, {svid.Der()}, answer), "ok");
  EXPECT_EQ(Answer(challenge, {svid.Der()}, answer), "challenge_unknown");
}

TEST_F(Challenge, ACertificateAloneProvesNothing) {
  const auto fresh = [&] { return verifier.NewChallenge().value(); };
  EXPECT_EQ(Answer(fresh(), {svid.Der()}, ""), "signature_invalid");
  EXPECT_EQ(Answer(fresh(), {svid.Der()}, SignatureOf(fresh())), "signature_invalid");
  std::string challenge = fresh();
  EXPECT_EQ(Answer(challenge, {svid.Der()}, svid.SignEs256(challenge)), "signature_invalid");
  challenge = fresh();
  EXPECT_EQ(Answer(challenge, {svid.Der()},
                   svid.SignEs256(X509SvidVerifier::ChallengeMessage("other", challenge))),
            "signature_invalid");
  const Certificate thief = MakeSvid("spiffe://a.example/thief", root);
  challenge = fresh();
  EXPECT_EQ(Answer(challenge, {svid.Der()},
                   thief.SignEs256(X509SvidVerifier::ChallengeMessage("mint", challenge))),
            "signature_invalid");
  EXPECT_EQ(Answer("made up", {svid.Der()}, SignatureOf("made up")), "challenge_unknown");
}

TEST_F(Challenge, NeedsCertificatesThatAreSome) {
  const auto fresh = [&] { return verifier.NewChallenge().value(); };
  EXPECT_EQ(Answer(fresh(), {}, ""), "certificate_missing");
  EXPECT_EQ(Answer(fresh(), {"not one"}, ""), "certificate_malformed");
  EXPECT_EQ(Answer(fresh(), {svid.Der() + "x"}, ""), "certificate_malformed");
  EXPECT_EQ(Answer(fresh(), {svid.Der(), ""}, ""), "certificate_malformed");
  EXPECT_EQ(Answer(fresh(), std::vector<std::string>(10, svid.Der()), ""), "certificate_malformed");
  EXPECT_EQ(Answer(fresh(), {std::string(70'000, '0')}, ""), "certificate_malformed");
  const Certificate stranger = MakeAuthority("a.example");
  EXPECT_EQ(Answer(fresh(), {MakeSvid(kAgent, stranger).Der()}, ""), "certificate_untrusted");
}

TEST_F(Challenge, IsOpenForAMinute) {
  const std::string challenge = verifier.NewChallenge().value();
  now += 60'000;
  EXPECT_EQ(Answer(challenge, {svid.Der()}, SignatureOf(challenge)), "challenge_unknown");
}

TEST_F(Challenge, OnlySoManyAreOpen) {
  for (std::size_t i = 0; i < limits::kChallenges; ++i) {
    ASSERT_TRUE(verifier.NewChallenge().ok());
  }
  EXPECT_EQ(Outcome(verifier.NewChallenge()), "challenge_limit");
  now += 60'000;
  EXPECT_EQ(Outcome(verifier.NewChallenge()), "ok");
}

// Appendix A of the standard: a certificate, and the thumbprint that a token has of it.
TEST(Rfc8705, AppendixACertificateThumbprint) {
  std::string der;
  ASSERT_TRUE(
      jose::DecodeBase64("MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx"
                         "ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG"
                         "SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ"
                         "/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID"
                         "SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV"
                         "bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=",
                         &der));
  const X509Ptr certificate = identity::ParseCertificate(der);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(identity::CertificateThumbprint(certificate.get()),
            "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0");
}

}  // namespace
}  // namespace assay::mint
