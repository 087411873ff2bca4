// Appending and reading: order, group commit, rotation, guards, clocks, one writer, many readers.
#include "assay/mint/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Deny;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Mint;
using testing::ReadAll;
using testing::Revoke;
using testing::Use;
using testing::World;

constexpr std::int64_t kExpires = 1'060'000;

TEST(Ledger, KeepsWhatIsAppendedInOrder) {
  World world;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger) << world.failure.message;
  Record mint = Mint("a", kExpires);
  mint.entities = "[{\"uid\":1}]";
  EXPECT_EQ(ledger->Append(mint).value().sequence, 0U);
  world.now_ms = 1'000'500;
  const Receipt receipt = ledger->Append(Deny("d1")).value();
  EXPECT_EQ(receipt.sequence, 1U);
  EXPECT_EQ(receipt.time_ms, 1'000'500);
  EXPECT_EQ(ledger->durable_count(), 2U);
  const auto records = ReadAll(world.folder);
  ASSERT_EQ(records.size(), 2U);
  mint.time_ms = 1'000'000;
  mint.controls = 7;
  EXPECT_EQ(records[0], mint);
  EXPECT_EQ(records[1].decision_id, "d1");
}

TEST(Ledger, FilesAreForTheOwnerOnly) {
  World world;
  ASSERT_TRUE(world.CreateAndOpen());
  struct stat status {};
  ASSERT_EQ(stat(world.folder.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  for (const auto& entry : std::filesystem::directory_iterator(world.folder)) {
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
  }
}

TEST(Ledger, OneCreateOneWriterAnyFolder) {
  World world;
  EXPECT_FALSE(world.Open());
  EXPECT_EQ(world.failure.fault, LedgerFault::kSystem);
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger);
  EXPECT_FALSE(world.Open());
  EXPECT_EQ(world.failure.fault, LedgerFault::kBusy);
  EXPECT_EQ(world.Create().error().fault, LedgerFault::kBusy);
  ledger.reset();
  EXPECT_EQ(world.Create().error().message, world.folder + ": there is a ledger already");
  EXPECT_TRUE(world.Open());
  std::filesystem::create_directory(world.temp / "empty");
  EXPECT_EQ(Ledger::Open(world.temp / "empty", world.options).error().fault, LedgerFault::kInvalid);
  EXPECT_EQ(LedgerReader::Open(world.temp / "nowhere").error().fault, LedgerFault::kSystem);
  EXPECT_EQ(Ledger::Create(world.temp / "no/where", world.options).error().fault,
            LedgerFault::kSystem);
}

TEST(Ledger, UsesTheSystemsClockUnlessToldOtherwise) {
  World world;
  world.options.now_ms = nullptr;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger);
  const std::int64_t year_2024 = 1'704'067'200'000;
  EXPECT_GT(ledger->Append(Deny("d")).value().time_ms, year_2024);
}

TEST(Ledger, RefusesWhatIsNoRecord) {
  World world;
  world.options.limits.record_bytes = 200;
  auto ledger = world.CreateAndOpen();
  EXPECT_EQ(ledger->Append(Record{}).error().fault, LedgerFault::kInvalid);
  Record large = Deny("d");
  large.detail = std::string(200, 'x');
  EXPECT_EQ(ledger->Append(large).error().fault, LedgerFault::kLimit);
  EXPECT_EQ(ledger->durable_count(), 0U);
}

TEST(Ledger, AClockThatGoesBackStopsAppendsUntilItHasCaughtUp) {
  World world;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  world.now_ms = 999'999;
  const auto refused = ledger->Append(Deny("2"));
  EXPECT_EQ(refused.error().fault, LedgerFault::kClockBehind);
  EXPECT_THAT(refused.error().message, HasSubstr("999999 ms"));
  ledger.reset();
  EXPECT_FALSE(world.Open());
  EXPECT_EQ(world.failure.fault, LedgerFault::kClockBehind);
  world.now_ms = 1'000'000;
  ledger = world.Open();
  ASSERT_TRUE(ledger);
  EXPECT_EQ(ledger->Append(Deny("3")).value().sequence, 1U);
}

// T26: a record's place and what its guard saw belong together.
TEST(Ledger, AGuardDecidesInTheRecordsPlace) {
  World world;
  auto ledger = world.CreateAndOpen();
  EXPECT_EQ(ledger->Append(Mint("a", kExpires), [](const Receipt&) { return false; }).error().fault,
            LedgerFault::kNotAdmitted);
  EXPECT_FALSE(ledger->grants().Find("a"));
  int policy = 1;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        Record mint = Mint(std::to_string(t) + "-" + std::to_string(i), kExpires);
        mint.policy_digest = Digest{1};
        (void)ledger->Append(mint, [&](const Receipt&) { return policy == 1; });
      }
    });
  }
  Record swap;
  swap.type = RecordType::kPolicySwap;
  swap.policy_digest = Digest{2};
  ASSERT_TRUE(ledger->Append(swap, [&](const Receipt&) { return policy = 2, true; }).ok());
  for (std::thread& thread : threads) thread.join();
  bool is_swapped = false;
  for (const Record& record : ReadAll(world.folder)) {
    is_swapped = is_swapped || record.type == RecordType::kPolicySwap;
    EXPECT_FALSE(is_swapped && record.type == RecordType::kMint);
  }
  EXPECT_TRUE(is_swapped);
}

