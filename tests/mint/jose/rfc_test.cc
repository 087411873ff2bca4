// The examples that the standards print.
#include <gmock/gmock.h>

#include <string>

#include "engine/mint/jose/jws.h"
#include "tests/mint/tokens.h"

namespace assay::mint::jose {
namespace {

using testing::Outcome;
using testing::Replaced;

constexpr char kJoe[] =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

std::string Around(std::string_view before, std::string_view after) {
  std::string token(before);
  return token.append(kJoe).append(after);
}

std::string_view Verified(const std::string& token, const std::string& jwk) {
  const JwsRules any{
      .algorithms = {Algorithm::kEs256, Algorithm::kEs512, Algorithm::kRs256, Algorithm::kEdDsa},
      .type_optional = true,
      .key_id_required = false};
  const auto jws = ParseJws(token, any);
  if (!jws.ok()) return Outcome(jws);
  const auto key = PublicKey::FromJwk(jwk);
  if (!key.ok()) return Outcome(key);
  return Outcome(CheckSignature(jws.value(), key.value()));
}

// The signed example, and the same with another payload.
void ExpectOnlyAsPrinted(const std::string& token, const std::string& jwk) {
  EXPECT_EQ(Verified(token, jwk), "ok");
  EXPECT_EQ(Verified(Replaced(token, ".", ".eyJ9"), jwk), "signature_invalid");
}

TEST(Rfc7515, A2Rs256) {
  ExpectOnlyAsPrinted(
      Around(
          "eyJhbGciOiJSUzI1NiJ9.",
          ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
          "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARN"
          "PvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1"
          "phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"),
      R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPdd)"
      R"(xHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47s)"
      R"(oMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV)"
      R"(MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2)"
      R"(PAcDTW9gb54h4FRWyuXpoQ"})");
}

TEST(Rfc7515, A3Es256) {
  ExpectOnlyAsPrinted(
      Around("eyJhbGciOiJFUzI1NiJ9.",
             ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxf"
             "KTUJqPP3-Kg6NU1Q"),
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                          "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
}

TEST(Rfc7515, A4Es512) {
  ExpectOnlyAsPrinted(
      "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWRO"
      "c-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcn"
      "wNrmxYbSW9ERBXukOXolLzeO_Jn",
      R"({"kty":"EC","crv":"P-521",
          "x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
          "y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"})");
}

TEST(Rfc7515, A1A5A6AndEAreRefused) {
  EXPECT_EQ(Verified(Around("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.",
                            ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                     "{}"),
            "type_mismatch");
  EXPECT_EQ(Verified(Around("eyJhbGciOiJub25lIn0.", "."), "{}"), "algorithm_none");
  EXPECT_EQ(Verified(Around(R"({"payload":")", R"(","signatures":[]})"), "{}"), "token_malformed");
  EXPECT_EQ(Verified("eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0s"
                     "DQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.",
                     "{}"),
            "header_critical");
}

TEST(Rfc8037, A4EdDsaAndA3Thumbprint) {
  const std::string jwk =
      R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  ExpectOnlyAsPrinted(
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcv"
      "Mg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
      jwk);
  EXPECT_EQ(PublicKey::FromJwk(jwk).value().thumbprint(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(Rfc7638, Thumbprint) {
  const auto key = PublicKey::FromJwk(
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK)"
      R"(7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf)"
      R"(0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08)"
      R"(qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKn)"
      R"(qDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})");
  ASSERT_TRUE(key.ok()) << RefusalName(key.error().id);
  EXPECT_EQ(key.value().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Rfc7517, A1PublicKeysAndA2PrivateOnes) {
  const std::string keys =
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
          "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"}]})";
  // The example's key is for encryption; as one for signatures it is read.
  EXPECT_EQ(KeySet::FromJwks(keys).value().size(), 0u);
  const std::string signing = Replaced(keys, "\"enc\"", "\"sig\"");
  EXPECT_EQ(KeySet::FromJwks(signing).value().size(), 1u);
  EXPECT_EQ(Outcome(KeySet::FromJwks(Replaced(
                signing, "\"kid\"", R"("d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","kid")"))),
            "key_private");
}

}  // namespace
}  // namespace assay::mint::jose
