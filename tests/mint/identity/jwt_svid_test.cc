#include <gmock/gmock.h>

#include <string>

#include "assay/mint/spiffe.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using testing::HeaderOf;
using testing::KeyOf;
using testing::OtherKeyOf;
using testing::Outcome;
using testing::Replaced;
using testing::Sign;

constexpr char kClaims[] =
    R"({"sub":"spiffe://a.example/agent","aud":["mint"],"exp":1300,"iat":1000})";

std::string Bundle(const SigningKey& key) {
  return "{\"keys\":[" + Replaced(key.public_key().ToJwk(), "\"sig\"", "\"jwt-svid\"") + "]}";
}

class JwtSvid : public ::testing::Test {
 protected:
  std::int64_t now = 1'100'000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  TrustStore store;
  JwtSvidVerifier verifier{store, clock, {.audience = "mint", .skew = 0}};
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const SigningKey& other = OtherKeyOf(Algorithm::kEs256);

  JwtSvid() {
    EXPECT_TRUE(store.Update(TrustBundle::FromJson("a.example", Bundle(key)).value()).ok());
    EXPECT_TRUE(store.Update(TrustBundle::FromJson("b.example", Bundle(other)).value()).ok());
    EXPECT_TRUE(store.Update(TrustBundle::FromJson("empty.example", "{\"keys\":[]}").value()).ok());
  }

  std::string_view Verify(const std::string& claims) {
    return Outcome(verifier.Verify(Sign(key, HeaderOf(key, "JWT"), claims)));
  }
  std::string_view With(std::string_view from, std::string_view to) {
    return Verify(Replaced(kClaims, from, to));
  }
};

TEST_F(JwtSvid, GivesTheIdentityOfItsSubject) {
  const auto identity = verifier.Verify(Sign(key, HeaderOf(key, "JWT"), kClaims));
  ASSERT_TRUE(identity.ok()) << RefusalName(identity.error().id);
  EXPECT_EQ(identity.value().kind(), IdentityKind::kJwtSvid);
  EXPECT_EQ(identity.value().issuer(), "a.example");
  EXPECT_EQ(identity.value().subject(), "spiffe://a.example/agent");
  EXPECT_EQ(identity.value().expires_at(), 1300);
  EXPECT_EQ(identity.value().certificate_thumbprint(), "");
}

TEST_F(JwtSvid, AcceptsTheTypesAndAlgorithmsOfTheStandard) {
  EXPECT_EQ(Outcome(verifier.Verify(Sign(key, HeaderOf(key, ""), kClaims))), "ok");
  EXPECT_EQ(Outcome(verifier.Verify(Sign(key, HeaderOf(key, "JOSE"), kClaims))), "ok");
  for (const char* type : {"jwt", "at+jwt", "wit+jwt", "secevent+jwt"}) {
    EXPECT_EQ(Outcome(verifier.Verify(Sign(key, HeaderOf(key, type), kClaims))), "type_mismatch");
  }
  for (const Algorithm algorithm :
       {Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512, Algorithm::kEs384,
        Algorithm::kEs512, Algorithm::kPs256, Algorithm::kPs384, Algorithm::kPs512}) {
    const SigningKey& signer = KeyOf(algorithm);
    TrustStore own;
    ASSERT_TRUE(own.Update(TrustBundle::FromJson("a.example", Bundle(signer)).value()).ok());
    const JwtSvidVerifier check(own, clock, {.audience = "mint"});
    EXPECT_EQ(Outcome(check.Verify(Sign(signer, HeaderOf(signer, ""), kClaims))), "ok");
  }
  const SigningKey& eddsa = KeyOf(Algorithm::kEdDsa);
  EXPECT_EQ(Outcome(verifier.Verify(Sign(eddsa, HeaderOf(eddsa, ""), kClaims))),
            "algorithm_not_allowed");
}

// The standard's own reference for validation, its appendix A, row by row; it prints no tokens.
TEST_F(JwtSvid, AppendixAOfTheStandard) {
  // `alg`: one of the values in its table, reject otherwise.
  for (const char* algorithm : {"none", "HS256", "EdDSA", "ES256K", ""}) {
    const std::string header = Replaced(HeaderOf(key, "JWT"), "ES256", algorithm);
    EXPECT_NE(Outcome(verifier.Verify(Sign(key, header, kClaims))), "ok") << algorithm;
  }
  // `aud`: at least one value present, and one of them is us.
  EXPECT_EQ(With(R"(["mint"])", "[]"), "claim_missing");
  EXPECT_EQ(With(R"("aud":["mint"],)", ""), "claim_missing");
  EXPECT_EQ(With(R"(["mint"])", R"(["other"])"), "audience_mismatch");
  // `exp`: must be set, must not be in the past.
  EXPECT_EQ(With(R"("exp":1300)", R"("exp":1050)"), "expired");
  EXPECT_EQ(With(R"("exp":1300)", R"("x":1)"), "claim_missing");
  EXPECT_EQ(Verify(std::string(kClaims)), "ok");
}

