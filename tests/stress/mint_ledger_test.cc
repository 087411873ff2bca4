// Appenders, readers, verifiers and rotation at the same time, for the thread sanitizer.
#include <gtest/gtest.h>

#include <thread>

#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Mint;
using testing::Revoke;
using testing::Use;
using testing::World;

constexpr int kAppenders = 6;
constexpr int kEach = 400;
constexpr std::int64_t kExpires = 2'000'000;

// Reads what it can get until `count` records are there; they must come in order and without a gap.
void Follow(const std::string& folder, std::uint64_t count) {
  auto reader = LedgerReader::Open(folder);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  GrantTable table(0, 1'000'000);
  Record record;
  for (std::uint64_t sequence = 0; sequence < count;) {
    const Ledgered<bool> next = reader.value().Next(&record);
    ASSERT_TRUE(next.ok()) << next.error().message;
    if (!next.value()) {
      ASSERT_TRUE(reader.value().BehindBy().ok());
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(record.sequence, sequence++);
    table.Apply(record, record.time_ms);
  }
  EXPECT_EQ(table.size(), static_cast<std::size_t>(kAppenders * kEach / 4));
}

TEST(LedgerStress, AppendersReadersAndRotation) {
  World world(20'000);
  world.options.head_every_records = 20;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger) << world.failure.message;
  std::atomic<bool> is_done = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < kAppenders; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; i += 4) {
        const std::string jti = std::to_string(t) + "-" + std::to_string(i);
        EXPECT_TRUE(ledger->Append(Mint(jti, kExpires, 1)).ok());
        EXPECT_TRUE(ledger->Append(Use(jti, kExpires, 1)).ok());
        EXPECT_TRUE(ledger->Append(Revoke(jti, kExpires)).ok());
        // From the moment when a revocation has returned, nothing is accepted.
        EXPECT_TRUE(ledger->grants().IsRevoked(jti));
        EXPECT_EQ(ledger->Append(Use(jti, kExpires, 1)).error().fault, LedgerFault::kRevoked);
        EXPECT_TRUE(ledger->Append(testing::Deny(jti)).ok());
      }
    });
  }
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] { Follow(world.folder, kAppenders * kEach); });
  }
  threads.emplace_back([&] {
    while (!is_done) {
      const auto report = world.Verify();
      EXPECT_TRUE(report.ok()) << report.error().message;
    }
  });
  for (std::size_t t = 0; t + 1 < threads.size(); ++t) threads[t].join();
  is_done = true;
  threads.back().join();
  ledger.reset();
  const auto report = world.Verify();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report.value().count, static_cast<std::uint64_t>(kAppenders * kEach));
  EXPECT_GT(report.value().segments, 10U);
}

}  // namespace
}  // namespace assay::mint
