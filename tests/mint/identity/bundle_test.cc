#include <gmock/gmock.h>

#include <string>

#include "assay/mint/spiffe.h"
#include "tests/mint/certificates.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using testing::BundleJson;
using testing::KeyOf;
using testing::Outcome;
using testing::Replaced;

std::string JwtEntry(const SigningKey& key) {
  return Replaced(key.public_key().ToJwk(), "\"sig\"", "\"jwt-svid\"");
}

std::string_view Read(const std::string& json) {
  return Outcome(TrustBundle::FromJson("example.org", json));
}

TEST(Bundle, HasKeysAuthoritiesAndASequence) {
  const std::string json = BundleJson({testing::MakeAuthority("example.org")},
                                      R"(,"spiffe_sequence":7,"spiffe_refresh_hint":300)");
  const std::string both = Replaced(json, "[", "[" + JwtEntry(KeyOf(Algorithm::kEs256)) + ",");
  const auto bundle = TrustBundle::FromJson("example.org", both);
  ASSERT_TRUE(bundle.ok()) << RefusalName(bundle.error().id);
  EXPECT_EQ(bundle.value().trust_domain(), "example.org");
  EXPECT_EQ(bundle.value().sequence(), 7);
  EXPECT_EQ(bundle.value().refresh_hint(), 300);
  EXPECT_EQ(bundle.value().jwt_keys().size(), 1u);
  EXPECT_EQ(bundle.value().authority_count(), 1u);
}

TEST(Bundle, T16LeavesOutUnknownUses) {
  const std::string key = KeyOf(Algorithm::kEs256).public_key().ToJwk();
  const auto bundle = TrustBundle::FromJson(
      "example.org",
      "{\"keys\":[" + key + "," + Replaced(key, "\"sig\"", "\"future\"") +
          R"(,{"kty":"EC"},{"kty":"OKP","crv":"Ed448","kid":"q","use":"jwt-svid"}]})");
  ASSERT_TRUE(bundle.ok());
  EXPECT_EQ(bundle.value().jwt_keys().size(), 0u);
  EXPECT_EQ(bundle.value().authority_count(), 0u);
}

TEST(Bundle, RefusesWhatIsNotWellFormed) {
  const std::string good = BundleJson({testing::MakeAuthority("example.org")});
  EXPECT_EQ(Read(good), "ok");
  EXPECT_EQ(Read("{\"keys\":[]}"), "ok");
  EXPECT_EQ(Read("{}"), "bundle_malformed");
  EXPECT_EQ(Read("[]"), "json_not_object");
  EXPECT_EQ(Read("{\"keys\":[],\"keys\":[]}"), "json_duplicate_member");
  EXPECT_EQ(Read("{\"keys\":[1]}"), "bundle_malformed");
  EXPECT_EQ(Read("{\"keys\":[],\"spiffe_sequence\":\"7\"}"), "bundle_malformed");
  EXPECT_EQ(Read("{\"keys\":[],\"spiffe_sequence\":-1}"), "bundle_malformed");
  EXPECT_EQ(Read("{\"keys\":[],\"spiffe_refresh_hint\":1.5}"), "bundle_malformed");
  EXPECT_EQ(Read(Replaced(good, "\"use\"", "\"kid\":\"k\",\"use\"")), "bundle_malformed");
  EXPECT_EQ(Read(Replaced(good, "\"x5c\":[", "\"x5c\":[\"AA==\",")), "bundle_malformed");
  EXPECT_EQ(Read(R"({"keys":[{"use":"x509-svid"}]})"), "bundle_malformed");
  EXPECT_EQ(Read(R"({"keys":[{"use":"x509-svid","x5c":"AA=="}]})"), "bundle_malformed");
  EXPECT_EQ(Read(R"({"keys":[{"use":"x509-svid","x5c":["AA=="]}]})"), "bundle_malformed");
  EXPECT_EQ(Read(R"({"keys":[{"use":"x509-svid","x5c":["_w"]}]})"), "bundle_malformed");
  const auto leaf = testing::MakeSvid("spiffe://example.org/a", testing::MakeAuthority(""));
  EXPECT_EQ(Read(BundleJson({leaf})), "bundle_malformed");  // no authority
  const std::string entry = JwtEntry(KeyOf(Algorithm::kEs256));
  EXPECT_EQ(Read("{\"keys\":[" + entry + "," + entry + "]}"), "key_id_duplicate");
  EXPECT_EQ(Read("{\"keys\":[" + Replaced(entry, "\"kid\"", "\"kidd\"") + "]}"), "key_id_missing");
  EXPECT_EQ(Read("{\"keys\":[" + Replaced(entry, "\"kid\"", "\"d\":\"AA\",\"kid\"") + "]}"),
            "key_private");
  EXPECT_EQ(Read(std::string(5'000'000, ' ')), "bundle_malformed");
  EXPECT_EQ(Outcome(TrustBundle::FromJson("Example.org", good)), "bundle_malformed");
  EXPECT_EQ(Outcome(TrustBundle::FromJson("", good)), "bundle_malformed");
}

