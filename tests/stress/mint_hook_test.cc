// Threads that mint, publish, revoke and verify at the same time.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::Ask;
using testing::kThumbprint;
using testing::MintWorld;
using testing::Workload;

TEST(MintStress, MintPublishVerifyAndRevokeAtOnce) {
  MintWorld world;
  world.Published();
  const GrantVerifier server = world.Server(testing::kServer, CountUsesIn(world.ledger.get()));
  std::atomic<bool> is_done = false;
  std::atomic<int> minted = 0;
  std::atomic<int> accepted = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; !is_done; ++i) {
        const auto grant = world.mint->Issue(Workload(), Ask(t == 0 ? "delete" : "read"));
        if (!grant.ok()) {
          if (grant.error().id != RefusalId::kPolicyChanged) ++wrong;
          continue;
        }
        ++minted;
        const GrantClaims& claims = grant.value().claims;
        const Presentation shown{.token = grant.value().token.view(),
                                 .tuple = claims.tuples[0],
                                 .certificate_thumbprint = kThumbprint};
        if (server.Verify(shown).ok()) ++accepted;
        // Of high risk: a second use is none. Otherwise it ends when it is revoked.
        if (t == 0 && server.Verify(shown).ok()) ++wrong;
        if (i % 2 != 0) continue;
        if (!world.mint->Revoke(RevocationKind::kGrant, claims.jti, "done").ok()) ++wrong;
        if (server.Verify(shown).ok()) ++wrong;
      }
    });
  }
  for (int i = 0; i < 30; ++i) {
    world.Published();
    world.world.now_ms += 1;
  }
  while (minted < 100) std::this_thread::yield();
  is_done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(accepted, minted);
}

}  // namespace
}  // namespace assay::mint