TEST_F(JwtSvid, RefusesOtherMembersInTheHeader) {
  const std::string header = Replaced(HeaderOf(key, "JWT"), "{", R"({"cty":"JWT",)");
  EXPECT_EQ(Outcome(verifier.Verify(Sign(key, header, kClaims))), "header_member_forbidden");
}

TEST_F(JwtSvid, TheBundleIsThatOfTheSubjectsDomain) {
  // M02: the key of b.example vouches for nobody in a.example, though both are trusted.
  EXPECT_EQ(Outcome(verifier.Verify(Sign(other, HeaderOf(other, ""), kClaims))), "key_unknown");
  const std::string named = HeaderOf(key, "");  // a.example's kid over b.example's signature
  EXPECT_EQ(Outcome(verifier.Verify(Sign(other, named, kClaims))), "signature_invalid");
  EXPECT_EQ(With("a.example", "b.example"), "key_unknown");
  EXPECT_EQ(With("a.example", "empty.example"), "key_unknown");
  EXPECT_EQ(With("a.example", "c.example"), "trust_domain_unknown");
}

TEST_F(JwtSvid, T05KidsAreExactAndOfTheDomain) {
  for (const char* kid : {"../../etc/passwd", "' OR 1=1 --", "", "*"}) {
    const std::string header = R"({"alg":"ES256","kid":")" + std::string(kid) + "\"}";
    EXPECT_EQ(Outcome(verifier.Verify(Sign(key, header, kClaims))), "key_unknown") << kid;
  }
  EXPECT_EQ(Outcome(verifier.Verify(Sign(key, R"({"alg":"ES256"})", kClaims))), "key_id_missing");
  // The same kid in two trust domains: each vouches for its own.
  TrustStore both;
  const auto same =
      SigningKey::FromPem(other.ToPem().view(), Algorithm::kEs256, key.public_key().kid());
  ASSERT_TRUE(both.Update(TrustBundle::FromJson("a.example", Bundle(key)).value()).ok());
  ASSERT_TRUE(both.Update(TrustBundle::FromJson("b.example", Bundle(same.value())).value()).ok());
  const JwtSvidVerifier check(both, clock, {.audience = "mint"});
  EXPECT_EQ(Outcome(check.Verify(Sign(key, HeaderOf(key, ""), kClaims))), "ok");
  EXPECT_EQ(Outcome(check.Verify(Sign(same.value(), HeaderOf(key, ""), kClaims))),
            "signature_invalid");
}

TEST_F(JwtSvid, ChecksItsClaims) {
  EXPECT_EQ(Verify(kClaims), "ok");
  EXPECT_EQ(With("\"sub\"", "\"sup\""), "claim_missing");
  EXPECT_EQ(With("spiffe://a.example/agent", "agent"), "spiffe_id_malformed");
  EXPECT_EQ(With("spiffe://a.example/agent", "spiffe://a.example"), "spiffe_id_malformed");
  EXPECT_EQ(With("spiffe://a.example/agent", "spiffe://A.example/agent"), "spiffe_id_malformed");
  EXPECT_EQ(With("[\"mint\"]", "[\"mint\",\"x\"]"), "audience_not_single");
  EXPECT_EQ(With("[\"mint\"]", "\"mint\""), "ok");
  EXPECT_EQ(With("[\"mint\"]", "\"spiffe://a.example\""), "audience_mismatch");
  EXPECT_EQ(With("\"aud\":[\"mint\"],", ""), "claim_missing");
  EXPECT_EQ(With(",\"iat\":1000", ""), "ok");
  EXPECT_EQ(With("\"exp\":1300,", ""), "claim_missing");
  EXPECT_EQ(With("1300", "9000"), "lifetime_too_long");
  EXPECT_EQ(Verify("{}"), "claim_missing");
  EXPECT_EQ(Verify("[]"), "json_not_object");
  now = 1'300'000;
  EXPECT_EQ(Verify(kClaims), "expired");
}

TEST(JwtSvidClock, T11AnExpiredTokenStaysExpired) {
  std::int64_t wall = 1'301'000;
  std::int64_t boot = 0;
  const Clock clock([&] { return wall; }, [&] { return boot; });
  TrustStore store;
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  ASSERT_TRUE(store.Update(TrustBundle::FromJson("a.example", Bundle(key)).value()).ok());
  const JwtSvidVerifier verifier(store, clock, {.audience = "mint", .skew = 0});
  const std::string token = Sign(key, HeaderOf(key, ""), kClaims);
  EXPECT_EQ(Outcome(verifier.Verify(token)), "expired");
  wall -= 3'600'000;
  EXPECT_EQ(Outcome(verifier.Verify(token)), "expired");
}

TEST_F(JwtSvid, AnyFlippedBitRefusesIt) {
  const std::string token = Sign(key, HeaderOf(key, "JWT"), kClaims);
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(verifier.Verify(flipped).ok()) << bit;
  }
}

}  // namespace
}  // namespace assay::mint
