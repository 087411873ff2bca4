#include "assay/mint/key.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "assay/mint/limits.h"
#include "tests/mint/tokens.h"

namespace assay::mint {
namespace {

using testing::KeyOf;
using testing::OtherKeyOf;
using testing::Outcome;

constexpr Algorithm kAll[] = {
#define ALGORITHM(Name, name, type, curve, group, digest, bytes) Algorithm::Name,
#include "assay/mint/algorithms.def"
#undef ALGORITHM
};

const char kEc[] = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"k","alg":"ES256","use":"sig"})";

std::string Changed(std::string_view member, const nlohmann::json& value) {
  nlohmann::json jwk = nlohmann::json::parse(kEc);
  jwk[std::string(member)] = value;
  return jwk.dump();
}

std::string_view Read(const std::string& jwk) { return Outcome(PublicKey::FromJwk(jwk)); }

TEST(Key, SignsAndVerifiesWithEveryAlgorithm) {
  for (const Algorithm algorithm : kAll) {
    const SigningKey& key = KeyOf(algorithm);
    const auto signature = key.Sign("message");
    ASSERT_TRUE(signature.ok()) << AlgorithmName(algorithm);
    const PublicKey& verifier = key.public_key();
    EXPECT_EQ(verifier.algorithm(), algorithm);
    EXPECT_TRUE(verifier.Verify("message", signature.value())) << AlgorithmName(algorithm);
    EXPECT_FALSE(verifier.Verify("massage", signature.value())) << AlgorithmName(algorithm);
    EXPECT_FALSE(OtherKeyOf(algorithm).public_key().Verify("message", signature.value()));
    EXPECT_FALSE(verifier.Verify("message", ""));
    EXPECT_FALSE(verifier.Verify("message", signature.value() + '\0'));
    for (std::size_t bit = 0; bit < signature.value().size() * 8; bit += 13) {
      std::string flipped = signature.value();
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(verifier.Verify("message", flipped)) << AlgorithmName(algorithm) << bit;
    }
  }
}

TEST(Key, GoesThroughJwkAndPem) {
  for (const Algorithm algorithm : kAll) {
    const SigningKey& key = KeyOf(algorithm);
    const std::string jwk = key.public_key().ToJwk();
    const auto read = PublicKey::FromJwk(jwk);
    ASSERT_TRUE(read.ok()) << jwk;
    EXPECT_EQ(read.value().thumbprint(), key.public_key().thumbprint());
    EXPECT_EQ(read.value().kid(), key.public_key().kid());
    EXPECT_EQ(read.value().ToJwk(), jwk);
    EXPECT_EQ(jwk.find("\"d\""), std::string::npos);

    const Secret pem = key.ToPem();
    ASSERT_FALSE(pem.empty());
    const auto again = SigningKey::FromPem(pem.view(), algorithm, "other name");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value().public_key().thumbprint(), key.public_key().thumbprint());
    EXPECT_EQ(again.value().public_key().kid(), "other name");
  }
}

TEST(Key, IsNamedByItsThumbprintIfNobodyNamesIt) {
  const PublicKey& key = KeyOf(Algorithm::kEs256).public_key();
  EXPECT_EQ(key.kid(), key.thumbprint());
  EXPECT_EQ(key.thumbprint().size(), 43u);
}