TEST(Ledger, ManyThreadsShareTheDisk) {
  World world(20'000);
  auto ledger = world.CreateAndOpen();
  constexpr int kThreads = 16;
  constexpr int kEach = 100;
  std::vector<std::thread> threads;
  std::atomic<int> accepted = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto receipt =
            ledger->Append(Mint(std::to_string(t) + "-" + std::to_string(i), kExpires));
        if (receipt.ok()) ++accepted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, kThreads * kEach);
  EXPECT_EQ(ledger->durable_count(), static_cast<std::uint64_t>(kThreads * kEach));
  EXPECT_EQ(ledger->grants().size(), static_cast<std::size_t>(kThreads * kEach));
  ledger.reset();
  const auto report = world.Verify();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report.value().count, static_cast<std::uint64_t>(kThreads * kEach));
  EXPECT_GT(report.value().segments, 10U);
  EXPECT_EQ(report.value().after_last_head, 0U);
  std::set<std::string> ids;
  for (const Record& record : ReadAll(world.folder)) ids.insert(record.jti);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kThreads * kEach));
}

TEST(Ledger, EnqueueAndWaitAreAppendInTwoSteps) {
  World world;
  auto ledger = world.CreateAndOpen();
  const auto one = ledger->Enqueue(Deny("1"));
  const auto two = ledger->Enqueue(Deny("2"));
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(ledger->Wait(two.value()).value().sequence, 1U);
  EXPECT_EQ(ledger->Wait(one.value()).value().sequence, 0U);
  EXPECT_EQ(ledger->Wait(one.value()).value().sequence, 0U);
}

TEST(Ledger, WhatNobodyWaitsForIsWrittenAllTheSame) {
  World world;
  auto ledger = world.CreateAndOpen();
  for (std::uint64_t count = 1; count <= 3; ++count) {
    ASSERT_TRUE(ledger->Enqueue(Deny("nobody waits")).ok());
    while (ledger->durable_count() < count) std::this_thread::yield();
    EXPECT_EQ(ReadAll(world.folder).size(), count);
  }
  ASSERT_TRUE(ledger->Enqueue(Deny("the last")).ok());
  ledger.reset();
  EXPECT_EQ(ReadAll(world.folder).size(), 4U);
}

// Whoever writes leaves the next batch to one who waits for it: nobody waits for the other threads.
TEST(Ledger, WaitersHandTheDiskOn) {
  class SlowFiles : public Files {
   public:
    int Sync(int file) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return Files::Sync(file);
    }
  } files;
  World world;
  world.options.files = &files;
  auto ledger = world.CreateAndOpen();
  constexpr std::uint64_t kThreads = 8, kEach = 25;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        const auto receipt = ledger->Append(Deny("d"));
        ASSERT_TRUE(receipt.ok());
        EXPECT_LT(receipt.value().sequence, ledger->durable_count());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ledger->durable_count(), kThreads * kEach);
}

// T22: one accept for each use, with many threads and over restarts.
TEST(Ledger, OneUseIsAcceptedOnce) {
  World world;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Mint("once", kExpires, 1)).ok());
  ASSERT_TRUE(ledger->Append(Mint("five", kExpires, 5)).ok());
  const auto race = [&](const std::string& jti, std::int64_t max_uses) {
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 64; ++t) {
      threads.emplace_back([&] {
        const auto used = ledger->Append(Use(jti, kExpires, max_uses));
        if (used.ok()) {
          ++accepted;
        } else {
          EXPECT_EQ(used.error().fault, LedgerFault::kSpent);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return accepted.load();
  };
  EXPECT_EQ(race("once", 1), 1);
  EXPECT_EQ(race("five", 5), 5);
  EXPECT_EQ(race("of another mint", 3), 3);
  ledger.reset();
  ledger = world.Open();
  ASSERT_TRUE(ledger);
  EXPECT_EQ(race("once", 1), 0);
  EXPECT_EQ(race("five", 5), 0);
  EXPECT_EQ(race("of another mint", 3), 0);
}

TEST(Ledger, ARevocationIsIdempotentAndSurvives) {
  World world;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Mint("a", kExpires)).ok());
  // The ledger knows when the grant ends; of one that it does not know, the caller must say.
  EXPECT_TRUE(ledger->Append(Revoke("a", 0)).ok());
  EXPECT_TRUE(ledger->Append(Revoke("a", 1)).ok());
  EXPECT_TRUE(ledger->Append(Revoke("a", 1)).ok());
  EXPECT_EQ(ledger->Append(Revoke("unknown", 0)).error().fault, LedgerFault::kInvalid);
  EXPECT_TRUE(ledger->Append(Revoke("unknown", kExpires)).ok());
  EXPECT_EQ(ledger->Append(Use("a", kExpires)).error().fault, LedgerFault::kRevoked);
  EXPECT_EQ(ReadAll(world.folder)[1].expires, kExpires);
  ledger.reset();
  ledger = world.Open();
  EXPECT_TRUE(ledger->grants().IsRevoked("a"));
  EXPECT_TRUE(ledger->grants().IsRevoked("unknown"));
}

