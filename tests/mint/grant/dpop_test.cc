// Proofs of possession, and what is wrong with some.
#include "assay/mint/dpop.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/mint/grant/http_url.h"
#include "engine/mint/jose/digest.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using nlohmann::json;
using testing::KeyOf;
using testing::Outcome;
using testing::Sign;

constexpr std::int64_t kNow = 1'562'262'616;

class Dpop : public ::testing::Test {
 protected:
  std::int64_t now = kNow * 1000;
  Clock clock{[this] { return now; }, [this] { return now; }};
  DpopVerifier verifier{clock, {.skew = 0}};
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  ProofTarget target{"POST", "https://server.example.com/token"};
  json header = {{"typ", "dpop+jwt"},
                 {"alg", "ES256"},
                 {"jwk", json::parse(KeyOf(Algorithm::kEs256).public_key().ToJwk())}};
  json claims = {
      {"jti", "1"}, {"htm", "POST"}, {"htu", "https://server.example.com/token"}, {"iat", kNow}};

  std::string_view Verify() {
    return Outcome(verifier.Verify(Sign(key, header.dump(), claims.dump()), target));
  }
  std::string_view With(const char* claim, const json& value) {
    json changed = claims;
    changed[claim] = value;
    changed["jti"] = std::string("other ") + claim;
    if (std::string(claim) == "jti") changed["jti"] = value;
    return Outcome(verifier.Verify(Sign(key, header.dump(), changed.dump()), target));
  }
  std::string_view WithHeader(const char* member, const json& value) {
    json changed = header;
    changed[member] = value;
    return Outcome(verifier.Verify(Sign(key, changed.dump(), claims.dump()), target));
  }
};

TEST_F(Dpop, ProvesTheKeyInItsHeader) {
  for (const Algorithm algorithm :
       {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256}) {
    const SigningKey& holder = KeyOf(algorithm);
    const auto proof = MakeDpopProof(holder, target, kNow);
    const auto proven = verifier.Verify(proof.value(), target);
    ASSERT_TRUE(proven.ok()) << RefusalName(proven.error().id);
    EXPECT_EQ(proven.value().thumbprint(), holder.public_key().thumbprint());
  }
  EXPECT_EQ(Verify(), "ok");
}