TEST(Key, OfAnotherKindThanItsAlgorithmIsRefused) {
  const Secret pem = KeyOf(Algorithm::kEs256).ToPem();
  EXPECT_EQ(Outcome(SigningKey::FromPem(pem.view(), Algorithm::kEs384)), "algorithm_not_of_key");
  EXPECT_EQ(Outcome(SigningKey::FromPem(pem.view(), Algorithm::kEdDsa)), "algorithm_not_of_key");
  EXPECT_EQ(Outcome(SigningKey::FromPem(pem.view(), Algorithm::kRs256)), "algorithm_not_of_key");
  EXPECT_EQ(Outcome(SigningKey::FromPem("no key", Algorithm::kEs256)), "key_malformed");
  EXPECT_EQ(Outcome(SigningKey::FromPem(std::string(70'000, 'x'), Algorithm::kEs256)),
            "key_malformed");
}

TEST(Key, EncryptedPemIsRefusedWithoutAsking) {
  const char encrypted[] =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAAAAAAAAAAAAAAAAAAAAAA=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_EQ(Outcome(SigningKey::FromPem(encrypted, Algorithm::kEs256)), "key_malformed");
}

TEST(Jwk, WithoutAlgorithmIsBoundByItsCurve) {
  nlohmann::json jwk = nlohmann::json::parse(kEc);
  jwk.erase("alg");
  EXPECT_EQ(PublicKey::FromJwk(jwk.dump()).value().algorithm(), Algorithm::kEs256);
  nlohmann::json rsa = nlohmann::json::parse(KeyOf(Algorithm::kPs256).public_key().ToJwk());
  EXPECT_EQ(PublicKey::FromJwk(rsa.dump()).value().algorithm(), Algorithm::kPs256);
  rsa.erase("alg");
  EXPECT_EQ(PublicKey::FromJwk(rsa.dump()).value().algorithm(), Algorithm::kRs256);
}

TEST(Jwk, RefusesWhatIsNoPublicSignatureKey) {
  EXPECT_EQ(Read(kEc), "ok");
  EXPECT_EQ(Read(Changed("d", "AA")), "key_private");
  EXPECT_EQ(Read(Changed("k", "AA")), "key_private");
  EXPECT_EQ(Read(R"({"kty":"oct"})"), "key_private");
  EXPECT_EQ(Read(Changed("use", "enc")), "key_use");
  EXPECT_EQ(Read(Changed("use", 1)), "key_malformed");
  EXPECT_EQ(Read(Changed("key_ops", {"sign"})), "key_use");
  EXPECT_EQ(Read(Changed("key_ops", {"verify"})), "ok");
  EXPECT_EQ(Read(Changed("key_ops", "verify")), "key_malformed");
  EXPECT_EQ(Read(Changed("kty", "DSA")), "key_unsupported");
  EXPECT_EQ(Read(Changed("kty", nullptr)), "key_malformed");
  EXPECT_EQ(Read(Changed("crv", "secp256k1")), "key_unsupported");
  EXPECT_EQ(Read(Changed("alg", "ES384")), "key_unsupported");
  EXPECT_EQ(Read(Changed("alg", "RS256")), "key_unsupported");
  EXPECT_EQ(Read(Changed("alg", 256)), "key_malformed");
  EXPECT_EQ(Read(Changed("kid", 7)), "key_malformed");
  EXPECT_EQ(Read("[]"), "json_not_object");
  EXPECT_EQ(Read("{"), "json_malformed");
  EXPECT_EQ(Read(R"({"kty":"EC","kty":"EC"})"), "json_duplicate_member");
  EXPECT_EQ(Read(std::string(2'000'000, ' ')), "key_malformed");
}

TEST(Jwk, RefusesCoordinatesThatAreNot) {
  EXPECT_EQ(Read(Changed("x", "AAAA")), "key_malformed");
  EXPECT_EQ(Read(Changed("x", 1)), "key_malformed");
  EXPECT_EQ(Read(Changed("y", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")), "key_malformed");
  EXPECT_EQ(Read(Changed("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1")), "key_malformed");
  EXPECT_EQ(Read(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"), "key_malformed");
}

TEST(Jwk, RefusesWeakRsaKeys) {
  nlohmann::json rsa = nlohmann::json::parse(KeyOf(Algorithm::kRs256).public_key().ToJwk());
  const std::string n = rsa["n"];
  rsa["n"] = n.substr(0, 172);  // 1032 bits
  EXPECT_EQ(Read(rsa.dump()), "key_weak");
  rsa["n"] = n + n + n + n;
  EXPECT_EQ(Read(rsa.dump()), "key_malformed");
  rsa["n"] = jose::EncodeBase64url(std::string(1025, '\x7f'));  // 8199 bits
  EXPECT_EQ(Read(rsa.dump()), "key_weak");
  rsa["n"] = "AAAA" + n;  // a second text for the same number
  EXPECT_EQ(Read(rsa.dump()), "key_malformed");
  rsa["n"] = n;
  for (const char* exponent : {"AQ", "Aw", "AQAA", "AQABAAAAAAAAAQ"}) {
    rsa["e"] = exponent;
    EXPECT_EQ(Read(rsa.dump()), "key_weak") << exponent;
  }
}

TEST(KeySet, FindsKeysByTheirExactName) {
  const std::string jwks = std::string("{\"keys\":[") + kEc + "]}";
  const auto set = KeySet::FromJwks(jwks);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set.value().size(), 1u);
  EXPECT_NE(set.value().Find("k"), nullptr);
  EXPECT_EQ(set.value().Find("K"), nullptr);
  EXPECT_EQ(set.value().Find(""), nullptr);
  EXPECT_EQ(set.value().Find(std::string_view("k\0", 2)), nullptr);
  EXPECT_EQ(KeySet::FromJwks(set.value().ToJwks()).value().ToJwks(), set.value().ToJwks());
}

TEST(KeySet, LeavesOutWhatIsNotSupported) {
  const std::string jwks = std::string("{\"keys\":[") + kEc + "," + Changed("crv", "P-999") + "," +
                           Changed("use", "enc") + "," + Changed("kid", "") +
                           R"(,{"kty":"XYZ"}],"more":1})";
  const auto set = KeySet::FromJwks(jwks);
  ASSERT_TRUE(set.ok()) << RefusalName(set.error().id);
  EXPECT_EQ(set.value().size(), 1u);
}

TEST(KeySet, RefusesTheWholeSetForAnAmbiguousOrPrivateKey) {
  const auto read = [](const std::string& keys) {
    return Outcome(KeySet::FromJwks("{\"keys\":" + keys + "}"));
  };
  EXPECT_EQ(read("[]"), "ok");
  EXPECT_EQ(read("{}"), "key_set_malformed");
  EXPECT_EQ(read(std::string("[") + kEc + "," + kEc + "]"), "key_id_duplicate");
  EXPECT_EQ(read(std::string("[") + kEc + R"(,{"kty":"oct","k":"AA","kid":"h"}])"), "key_private");
  EXPECT_EQ(read("[" + Changed("x", "AAAA") + "]"), "key_malformed");
  EXPECT_EQ(read("[1]"), "key_malformed");
  EXPECT_EQ(Outcome(KeySet::FromJwks("{}")), "key_set_malformed");
  EXPECT_EQ(Outcome(KeySet::FromJwks("")), "json_malformed");
  EXPECT_EQ(Outcome(KeySet::FromJwks(std::string(2'000'000, ' '))), "key_set_malformed");
  std::string many = "[{}";
  for (std::size_t i = 0; i < limits::kKeys; ++i) many += ",{}";
  EXPECT_EQ(read(many + "]"), "key_set_malformed");
}

TEST(Algorithms, AreKnownByTheirExactNamesOnly) {
  for (const Algorithm algorithm : kAll) {
    EXPECT_EQ(FindAlgorithm(AlgorithmName(algorithm)), algorithm);
  }
  for (const char* name : {"none", "None", "HS256", "es256", "ES256K", "RS1", "", "RSA-OAEP"}) {
    EXPECT_EQ(FindAlgorithm(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace assay::mint
