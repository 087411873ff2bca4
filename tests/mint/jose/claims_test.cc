#include "engine/mint/jose/claims.h"

#include <gmock/gmock.h>

#include <string>

#include "engine/mint/jose/json.h"
#include "tests/mint/tokens.h"

namespace assay::mint::jose {
namespace {

using testing::Outcome;

json::Node Claims(const std::string& text) { return ParseObject(text, "test").value(); }

std::string_view Times(const std::string& text, std::int64_t now = 1000, std::int64_t skew = 0) {
  return Outcome(CheckTimes(Claims(text), now, {.skew = skew, .most_lifetime = 300}));
}

TEST(Claims, T10TimesMustBeWholeNumbersThatMakeSense) {
  EXPECT_EQ(Times(R"({"exp":1100})"), "ok");
  EXPECT_EQ(Times("{}"), "claim_missing");
  for (const char* value : {"\"1100\"", "-1", "1100.0", "11e2", "true", "null", "[1100]",
                            "9223372036854775808", "9223372036854775807", "253402300800"}) {
    for (const char* name : {"exp", "nbf", "iat"}) {
      const std::string others = std::string(name) == "exp" ? "" : ",\"exp\":1100";
      EXPECT_EQ(Times("{\"" + std::string(name) + "\":" + value + others + "}"), "claim_malformed")
          << name << value;
    }
  }
  EXPECT_EQ(Times(R"({"exp":1100,"nbf":1100})"), "claim_malformed");
  EXPECT_EQ(Times(R"({"exp":1100,"iat":1200})", 1300), "claim_malformed");
}

TEST(Claims, T10TheSkewIsExact) {
  EXPECT_EQ(Times(R"({"exp":1000})", 999), "ok");
  EXPECT_EQ(Times(R"({"exp":1000})", 1000), "expired");
  EXPECT_EQ(Times(R"({"exp":1000})", 1004, 5), "ok");
  EXPECT_EQ(Times(R"({"exp":1000})", 1005, 5), "expired");
  EXPECT_EQ(Times(R"({"exp":1100,"nbf":1000})", 1000), "ok");
  EXPECT_EQ(Times(R"({"exp":1100,"nbf":1001})", 1000), "not_yet_valid");
  EXPECT_EQ(Times(R"({"exp":1100,"nbf":1005})", 1000, 5), "ok");
  EXPECT_EQ(Times(R"({"exp":1100,"nbf":1006})", 1000, 5), "not_yet_valid");
  EXPECT_EQ(Times(R"({"exp":1100,"iat":1001})", 1000), "issued_in_future");
  EXPECT_EQ(Times(R"({"exp":1100,"iat":1005})", 1000, 5), "ok");
}

TEST(Claims, T10LongLifetimesAreRefused) {
  EXPECT_EQ(Times(R"({"exp":1300,"iat":1000})"), "ok");
  EXPECT_EQ(Times(R"({"exp":1301,"iat":1000})"), "lifetime_too_long");
  EXPECT_EQ(Times(R"({"exp":1300})"), "ok");
  EXPECT_EQ(Times(R"({"exp":1301})"), "lifetime_too_long");
  EXPECT_EQ(Outcome(CheckTimes(Claims(R"({"exp":1100})"), 1000,
                               {.most_lifetime = 300, .issued_at_required = true})),
            "claim_missing");
}

TEST(Claims, T12TheAudienceIsOneAndExact) {
  const auto audience = [](const std::string& value) {
    return Outcome(CheckAudience(Claims("{\"aud\":" + value + "}"), "https://a.example/x"));
  };
  EXPECT_EQ(audience("\"https://a.example/x\""), "ok");
  EXPECT_EQ(audience("[\"https://a.example/x\"]"), "ok");
  EXPECT_EQ(Outcome(CheckAudience(Claims("{}"), "a")), "claim_missing");
  EXPECT_EQ(audience("[]"), "claim_missing");
  EXPECT_EQ(audience("[\"https://a.example/x\",\"b\"]"), "audience_not_single");
  EXPECT_EQ(audience("7"), "claim_malformed");
  EXPECT_EQ(audience("[7]"), "claim_malformed");
  for (const char* other : {"https://a.example/", "https://a.example/x/", "https://A.example/x",
                            "https://a.example/xy", "", "https://a.example/x "}) {
    EXPECT_EQ(audience("\"" + std::string(other) + "\""), "audience_mismatch") << other;
  }
}

TEST(Claims, TextsAreNeitherEmptyNorLong) {
  EXPECT_EQ(ReadText(Claims(R"({"a":"b"})"), "a").value(), "b");
  EXPECT_EQ(Outcome(ReadText(Claims("{}"), "a")), "claim_missing");
  EXPECT_EQ(Outcome(ReadText(Claims(R"({"a":""})"), "a")), "claim_malformed");
  EXPECT_EQ(Outcome(ReadText(Claims(R"({"a":1})"), "a")), "claim_malformed");
  EXPECT_EQ(Outcome(ReadText(Claims("{\"a\":\"" + std::string(2049, 'x') + "\"}"), "a")),
            "claim_malformed");
}

}  // namespace
}  // namespace assay::mint::jose
