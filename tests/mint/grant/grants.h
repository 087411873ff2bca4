// Grants for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "assay/mint/grant.h"
#include "engine/mint/grant/grant_json.h"
#include "tests/mint/tokens.h"

namespace assay::mint::testing {

inline constexpr std::int64_t kIssuedAt = 1'000'000;

// Bound to a certificate whose thumbprint is kCertificate; one tuple; a minute long.
inline const std::string kCertificate(43, 'c');
inline const GrantTuple kTuple{"mail", {"Action", "send"}, {"Mailbox", "alice"}};

inline GrantClaims SomeClaims() {
  GrantClaims claims;
  claims.issuer = "https://mint.example";
  claims.subject = "spiffe://a.example/agent";
  claims.audience = "https://mail.example";
  claims.client_id = "spiffe://a.example/agent";
  claims.jti = "grant-1";
  claims.txn = "task-1";
  claims.issued_at = claims.not_before = kIssuedAt;
  claims.expires_at = kIssuedAt + 60;
  claims.tuples = {kTuple};
  claims.binding = {BindingKind::kMtls, kCertificate};
  claims.task = "task-1";
  claims.step = "1";
  claims.decision_id = "decision-1";
  claims.policy_digest = "sha256:00";
  claims.purpose = "answer";
  return claims;
}

inline GrantVerifierOptions SomeOptions() {
  return {.issuer = "https://mint.example", .audience = "https://mail.example", .skew = 0};
}

inline std::string Signed(const GrantClaims& claims) {
  const auto token = grant::SignGrant(claims, KeyOf(Algorithm::kEs256));
  EXPECT_TRUE(token.ok()) << token.error().about;
  return token.ok() ? token.value() : "";
}

inline KeySet MintKeys() {
  KeySet keys;
  EXPECT_TRUE(keys.Add(KeyOf(Algorithm::kEs256).public_key()).ok());
  return keys;
}

}  // namespace assay::mint::testing
