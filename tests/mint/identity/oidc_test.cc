#include "assay/mint/oidc.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using testing::HeaderOf;
using testing::KeyOf;
using testing::OtherKeyOf;
using testing::Outcome;
using testing::Replaced;
using testing::Sign;

constexpr char kDiscovery[] =
    R"({"issuer":"https://id.example","jwks_uri":"https://id.example/keys","x":[1]})";
constexpr char kClaims[] =
    R"({"iss":"https://id.example","sub":"agent","aud":"mint","exp":1300,"iat":1000})";

std::string Jwks(const SigningKey& key) { return "{\"keys\":[" + key.public_key().ToJwk() + "]}"; }

class Oidc : public ::testing::Test {
 protected:
  std::int64_t now = 1'100'000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  const SigningKey& key = KeyOf(Algorithm::kRs256);
  const SigningKey& other = OtherKeyOf(Algorithm::kRs256);
  OidcOptions options{.issuer = "https://id.example", .audience = "mint", .skew = 0};

  OidcVerifier FromFiles() {
    return OidcVerifier::FromDocuments(options, clock, kDiscovery, Jwks(key)).value();
  }
  std::string_view Verify(const std::string& claims) {
    return Outcome(FromFiles().Verify(Sign(key, HeaderOf(key, "JWT"), claims)));
  }
  std::string_view With(std::string_view from, std::string_view to) {
    return Verify(Replaced(kClaims, from, to));
  }
};

TEST_F(Oidc, GivesTheIdentityOfItsSubject) {
  const auto identity = FromFiles().Verify(Sign(key, HeaderOf(key, ""), kClaims));
  ASSERT_TRUE(identity.ok()) << RefusalName(identity.error().id);
  EXPECT_EQ(identity.value().kind(), IdentityKind::kOidc);
  EXPECT_EQ(identity.value().issuer(), "https://id.example");
  EXPECT_EQ(identity.value().subject(), "agent");
  EXPECT_EQ(identity.value().expires_at(), 1300);
}

TEST_F(Oidc, T13TheIssuerIsExact) {
  for (const char* issuer : {"https://id.example/", "https://id.example:443", "http://id.example",
                             "https://ID.example", "https://id.example.evil", "id.example"}) {
    EXPECT_EQ(With("https://id.example", issuer), "issuer_mismatch") << issuer;
  }
  EXPECT_EQ(With("\"iss\"", "\"isz\""), "claim_missing");
}

TEST_F(Oidc, ChecksItsClaims) {
  EXPECT_EQ(Verify(kClaims), "ok");
  EXPECT_EQ(With("\"mint\"", "[\"mint\",\"x\"]"), "audience_not_single");
  EXPECT_EQ(With("\"mint\"", "\"other\""), "audience_mismatch");
  EXPECT_EQ(With("\"sub\"", "\"sup\""), "claim_missing");
  EXPECT_EQ(With(",\"iat\":1000", ""), "claim_missing");
  EXPECT_EQ(With("1300", "90000"), "lifetime_too_long");
  EXPECT_EQ(With("1300", "1100"), "expired");
}

TEST_F(Oidc, TheAuthorizedPartyIsOneThatIsKnown) {
  EXPECT_EQ(With("\"iat\"", "\"azp\":\"mint\",\"iat\""), "ok");
  EXPECT_EQ(With("\"iat\"", "\"azp\":\"x\",\"iat\""), "authorized_party");
  EXPECT_EQ(With("\"iat\"", "\"azp\":[],\"iat\""), "claim_malformed");
  options.authorized_parties = {"x", "y"};
  EXPECT_EQ(With("\"iat\"", "\"azp\":\"y\",\"iat\""), "ok");
  EXPECT_EQ(With("\"iat\"", "\"azp\":\"mint\",\"iat\""), "authorized_party");
}

TEST_F(Oidc, T09RefusesOtherTypes) {
  for (const char* type : {"at+jwt", "dpop+jwt", "logout+jwt"}) {
    EXPECT_EQ(Outcome(FromFiles().Verify(Sign(key, HeaderOf(key, type), kClaims))),
              "type_mismatch");
  }
}

