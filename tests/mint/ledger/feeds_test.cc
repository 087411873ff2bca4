// A verifier's uses and revocations, from a ledger.
#include <gtest/gtest.h>

#include <thread>

#include "assay/mint/ledger_feeds.h"
#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Mint;
using testing::Revoke;
using testing::World;

constexpr std::int64_t kExpiresAt = 1060;

// T22: one accept for each use, with 64 threads and over restarts.
TEST(LedgerFeeds, UsesAreCountedOnceEach) {
  World world;
  const auto race = [](const CountUse& count) {
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 64; ++t) {
      threads.emplace_back([&] {
        const Checked<bool> used = count("a", 3, kExpiresAt);
        if (used.ok()) ++accepted;
        EXPECT_TRUE(used.ok() || used.error().id == RefusalId::kUsesExhausted);
      });
    }
    for (std::thread& thread : threads) thread.join();
    return accepted.load();
  };
  auto ledger = world.CreateAndOpen();
  EXPECT_EQ(race(CountUsesIn(ledger.get())), 3);
  ledger.reset();
  ledger = world.Open();
  EXPECT_EQ(race(CountUsesIn(ledger.get())), 0);
}

TEST(LedgerFeeds, RefusalsAreThoseOfTheVerifier) {
  World world;
  auto ledger = world.CreateAndOpen();
  const CountUse count = CountUsesIn(ledger.get());
  ASSERT_TRUE(ledger->Append(Revoke("revoked", 1'060'000)).ok());
  EXPECT_EQ(count("revoked", 1, kExpiresAt).error().id, RefusalId::kRevoked);
  EXPECT_EQ(count("old", 1, 1).error().id, RefusalId::kExpired);
  EXPECT_EQ(count("far", 1, INT64_MAX).error().id, RefusalId::kExpired);
  world.now_ms = 0;
  EXPECT_EQ(count("b", 1, kExpiresAt).error().id, RefusalId::kUsesUnavailable);
  // Those that say something of the grant are on record.
  std::vector<std::string> refused;
  for (const Record& record : testing::ReadAll(world.folder)) {
    if (record.type != RecordType::kUseRefused) continue;
    refused.push_back(record.jti + ": " + record.reason);
  }
  EXPECT_EQ(refused, (std::vector<std::string>{"revoked: revoked", "old: expired"}));
}

// As long as a verifier whose clock is behind may accept what they end, and no longer.
TEST(LedgerFeeds, RevocationsAreKeptForTheSkewOfClocks) {
  std::int64_t now_ms = 1'000'000;
  const Clock clock([&] { return now_ms; }, [&] { return now_ms; });
  RevocationView view(clock);
  ASSERT_TRUE(TakeRevocation(Revoke("a", 1'060'000), &view).value());
  now_ms = 1'060'000 + limits::kMostSkewSeconds * 1000 - 1;
  view.Prune();
  EXPECT_TRUE(view.IsRevoked({.jti = "a"}, 1000));
  now_ms += 1;
  view.Prune();
  EXPECT_EQ(view.size(), 0U);
}

TEST(LedgerFeeds, RevocationsReachAViewInAnotherProcess) {
  World world;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Mint("a", 1'060'000)).ok());
  const Clock clock([] { return std::int64_t{1'000'000}; }, [] { return std::int64_t{1}; });
  RevocationView view(clock);
  auto reader = LedgerReader::Open(world.folder).value();
  EXPECT_EQ(FollowRevocations(&reader, &view).value(), 0U);
  EXPECT_EQ(view.AgeMilliseconds(), 0);
  EXPECT_FALSE(view.IsRevoked({.jti = "a"}, 1000));
  Record task = Revoke("", 1'060'000);
  task.txn = "t";
  Record subject = Revoke("", 1'060'000);
  subject.subject = "spiffe://example.org/a";
  for (const Record& record : {Revoke("a", 0), task, subject}) {
    ASSERT_TRUE(ledger->Append(record).ok());
  }
  EXPECT_EQ(FollowRevocations(&reader, &view).value(), 3U);
  EXPECT_TRUE(view.IsRevoked({.jti = "a"}, 1000));
  EXPECT_TRUE(view.IsRevoked({.txn = "t"}, 1000));
  EXPECT_FALSE(view.IsRevoked({.txn = "t"}, 1001));
  EXPECT_TRUE(view.IsRevoked({.subject = "spiffe://example.org/a"}, 999));
  EXPECT_FALSE(view.IsRevoked({.subject = "spiffe://example.org/b"}, 999));
  std::string bytes = testing::ReadBytes(world.folder + "/000000000000.segment");
  ASSERT_TRUE(ledger->Append(Mint("b", 1'060'000)).ok());
  std::string more = testing::ReadBytes(world.folder + "/000000000000.segment");
  more[bytes.size() + 60] ^= 1;
  testing::WriteBytes(world.folder + "/000000000000.segment", more);
  EXPECT_EQ(FollowRevocations(&reader, &view).error().fault, LedgerFault::kCorrupt);
}

}  // namespace
}  // namespace assay::mint
