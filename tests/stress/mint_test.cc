// Threads that verify grants while others revoke them and replace keys and bundles.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "assay/mint/spiffe.h"
#include "tests/mint/grant/grants.h"

namespace assay::mint {
namespace {

using testing::kCertificate;
using testing::KeyOf;
using testing::kIssuedAt;

const Clock& TestClock() {
  static const Clock clock([] { return kIssuedAt * 1000; }, [] { return kIssuedAt * 1000; });
  return clock;
}

TEST(MintStress, NothingIsAcceptedOnceItsRevocationHasReturned) {
  constexpr int kGrants = 200;
  std::vector<std::string> tokens;
  for (int i = 0; i < kGrants; ++i) {
    GrantClaims claims = testing::SomeClaims();
    claims.jti = std::to_string(i);
    tokens.push_back(testing::Signed(claims));
  }
  RevocationView revocations(TestClock());
  revocations.MarkAuthoritative();
  GrantVerifier verifier(testing::SomeOptions(), testing::MintKeys(), TestClock(), &revocations);
  std::atomic<int> revoked = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> accepted = 0;
  std::atomic<int> asked = 0;
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&, reader] {
      for (int i = reader; revoked < kGrants; i = (i + 7) % kGrants) {
        const bool gone = i < revoked;
        const bool ok = verifier
                            .Verify({.token = tokens[static_cast<std::size_t>(i)],
                                     .tuple = testing::kTuple,
                                     .certificate_thumbprint = kCertificate})
                            .ok();
        if (gone && ok) ++wrong;
        if (ok) ++accepted;
        ++asked;
      }
    });
  }
  threads.emplace_back([&] {
    while (revoked < kGrants) {
      if (!verifier.SetKeys(testing::MintKeys()).ok()) ++wrong;
    }
  });
  while (asked < 3) std::this_thread::yield();  // The readers have begun, and nothing is revoked.
  for (int i = 0; i < kGrants; ++i) {
    if (!revocations.Revoke(RevocationKind::kGrant, std::to_string(i), kIssuedAt, kIssuedAt + 60)
             .ok()) {
      ++wrong;
    }
    revoked = i + 1;
    std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(accepted, 0);
}

TEST(MintStress, BundlesAreReplacedWhileTokensAreVerified) {
  const SigningKey& key = KeyOf(Algorithm::kEs256);
  const std::string entry = testing::Replaced(key.public_key().ToJwk(), "\"sig\"", "\"jwt-svid\"");
  TrustStore store;
  const auto update = [&](int sequence) {
    return store
        .Update(TrustBundle::FromJson("a.example",
                                      "{\"keys\":[" + entry +
                                          "],\"spiffe_sequence\":" + std::to_string(sequence) + "}")
                    .value())
        .ok();
  };
  ASSERT_TRUE(update(0));
  const JwtSvidVerifier verifier(store, TestClock(), {.audience = "mint"});
  const std::string token =
      testing::Sign(key, testing::HeaderOf(key, ""),
                    R"({"sub":"spiffe://a.example/agent","aud":"mint","exp":1000300})");
  std::atomic<bool> done = false;
  std::atomic<int> refused = 0;
  std::thread reader([&] {
    while (!done) refused += verifier.Verify(token).ok() ? 0 : 1;
  });
  for (int i = 1; i <= 100; ++i) EXPECT_TRUE(update(i));
  done = true;
  reader.join();
  EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace assay::mint
