// A credential that is refused gets no identity, and a record that says why.
#include <gtest/gtest.h>

#include "assay/mint/spiffe.h"
#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::HeaderOf;
using testing::KeyOf;
using testing::kNow;
using testing::MintWorld;
using testing::Replaced;
using testing::Sign;

constexpr char kClaims[] = R"({"sub":"spiffe://a.example/agent","aud":"mint","exp":1000060})";

struct Attack {
  const char* name;
  std::string token;
  const char* refusal;
};

std::vector<Attack> Attacks() {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string header = HeaderOf(key, "JWT");
  const auto with_header = [&](std::string_view from, std::string_view to) {
    return Sign(key, Replaced(header, from, to), kClaims);
  };
  const auto with_claims = [&](std::string_view from, std::string_view to) {
    return Sign(key, header, Replaced(kClaims, from, to));
  };
  return {
      {"T01", with_header("ES256", "none"), "algorithm_none"},
      {"T02", with_header("ES256", "HS256"), "algorithm_symmetric"},
      {"T03", with_header("ES256", "RS256"), "algorithm_not_of_key"},
      {"T04", with_header("{", R"({"jku":"https://evil.example",)"), "header_key_injected"},
      {"T05", with_header(key.public_key().kid(), "../kid"), "key_unknown"},
      {"T06", with_header("{", R"({"crit":["x"],)"), "header_critical"},
      {"T07", with_claims("{", R"({"aud":"other",)"), "json_duplicate_member"},
      {"T08", Sign(key, header, kClaims) + "=", "not_base64url"},
      {"T08", Sign(key, header, kClaims) + ".a.b", "token_encrypted"},
      {"T09", with_header("JWT", "at+jwt"), "type_mismatch"},
      {"T10", with_claims("1000060", "1e400"), "json_malformed"},
      {"T11", with_claims("1000060", "999000"), "expired"},
      {"T12", with_claims(R"("mint")", R"("mint2")"), "audience_mismatch"},
      {"T14", with_claims("/agent", "/../agent"), "spiffe_id_malformed"},
      {"T16", with_claims("a.example", "empty.example"), "key_unknown"},
      {"T34", std::string(100'000'000, 'a'), "token_too_large"},
  };
}

TEST(Recorded, T01ToT34_EveryRefusedCredentialIsInTheLedger) {
  MintWorld world;
  TrustStore store;
  const std::string bundle =
      "{\"keys\":[" +
      Replaced(KeyOf(Algorithm::kEs256).public_key().ToJwk(), "\"sig\"", "\"jwt-svid\"") + "]}";
  ASSERT_TRUE(store.Update(TrustBundle::FromJson("a.example", bundle).value()).ok());
  ASSERT_TRUE(store.Update(TrustBundle::FromJson("empty.example", "{\"keys\":[]}").value()).ok());
  const JwtSvidVerifier verifier(store, world.clock, {.audience = "mint"});
  ASSERT_TRUE(verifier
                  .Verify(Sign(KeyOf(Algorithm::kEs256), HeaderOf(KeyOf(Algorithm::kEs256), "JWT"),
                               kClaims))
                  .ok());
  for (const Attack& attack : Attacks()) {
    const auto identity = verifier.Verify(attack.token);
    ASSERT_FALSE(identity.ok()) << attack.name;
    EXPECT_EQ(RefusalName(identity.error().id), attack.refusal) << attack.name;
    ASSERT_TRUE(world.mint->RecordRefused(identity.error()).ok());
    const Record record = world.Last();
    EXPECT_EQ(record.type, RecordType::kIdentityRefused);
    EXPECT_EQ(record.reason, RefusalName(identity.error().id));
  }
}

}  // namespace
}  // namespace assay::mint