TEST(Ledger, TooMuchThatWaitsIsRefused) {
  World world;
  world.options.limits.pending_bytes = 10;
  auto ledger = world.CreateAndOpen();
  const auto refused = ledger->Append(Deny("d"));
  EXPECT_EQ(refused.error().fault, LedgerFault::kFull);
  EXPECT_THAT(refused.error().message, HasSubstr("pending_bytes"));
}

TEST(Ledger, StartsFromWhatIsAliveAndNotFromHistory) {
  World world(3000);
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Mint("long", 900'000'000)).ok());
  for (int i = 0; i < 300; ++i) {
    world.now_ms += 10'000;
    ASSERT_TRUE(ledger->Append(Mint("short" + std::to_string(i), world.now_ms + 1000)).ok());
  }
  ledger.reset();
  std::size_t records = 0;
  const auto count = [&] {
    auto reader = LedgerReader::OpenAlive(world.folder, world.now_ms);
    EXPECT_TRUE(reader.ok());
    Record record;
    for (records = 0; reader.value().Next(&record).value();) ++records;
    return reader.value().next_sequence();
  };
  EXPECT_EQ(count(), 301U);
  EXPECT_LT(records, 80U);
  EXPECT_GT(records, 30U);  // all that was minted in the last 5 minutes is kept
  ledger = world.Open();
  ASSERT_TRUE(ledger) << world.failure.message;
  EXPECT_TRUE(ledger->grants().Find("long"));
  EXPECT_TRUE(ledger->grants().Find("short299"));
  EXPECT_FALSE(ledger->grants().Find("short100"));
  // Segments that nothing alive is in may go; the ledger goes on without them.
  for (int i = 0; i < 300; ++i) {
    world.now_ms += 10'000'000;
    ASSERT_TRUE(ledger->Append(Mint("later" + std::to_string(i), world.now_ms + 1000)).ok());
  }
  ledger.reset();
  std::filesystem::remove(world.folder + "/000000000000.segment");
  std::filesystem::remove(world.folder + "/000000000001.segment");
  ASSERT_TRUE(world.Open()) << world.failure.message;
  const auto report = world.Verify();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GT(report.value().first_sequence, 0U);
  EXPECT_EQ(report.value().count, 601U);
  for (int i = 0; i <= 20; ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "/%012d.segment", i);
    std::filesystem::remove(world.folder + name);
  }
  EXPECT_EQ(count(), 601U);
}

TEST(LedgerReader, SaysHowFarBehindItIs) {
  World world(2000);
  auto ledger = world.CreateAndOpen();
  auto reader = LedgerReader::Open(world.folder).value();
  EXPECT_EQ(reader.BehindBy().value().bytes, 0U);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(ledger->Append(Deny(std::to_string(i))).ok());
  const std::uint64_t all = reader.BehindBy().value().bytes;
  EXPECT_GT(all, 2000U);
  Record record;
  ASSERT_TRUE(reader.Next(&record).value());
  EXPECT_EQ(record.sequence, 0U);
  EXPECT_LT(reader.BehindBy().value().bytes, all);
  for (int i = 1; i < 30; ++i) ASSERT_TRUE(reader.Next(&record).value());
  EXPECT_FALSE(reader.Next(&record).value());
  EXPECT_EQ(reader.BehindBy().value().bytes, 0U);
  EXPECT_EQ(reader.next_sequence(), 30U);
  EXPECT_EQ(reader.last_time_ms(), 1'000'000);
  // It goes on when there is more.
  ASSERT_TRUE(ledger->Append(Deny("more")).ok());
  ASSERT_TRUE(reader.Next(&record).value());
  EXPECT_EQ(record.decision_id, "more");
  EXPECT_EQ(reader.chain(), world.Verify().value().chain);
  EXPECT_EQ(reader.ledger(), world.Verify().value().ledger);
}