TEST_F(Oidc, T13TheDiscoveryDocumentIsTheIssuers) {
  const auto read = [&](const std::string& discovery, const std::string& jwks) {
    return Outcome(OidcVerifier::FromDocuments(options, clock, discovery, jwks));
  };
  EXPECT_EQ(read(kDiscovery, Jwks(key)), "ok");
  EXPECT_EQ(read(Replaced(kDiscovery, "https://id.example", "https://evil.example"), Jwks(key)),
            "discovery_issuer");
  EXPECT_EQ(read(Replaced(kDiscovery, "\"issuer\"", "\"i\""), Jwks(key)), "discovery_malformed");
  EXPECT_EQ(
      read(Replaced(kDiscovery, "https://id.example/keys", "http://id.example/keys"), Jwks(key)),
      "discovery_malformed");
  EXPECT_EQ(read("{", Jwks(key)), "json_malformed");
  EXPECT_EQ(read(std::string(2'000'000, ' '), Jwks(key)), "discovery_malformed");
  EXPECT_EQ(read(kDiscovery, "{}"), "key_set_malformed");
}

// An issuer that is asked over a network that the test has in hand.
class OidcFetch : public Oidc {
 protected:
  std::vector<std::string> asked;
  std::optional<std::string> discovery = kDiscovery;
  std::optional<std::string> jwks = Jwks(key);

  Checked<OidcVerifier> Start() {
    return OidcVerifier::FromFetch(options, clock, [this](std::string_view url) {
      asked.emplace_back(url);
      return asked.back() == "https://id.example/keys" ? jwks : discovery;
    });
  }
  std::string_view VerifyOther(const OidcVerifier& verifier) {
    return Outcome(verifier.Verify(Sign(other, HeaderOf(other, ""), kClaims)));
  }
};

TEST_F(OidcFetch, AsksWhereTheStandardSays) {
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(asked, (std::vector<std::string>{"https://id.example/.well-known/openid-configuration",
                                             "https://id.example/keys"}));
}

TEST_F(OidcFetch, NeedsBothDocumentsToStart) {
  jwks.reset();
  EXPECT_EQ(Outcome(Start()), "keys_unavailable");
  discovery.reset();
  EXPECT_EQ(Outcome(Start()), "keys_unavailable");
  discovery = "{}";
  EXPECT_EQ(Outcome(Start()), "discovery_malformed");
  discovery = kDiscovery;
  jwks = "{}";
  EXPECT_EQ(Outcome(Start()), "key_set_malformed");
}

TEST_F(OidcFetch, FetchesKeysAgainForAnUnknownName) {
  const auto verifier = Start();
  jwks = Jwks(other);
  EXPECT_EQ(VerifyOther(verifier.value()), "ok");
  EXPECT_EQ(asked.size(), 3u);
  EXPECT_EQ(Outcome(verifier.value().Verify(Sign(key, HeaderOf(key, ""), kClaims))), "key_unknown");
}

TEST_F(OidcFetch, T17AFloodOfUnknownNamesFetchesOnce) {
  const auto verifier = Start();
  for (int i = 0; i < 10'000; ++i) {
    const std::string token = R"({"alg":"RS256","kid":")" + std::to_string(i) + "\"}";
    ASSERT_EQ(Outcome(verifier.value().Verify(testing::Encode(token, kClaims, "x"))),
              "key_unknown");
  }
  EXPECT_EQ(asked.size(), 3u);
  now += 29'999;
  EXPECT_EQ(VerifyOther(verifier.value()), "key_unknown");
  EXPECT_EQ(asked.size(), 3u);
  now += 1;
  EXPECT_EQ(VerifyOther(verifier.value()), "key_unknown");
  EXPECT_EQ(asked.size(), 4u);
}

TEST_F(OidcFetch, T17KeysThatCannotBeReadLeaveTheOldOnes) {
  const auto verifier = Start();
  for (const std::optional<std::string>& broken :
       {std::optional<std::string>(), std::optional<std::string>("{}"),
        std::optional<std::string>(std::string(2'000'000, ' '))}) {
    jwks = broken;
    now += 30'000;
    EXPECT_EQ(VerifyOther(verifier.value()), "key_unknown");
    EXPECT_EQ(Outcome(verifier.value().Verify(Sign(key, HeaderOf(key, ""), kClaims))), "ok");
  }
}

}  // namespace
}  // namespace assay::mint
