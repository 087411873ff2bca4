// No allocation failure gets through a door of the mint itself, and none makes a grant that is not
// recorded.
#include <gtest/gtest.h>

#include <memory>

#include "assay/mint/explain.h"
#include "tests/alloc/fail_each.h"
#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using assay::testing::FailEach;
using testing::Ask;
using testing::MintWorld;
using testing::Workload;

TEST(MintAllocationFailure, DoesNotEscapeFromTheMint) {
  const MintPolicies policies = testing::Policies();
  const VerifiedIdentity identity = Workload();
  const MintRequest request = Ask("read");
  const MintRequest refused = Ask("read", "vault");
  // A ledger that ran out of memory while it wrote has stopped: each run has its own.
  std::unique_ptr<MintWorld> world;
  const auto prepare = [&] {
    world = std::make_unique<MintWorld>();
    world->Published();
  };
  FailEach("Mint::Publish", prepare, [&] { return world->mint->Publish(policies).ok(); });
  FailEach("Mint::Issue", prepare, [&] {
    const auto grant = world->mint->Issue(identity, request);
    if (!grant.ok()) return false;
    EXPECT_EQ(world->ledger->grants().size(), 1U);
    EXPECT_GT(world->ledger->durable_count(), grant.value().sequence);
    return true;
  });
  FailEach("Mint::Issue of what is denied", prepare, [&] {
    const auto grant = world->mint->Issue(identity, refused);
    EXPECT_FALSE(grant.ok());
    return grant.error().id == RefusalId::kDenied;
  });
  FailEach("Mint::Revoke", prepare, [&] {
    return world->mint->Revoke(RevocationKind::kTask, "a task with a long name", "done").ok();
  });
  FailEach("Mint::RecordRefused", prepare, [&] {
    return world->mint->RecordRefused({RefusalId::kExpired, "svid"}).ok();
  });

  prepare();
  ASSERT_TRUE(world->mint->Issue(identity, request).ok());
  const Record record = world->Last();
  FailEach("ReplayDecision", [&] {
    const auto replay = ReplayDecision(record, policies.program);
    return replay.ok() && replay.value().agrees;
  });
}

}  // namespace
}  // namespace assay::mint
