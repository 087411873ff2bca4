// The form of signed tokens, and what attackers make of it.
#include "engine/mint/jose/jws.h"

#include <gmock/gmock.h>

#include <string>

#include "engine/mint/jose/json.h"
#include "tests/mint/tokens.h"

namespace assay::mint::jose {
namespace {

using testing::Encode;
using testing::HeaderOf;
using testing::KeyOf;
using testing::OtherKeyOf;
using testing::Outcome;
using testing::Replaced;
using testing::Sign;
using namespace std::string_literals;

constexpr std::string_view kTypes[] = {"at+jwt"};

JwsRules Rules() { return {.algorithms = {Algorithm::kEs256, Algorithm::kEdDsa}, .types = kTypes}; }

// Everything a verifier does, for a set of keys.
std::string_view Verified(std::string_view token, const SigningKey& key,
                          const JwsRules& rules = Rules()) {
  const auto jws = ParseJws(token, rules);
  if (!jws.ok()) return Outcome(jws);
  if (const auto problem = CheckSignature(jws.value(), key.public_key())) return Outcome(problem);
  return Outcome(ReadPayload(jws.value()));
}

std::string_view WithHeader(std::string_view header) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  return Verified(Sign(key, header, "{}"), key);
}

std::string_view WithPayload(std::string_view payload) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  return Verified(Sign(key, HeaderOf(key, "at+jwt"), payload), key);
}

TEST(Jws, AcceptsWhatItSigns) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa}) {
    const SigningKey& key = KeyOf(algorithm);
    const auto token = SignJws(key, "at+jwt", R"({"a":1})");
    ASSERT_TRUE(token.ok());
    EXPECT_EQ(Verified(token.value(), key), "ok");
    const auto jws = ParseJws(token.value(), Rules());
    EXPECT_EQ(jws.value().kid, key.public_key().kid());
    EXPECT_EQ(jws.value().type, "at+jwt");
    EXPECT_EQ(ReadPayload(jws.value()).value().Find("a")->integer, 1);
  }
}

TEST(Jws, T01UnsignedTokens) {
  for (const char* name : {"none", "None", "NONE", "nOnE"}) {
    const std::string header = R"({"typ":"at+jwt","kid":"k","alg":")" + std::string(name) + "\"}";
    EXPECT_EQ(Verified(Encode(header, "{}", ""), KeyOf(Algorithm::kEs256)), "algorithm_none");
    EXPECT_EQ(WithHeader(header), "algorithm_none");
  }
  EXPECT_EQ(WithHeader(R"({"typ":"at+jwt","kid":"k"})"), "algorithm_missing");
  EXPECT_EQ(WithHeader(R"({"typ":"at+jwt","kid":"k","alg":null})"), "header_malformed");
  EXPECT_EQ(WithHeader(R"({"typ":"at+jwt","kid":"k","alg":["ES256"]})"), "header_malformed");
}

TEST(Jws, T02SharedSecrets) {
  for (const char* name : {"HS256", "HS384", "HS512"}) {
    EXPECT_EQ(WithHeader(R"({"typ":"at+jwt","kid":"k","alg":")" + std::string(name) + "\"}"),
              "algorithm_symmetric");
  }
  EXPECT_EQ(WithHeader(R"({"typ":"at+jwt","kid":"k","alg":"hs256"})"), "algorithm_unsupported");
}

TEST(Jws, T03AlgorithmOfAnotherKey) {
  const JwsRules all{.algorithms = {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kRs256,
                                    Algorithm::kPs256, Algorithm::kEdDsa},
                     .types = kTypes};
  const SigningKey& rsa = KeyOf(Algorithm::kRs256);
  const auto pss = SigningKey::FromPem(rsa.ToPem().view(), Algorithm::kPs256);
  const auto token = SignJws(pss.value(), "at+jwt", "{}");
  EXPECT_EQ(Verified(token.value(), pss.value(), all), "ok");
  EXPECT_EQ(Verified(token.value(), rsa, all), "algorithm_not_of_key");
  const SigningKey& p384 = KeyOf(Algorithm::kEs384);
  EXPECT_EQ(Verified(Sign(p384, HeaderOf(p384, "at+jwt"), "{}"), KeyOf(Algorithm::kEs256), all),
            "algorithm_not_of_key");
  EXPECT_EQ(Verified(Sign(p384, HeaderOf(p384, "at+jwt"), "{}"), p384), "algorithm_not_allowed");
  // An RS256 header over a signature with another padding.
  EXPECT_EQ(Verified(Sign(pss.value(), HeaderOf(rsa, "at+jwt"), "{}"), rsa, all),
            "signature_invalid");
}

TEST(Jws, T03SignaturesThatAreNone) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string header = HeaderOf(key, "at+jwt");
  // The order of P-256.
  const std::string order =
      "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
      "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51"s;
  const std::string zero(32, '\0');
  const std::string one = std::string(31, '\0') + '\1';
  for (const std::string& signature :
       {std::string(), zero + zero, zero + one, one + zero, order + one, one + order, order + order,
        std::string(63, '\1'), std::string(65, '\1'), std::string(64, '\xff')}) {
    EXPECT_EQ(Verified(Encode(header, "{}", signature), key), "signature_invalid");
  }
  // A signature in DER is not what JOSE wants, though the same library makes it.
  const std::string der = "\x30\x06\x02\x01\x01\x02\x01\x01";
  EXPECT_EQ(Verified(Encode(header, "{}", der), key), "signature_invalid");
  EXPECT_EQ(Verified(Sign(OtherKeyOf(Algorithm::kEs256), header, "{}"), key), "signature_invalid");
}