// A reader that has seen a part of a record reads it again: the writer may have completed it, or
// cut it off and written another.
TEST(LedgerReader, ReadsAnIncompleteTailAgain) {
  World world;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  auto reader = LedgerReader::Open(world.folder).value();
  const std::string path = world.folder + "/000000000000.segment";
  const std::string one = testing::ReadBytes(path);
  ASSERT_TRUE(ledger->Append(Deny("a record that is cut")).ok());
  ledger.reset();
  const std::string two = testing::ReadBytes(path);
  Record record;
  ASSERT_TRUE(reader.Next(&record).value());
  for (std::size_t size = one.size() + 1; size < two.size(); ++size) {
    testing::WriteBytes(path, two.substr(0, size));
    ASSERT_FALSE(reader.Next(&record).value()) << size;
    EXPECT_EQ(reader.BehindBy().value().incomplete, size - one.size());
  }
  // The heads count the record that is gone.
  std::filesystem::remove(world.folder + "/000000000000.heads");
  world.options.verify = nullptr;
  ledger = world.Open();
  ASSERT_TRUE(ledger) << world.failure.message;
  ASSERT_TRUE(ledger->Append(Deny("another, which is longer than what was there before")).ok());
  std::vector<std::string> ids;
  for (;;) {
    const auto next = reader.Next(&record);
    ASSERT_TRUE(next.ok()) << next.error().message;
    if (!next.value()) break;
    ids.push_back(std::string(RecordTypeName(record.type)) + record.decision_id);
  }
  EXPECT_THAT(ids,
              ElementsAre("recovered", "denyanother, which is longer than what was there before"));
}

// A torn read of what is being written is no corruption.
TEST(LedgerReader, ReadsWhatLooksCorruptOnceMore) {
  class TornFiles : public Files {
   public:
    int Read(int file, std::uint64_t offset, char* to, std::size_t size,
             std::size_t* got) override {
      const int error = Files::Read(file, offset, to, size, got);
      if (tears && *got > 70) to[70] ^= 1, tears = false;
      return error;
    }
    bool tears = false;
  };
  TornFiles files;
  World world;
  auto ledger = world.CreateAndOpen();
  auto reader = LedgerReader::Open(world.folder, {.files = &files}).value();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  files.tears = true;
  Record record;
  const auto next = reader.Next(&record);
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_FALSE(files.tears);
  EXPECT_EQ(record.decision_id, "1");
}

TEST(LedgerReader, BeginsAtASegmentNearARecord) {
  World world(2000);
  auto ledger = world.CreateAndOpen();
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(ledger->Append(Deny(std::to_string(i))).ok());
  for (const std::uint64_t sequence : {0U, 1U, 30U, 59U, 1000U}) {
    auto reader = LedgerReader::OpenAt(world.folder, sequence).value();
    EXPECT_LE(reader.next_sequence(), sequence);
    EXPECT_LT(sequence == 1000 ? 0 : sequence - reader.next_sequence(), 20U);
    Record record;
    ASSERT_TRUE(reader.Next(&record).value());
  }
  EXPECT_EQ(LedgerReader::OpenAt(world.temp / "nowhere", 0).error().fault, LedgerFault::kSystem);
  EXPECT_EQ(LedgerReader::OpenAlive(world.temp / "nowhere", 0).error().fault, LedgerFault::kSystem);
}

TEST(Ledger, HeadsComeByTimeToo) {
  World world;
  world.options.head_every_records = 1000;
  world.options.head_every_ms = 20;
  std::mutex mutex;
  std::vector<SignedHead> heads;
  world.options.witness = [&](const SignedHead& head) {
    const std::lock_guard lock(mutex);
    heads.push_back(head);
  };
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  for (int i = 0; i < 500; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const std::lock_guard lock(mutex);
    if (heads.size() == 2) break;
  }
  const std::lock_guard lock(mutex);
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_EQ(heads[0].count, 0U);
  EXPECT_EQ(heads[1].count, 1U);
  EXPECT_TRUE(testing::TestVerify(HeadMessage(heads[1]), heads[1].signature));
}

TEST(Ledger, WithoutASignerThereAreNoHeads) {
  World world;
  world.options.sign = nullptr;
  world.options.verify = nullptr;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  ledger.reset();
  const auto report = world.Verify();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().heads, 0U);
  EXPECT_EQ(report.value().after_last_head, 1U);
  // Who has the key asks for heads.
  world.options.verify = testing::TestVerify;
  EXPECT_EQ(world.Verify().error().fault, LedgerFault::kTailCut);
  EXPECT_FALSE(world.Open());
  EXPECT_EQ(world.failure.fault, LedgerFault::kTailCut);
}

}  // namespace
}  // namespace assay::mint