std::string_view Update(TrustStore* store, const std::string& json) {
  return Outcome(store->Update(TrustBundle::FromJson("example.org", json).value()));
}

TEST(TrustStore, T16TheSequenceNeverGoesBack) {
  TrustStore store;
  EXPECT_EQ(Update(&store, "{\"keys\":[]}"), "ok");
  EXPECT_EQ(Update(&store, "{\"keys\":[],\"spiffe_sequence\":7}"), "ok");
  EXPECT_EQ(Update(&store, "{\"keys\":[],\"spiffe_sequence\":7}"), "ok");
  EXPECT_EQ(Update(&store, "{\"keys\":[],\"spiffe_sequence\":7,\"a\":1}"), "bundle_sequence");
  EXPECT_EQ(Update(&store, "{\"keys\":[],\"spiffe_sequence\":6}"), "bundle_sequence");
  EXPECT_EQ(Update(&store, "{\"keys\":[]}"), "bundle_sequence");
  EXPECT_EQ(Update(&store, "{\"keys\":[],\"spiffe_sequence\":8}"), "ok");
  EXPECT_EQ(store.Find("example.org")->sequence(), 8);
  EXPECT_FALSE(store.Find("example.com"));
}

TEST(TrustStore, T16AMapIsUpdatedAsAWholeAndHasEachDomainOnce) {
  TrustStore store;
  const auto update = [&](const std::string& domains) {
    return Outcome(store.UpdateFromMap("{\"trust_domains\":{" + domains + "}}"));
  };
  EXPECT_EQ(update(R"("a.example":{"keys":[],"spiffe_sequence":2},"b.example":{"keys":[]})"), "ok");
  EXPECT_TRUE(store.Find("a.example") && store.Find("b.example"));
  EXPECT_EQ(update(R"("a.example":{"keys":[]},"a.example":{"keys":[]})"), "json_duplicate_member");
  EXPECT_EQ(update(R"("c.example":{"keys":[]},"A.example":{"keys":[]})"), "bundle_malformed");
  EXPECT_EQ(update(R"("c.example":{"keys":[]},"a.example":{"keys":[],"spiffe_sequence":1})"),
            "bundle_sequence");
  EXPECT_EQ(update(R"("c.example":[])"), "bundle_malformed");
  EXPECT_FALSE(store.Find("c.example"));
  EXPECT_EQ(Outcome(store.UpdateFromMap("{}")), "bundle_malformed");
  EXPECT_EQ(Outcome(store.UpdateFromMap("")), "json_malformed");
  EXPECT_EQ(Outcome(store.UpdateFromMap(std::string(5'000'000, ' '))), "bundle_malformed");
}

}  // namespace
}  // namespace assay::mint