// RFC 9449, figures 1 and 12: the proofs the standard prints.
TEST_F(Dpop, OfTheStandardsExamples) {
  const std::string at_token_endpoint =
      "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0Vj"
      "NoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5V"
      "ERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCI"
      "sImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4"
      "vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
  const auto proven = verifier.Verify(at_token_endpoint, target);
  ASSERT_TRUE(proven.ok()) << RefusalName(proven.error().id);
  // Figure 10: the confirmation of that key.
  EXPECT_EQ(proven.value().thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");

  const std::string at_resource =
      "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0Vj"
      "NoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5V"
      "ERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiw"
      "iaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2Mj"
      "YxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtN"
      "P86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
  now += 2'000;
  const ProofTarget resource{"GET", "https://resource.example.org/protectedresource",
                             "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"};
  EXPECT_EQ(Outcome(verifier.Verify(at_resource, resource)), "ok");
  EXPECT_EQ(jose::Sha256Text(resource.token), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

TEST_F(Dpop, T18MethodAndAddressAreThoseOfTheRequest) {
  EXPECT_EQ(With("htm", "GET"), "proof_method");
  EXPECT_EQ(With("htm", "post"), "proof_method");
  EXPECT_EQ(With("htm", 1), "claim_malformed");
  EXPECT_EQ(With("htu", "https://server.example.com/token2"), "proof_url");
  EXPECT_EQ(With("htu", "https://server.example.com/token?x=1"), "proof_url");
  EXPECT_EQ(With("htu", "https://server.example.com/token#x"), "proof_url");
  EXPECT_EQ(With("htu", "http://server.example.com/token"), "proof_url");
  EXPECT_EQ(With("htu", "https://server.example.com:8443/token"), "proof_url");
  EXPECT_EQ(With("htu", "https://server.example.com/Token"), "proof_url");
  EXPECT_EQ(With("htu", "token"), "proof_url");
  EXPECT_EQ(With("htu", "HTTPS://Server.example.com:443/token"), "ok");
}

TEST_F(Dpop, T18TheTokenIsTheOneItGoesWith) {
  target.token = "a.b.c";
  EXPECT_EQ(With("x", 1), "claim_missing");
  EXPECT_EQ(With("ath", jose::Sha256Text("a.b.d")), "proof_token");
  EXPECT_EQ(With("ath", ""), "claim_malformed");
  EXPECT_EQ(With("ath", jose::Sha256Text("a.b.c")), "ok");
}

TEST_F(Dpop, T18TimesAreWithinTheWindow) {
  EXPECT_EQ(With("iat", kNow + 1), "issued_in_future");
  EXPECT_EQ(With("iat", std::to_string(kNow)), "claim_malformed");
  EXPECT_EQ(With("iat", nullptr), "claim_malformed");
  now += 59'999;
  EXPECT_EQ(With("iat", kNow), "ok");
  now += 1;
  claims["jti"] = "late";
  EXPECT_EQ(Verify(), "proof_stale");
}

TEST_F(Dpop, T18NothingFromBeforeAStartIsTaken) {
  EXPECT_EQ(Verify(), "ok");
  now += 1'000;
  const DpopVerifier restarted(clock, {.skew = 0});
  EXPECT_EQ(Outcome(restarted.Verify(Sign(key, header.dump(), claims.dump()), target)),
            "proof_stale");
}

TEST_F(Dpop, T18NoneIsTakenTwice) {
  EXPECT_EQ(Verify(), "ok");
  EXPECT_EQ(Verify(), "proof_replayed");
  now += 59'000;
  EXPECT_EQ(Verify(), "proof_replayed");
  EXPECT_EQ(With("jti", nullptr), "claim_malformed");
  claims.erase("jti");
  EXPECT_EQ(Verify(), "claim_missing");
}

TEST_F(Dpop, RemembersOnlySoMany) {
  const DpopVerifier small(clock, {.skew = 0, .most_proofs = 2});
  const auto verify = [&] {
    return Outcome(small.Verify(MakeDpopProof(key, target, now / 1000).value(), target));
  };
  EXPECT_EQ(verify(), "ok");
  EXPECT_EQ(verify(), "ok");
  EXPECT_EQ(verify(), "proof_limit");
  now += 60'000;
  EXPECT_EQ(verify(), "ok");
}

TEST_F(Dpop, T18KeysAreInTheHeaderPublicAndAsymmetric) {
  json jwk = header["jwk"];
  jwk["d"] = "AA";
  EXPECT_EQ(WithHeader("jwk", jwk), "key_private");
  EXPECT_EQ(WithHeader("jwk", {{"kty", "oct"}, {"k", "AA"}}), "key_private");
  EXPECT_EQ(WithHeader("jwk", 1), "key_malformed");
  EXPECT_EQ(WithHeader("alg", "HS256"), "algorithm_symmetric");
  EXPECT_EQ(WithHeader("alg", "none"), "algorithm_none");
  EXPECT_EQ(WithHeader("alg", "RS512"), "algorithm_not_allowed");
  EXPECT_EQ(WithHeader("alg", "EdDSA"), "algorithm_not_of_key");
  EXPECT_EQ(WithHeader("typ", "JWT"), "type_mismatch");
  EXPECT_EQ(WithHeader("typ", "at+jwt"), "type_mismatch");
  EXPECT_EQ(WithHeader("jwk", json::parse(KeyOf(Algorithm::kEs384).public_key().ToJwk())),
            "algorithm_not_of_key");
  EXPECT_EQ(
      WithHeader("jwk", json::parse(testing::OtherKeyOf(Algorithm::kEs256).public_key().ToJwk())),
      "signature_invalid");
  header.erase("jwk");
  EXPECT_EQ(Verify(), "header_malformed");
}

// Of WIMSE proof tokens none is accepted, so neither is one with another token's hash or an unknown
// one.
TEST_F(Dpop, T20ProofTokensOfOtherKindsAreRefused) {
  claims["wth"] = jose::Sha256Text("another token");
  claims["oth"] = {{"unknown", "x"}};
  for (const char* type : {"wpt+jwt", "wit+jwt", "txntoken+jwt"}) {
    EXPECT_EQ(WithHeader("typ", type), "type_mismatch");
  }
}

TEST_F(Dpop, TheNonceIsTheOneThatWasGiven) {
  target.nonce = "n1";
  EXPECT_EQ(Verify(), "proof_nonce");
  EXPECT_EQ(With("nonce", "n2"), "proof_nonce");
  EXPECT_EQ(With("nonce", "n1"), "ok");
  EXPECT_EQ(Outcome(verifier.Verify(MakeDpopProof(key, target, kNow).value(), target)), "ok");
}

TEST(HttpUrl, HasOneForm) {
  const auto normal = [](const char* url) { return grant::NormalUrl(url).value_or("none"); };
  EXPECT_EQ(normal("https://a.example"), "https://a.example/");
  EXPECT_EQ(normal("HTTPS://A.Example:443/B?c#d"), "https://a.example/B");
  EXPECT_EQ(normal("http://a.example:80/"), "http://a.example/");
  EXPECT_EQ(normal("http://a.example:443/"), "http://a.example:443/");
  EXPECT_EQ(normal("https://a.example?x"), "https://a.example/");
  for (const char* url : {"", "a.example/b", "ftp://a.example/", "https://", "https:///x",
                          "https://u@a.example/", "https://a.example/ b", "https://a.example/\n",
                          "https://\xc3\xa4.example/", "https://:443/"}) {
    EXPECT_EQ(normal(url), "none") << url;
  }
  EXPECT_EQ(grant::NormalUrl("https://a/" + std::string(5000, 'x')), std::nullopt);
}

}  // namespace
}  // namespace assay::mint
