// What records come to: alive, used up, revoked, forgotten.
#include "assay/mint/grant_table.h"

#include <gtest/gtest.h>

#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Mint;
using testing::Revoke;
using testing::Use;

constexpr std::int64_t kKeep = 1000;
constexpr std::size_t kMany = 1'000'000;

TEST(GrantTable, AMintNeedsANewJti) {
  GrantTable table(kKeep, kMany);
  EXPECT_EQ(table.Admit(Mint("a", 100), 1), std::nullopt);
  table.Apply(Mint("a", 100), 1);
  EXPECT_EQ(table.Admit(Mint("a", 100), 2), LedgerFault::kDuplicate);
  EXPECT_EQ(table.Find("a"), (GrantState{.expires_ms = 100}));
  EXPECT_EQ(table.Find("b"), std::nullopt);
}

TEST(GrantTable, UsesAreCountedUpToTheLesserMaximum) {
  GrantTable table(kKeep, kMany);
  table.Apply(Mint("a", 100, 2), 1);
  EXPECT_EQ(table.Admit(Use("a", 100, 2), 2), std::nullopt);
  table.Apply(Use("a", 100, 2), 2);
  EXPECT_EQ(table.Admit(Use("a", 100, 1), 3), LedgerFault::kSpent);
  EXPECT_EQ(table.Admit(Use("a", 100, 9), 3), std::nullopt);
  EXPECT_EQ(table.Admit(Use("a", 100), 3), std::nullopt);
  table.Apply(Use("a", 100), 3);
  EXPECT_EQ(table.Admit(Use("a", 100), 3), LedgerFault::kSpent);
  EXPECT_EQ(table.Find("a")->uses, 2);
}

TEST(GrantTable, AGrantOfAnotherLedgerIsCountedFromItsFirstUse) {
  GrantTable table(kKeep, kMany);
  EXPECT_EQ(table.Admit(Use("x", 100, 1), 1), std::nullopt);
  table.Apply(Use("x", 100, 1), 1);
  EXPECT_EQ(table.Admit(Use("x", 100, 1), 1), LedgerFault::kSpent);
}

TEST(GrantTable, WithoutAMaximumUsesAreNotLimited) {
  GrantTable table(kKeep, kMany);
  table.Apply(Mint("a", 100), 1);
  for (int i = 0; i < 10; ++i) table.Apply(Use("a", 100), 1);
  EXPECT_EQ(table.Admit(Use("a", 100), 1), std::nullopt);
}

TEST(GrantTable, ARevocationHoldsBeforeAndAfterTheMint) {
  GrantTable table(kKeep, kMany);
  table.Apply(Mint("a", 100), 1);
  EXPECT_FALSE(table.IsRevoked("a"));
  EXPECT_EQ(table.Admit(Revoke("a", 100), 2), std::nullopt);
  table.Apply(Revoke("a", 100), 2);
  EXPECT_TRUE(table.IsRevoked("a"));
  EXPECT_EQ(table.Admit(Use("a", 100), 2), LedgerFault::kRevoked);
  table.Apply(Revoke("b", 50), 2);
  EXPECT_TRUE(table.IsRevoked("b"));
  EXPECT_EQ(table.Admit(Mint("b", 100), 3), LedgerFault::kDuplicate);
  EXPECT_FALSE(table.IsRevoked("c"));
}

// A revocation whose end was guessed too early is kept as long as the grant is seen to live.
TEST(GrantTable, TheLatestEndCounts) {
  GrantTable table(kKeep, kMany);
  table.Apply(Revoke("a", 50), 1);
  table.Apply(Use("a", 5000), 2);
  EXPECT_EQ(table.Find("a")->expires_ms, 5000);
  table.Apply(Use("a", 10), 2);
  EXPECT_EQ(table.Find("a")->expires_ms, 5000);
}

TEST(GrantTable, WhatHasExpiredIsKeptForAWhileAndNotAdmittedAfter) {
  GrantTable table(kKeep, kMany);
  table.Apply(Mint("a", 100, 5), 1);
  EXPECT_EQ(table.Admit(Use("a", 100, 5), 100 + kKeep), std::nullopt);
  EXPECT_EQ(table.Admit(Use("a", 100, 5), 101 + kKeep), LedgerFault::kExpired);
  EXPECT_EQ(table.Admit(Use("unknown", 100, 5), 101 + kKeep), LedgerFault::kExpired);
  EXPECT_EQ(table.Admit(Mint("late", 100), 101 + kKeep), LedgerFault::kExpired);
  // Not even if the token claims to live longer than what the ledger knows.
  EXPECT_EQ(table.Admit(Use("a", 100'000, 5), 101 + kKeep), LedgerFault::kExpired);
}

TEST(GrantTable, KnowsTheLatestEndOfAll) {
  GrantTable table(0, 10);
  EXPECT_EQ(table.latest_ms(), 0);
  table.Apply(Mint("a", 5000), 1000);
  table.Apply(Mint("b", 3000), 1000);
  table.Apply(Revoke("a", 9000), 1000);  // a guess
  EXPECT_EQ(table.latest_ms(), 5000);
}

TEST(GrantTable, OtherRecordsAreNothingToIt) {
  GrantTable table(kKeep, 0);
  Record deny = testing::Deny("d");
  deny.jti = "a";
  EXPECT_EQ(table.Admit(deny, 1), std::nullopt);
  table.Apply(deny, 1);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.AliveUntil(deny), 0);
  EXPECT_EQ(table.AliveUntil(Mint("a", 5)), 5 + kKeep);
  // A revocation of all grants of a task is kept for those who look for it, and is not one of
  // these.
  Record task = Revoke("", 5);
  task.txn = "t";
  table.Apply(task, 1);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.AliveUntil(task), 5 + kKeep);
  EXPECT_EQ(table.AliveUntil(Mint("a", INT64_MAX)), INT64_MAX);
}

TEST(GrantTable, ForgetsTheExpiredAsItGrows) {
  GrantTable table(kKeep, kMany);
  std::size_t most = 0;
  for (int i = 0; i < 600'000; ++i) {
    table.Apply(Mint("jti-" + std::to_string(i), i), i);
    most = std::max(most, table.size());
  }
  EXPECT_LT(most, 150'000U);
  EXPECT_TRUE(table.Find("jti-599999"));
  EXPECT_FALSE(table.Find("jti-0"));
}

TEST(GrantTable, TheLimitIsOnLivingGrantsAndNeverOnRevocations) {
  GrantTable table(kKeep, 3);
  for (const char* jti : {"a", "b", "c"}) table.Apply(Mint(jti, 100), 1);
  EXPECT_EQ(table.Admit(Mint("d", 100), 2000), LedgerFault::kExpired);
  EXPECT_EQ(table.Admit(Mint("d", 5000), 1000), LedgerFault::kFull);
  EXPECT_EQ(table.Admit(Revoke("e", 5000), 1000), std::nullopt);
  table.Apply(Revoke("e", 5000), 1000);
  EXPECT_EQ(table.Admit(Use("d", 5000), 1001), LedgerFault::kFull);
  // The three have expired and are looked for once a second.
  EXPECT_EQ(table.Admit(Mint("d", 5000), 2500), std::nullopt);
  EXPECT_EQ(table.size(), 1U);
}

}  // namespace
}  // namespace assay::mint