TEST(Jws, T04KeysInTheHeader) {
  for (const char* name : {"jwk", "jku", "x5u", "x5c"}) {
    EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"k",")" + std::string(name) +
                         R"(":"x"})"),
              "header_key_injected");
  }
}

TEST(Jws, T05KeyIds) {
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt"})"), "key_id_missing");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":7})"), "header_malformed");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"a\u0000b"})"), "json_malformed");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"a","kid":"b"})"),
            "json_duplicate_member");
}

TEST(Jws, T06Extensions) {
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"k","crit":["exp"],"exp":1})"),
            "header_critical");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"k","crit":[]})"), "header_critical");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"k","b64":false})"),
            "header_critical");
}

TEST(Jws, T07JsonThatReadersDifferOn) {
  EXPECT_EQ(WithPayload(R"({"aud":"a","aud":"b"})"), "json_duplicate_member");
  EXPECT_EQ(WithPayload(R"({"aud":"a","\u0061ud":"b"})"), "json_duplicate_member");
  EXPECT_EQ(WithPayload(R"({"a":{"b":1,"b":2}})"), "json_duplicate_member");
  EXPECT_EQ(WithPayload("\xEF\xBB\xBF{}"), "json_malformed");
  EXPECT_EQ(WithPayload("{\"a\":\"\xff\"}"), "json_malformed");
  EXPECT_EQ(WithPayload("{\"a\":\"\xed\xa0\x80\"}"), "json_malformed");
  EXPECT_EQ(WithPayload(R"({"a":"\ud800"})"), "json_malformed");
  EXPECT_EQ(WithPayload(R"({"a":"\u0000"})"), "json_malformed");
  EXPECT_EQ(WithPayload(R"({"a\u0000":1})"), "json_malformed");
  EXPECT_EQ(WithPayload(R"({"a":1e400})"), "json_malformed");
  EXPECT_EQ(WithPayload(R"({"a":1,})"), "json_malformed");
  EXPECT_EQ(WithPayload(R"({} {})"), "json_malformed");
  EXPECT_EQ(WithPayload("{'a':1}"), "json_malformed");
  EXPECT_EQ(WithPayload(""), "json_malformed");
  EXPECT_EQ(WithPayload("[]"), "json_not_object");
  EXPECT_EQ(WithPayload("null"), "json_not_object");
}

TEST(Jws, T08OtherForms) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string token = Sign(key, HeaderOf(key, "at+jwt"), "{}");
  ASSERT_EQ(Verified(token, key), "ok");
  EXPECT_EQ(Verified(token + "=", key), "not_base64url");
  EXPECT_EQ(Verified(token + "\n", key), "not_base64url");
  EXPECT_EQ(Verified(" " + token, key), "not_base64url");
  EXPECT_EQ(Verified(token + ".", key), "token_malformed");
  EXPECT_EQ(Verified(token + "..", key), "token_encrypted");
  EXPECT_EQ(Verified("", key), "token_malformed");
  EXPECT_EQ(Verified("..", key), "json_malformed");
  EXPECT_EQ(Verified(R"({"payload":"e30","signatures":[]})", key), "token_malformed");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":"at+jwt","kid":"k","enc":"A128GCM"})"),
            "token_encrypted");
  // The last character of a signature of 64 bytes has four bits to spare.
  std::string spare = token;
  spare.back() = spare.back() == 'A' ? 'B' : static_cast<char>(spare.back() + 1);
  EXPECT_EQ(Verified(spare, key), "not_base64url");
  EXPECT_EQ(Verified(std::string(16'385, 'a'), key), "token_too_large");
}

TEST(Jws, T09TokensOfAnotherType) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  for (const char* type : {"JWT", "secevent+jwt", "wit+jwt", "statuslist+jwt", "dpop+jwt", "AT+JWT",
                           "at+jwt ", "application/at+jwt"}) {
    EXPECT_EQ(Verified(Sign(key, HeaderOf(key, type), "{}"), key), "type_mismatch") << type;
  }
  EXPECT_EQ(Verified(Sign(key, HeaderOf(key, ""), "{}"), key), "type_mismatch");
  EXPECT_EQ(WithHeader(R"({"alg":"ES256","typ":1,"kid":"k"})"), "header_malformed");
}

TEST(Jws, T34DeepOrLongJson) {
  std::string deep = "{\"a\":";
  for (int i = 0; i < 16; ++i) deep += "[";
  for (int i = 0; i < 16; ++i) deep += "]";
  EXPECT_EQ(WithPayload(deep + "}"), "json_too_deep");
  EXPECT_EQ(WithPayload(R"({"a":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]})"), "ok");
}

TEST(Jws, MayForbidMembersThatAreNotRegistered) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string header = Replaced(HeaderOf(key, "at+jwt"), "{", "{\"x\":1,");
  JwsRules rules = Rules();
  EXPECT_EQ(Verified(Sign(key, header, "{}"), key, rules), "ok");
  rules.known_members_only = true;
  EXPECT_EQ(Verified(Sign(key, header, "{}"), key, rules), "header_member_forbidden");
  EXPECT_EQ(Verified(Sign(key, HeaderOf(key, "at+jwt"), "{}"), key, rules), "ok");
}

TEST(Jws, AnyFlippedBitRefusesTheToken) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string token = Sign(key, HeaderOf(key, "at+jwt"), R"({"sub":"a"})");
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(Verified(flipped, key), "ok") << bit;
  }
}

}  // namespace
}  // namespace assay::mint::jose
