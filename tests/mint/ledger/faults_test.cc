// Every system call fails in turn: nothing that was accepted is lost, nothing is accepted after,
// and the ledger can be opened again once the system is well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Deny;
using testing::FaultyFiles;
using ::testing::HasSubstr;
using testing::Mint;
using testing::ReadAll;
using testing::World;
using Call = FaultyFiles::Call;

constexpr std::int64_t kExpires = 1'060'000;

// Makes, fills over several segments, closes and opens again; says which records were accepted.
std::set<std::string> Live(World* world, std::set<LedgerFault>* faults) {
  std::set<std::string> accepted;
  if (auto created = world->Create(); !created.ok()) {
    faults->insert(created.error().fault);
    return accepted;
  }
  for (int round = 0; round < 2; ++round) {
    auto ledger = world->Open();
    if (!ledger) {
      faults->insert(world->failure.fault);
      continue;
    }
    bool has_failed = false;
    for (int i = 0; i < 6; ++i) {
      const std::string jti = std::to_string(round) + "-" + std::to_string(i);
      const auto receipt = ledger->Append(Mint(jti, kExpires));
      EXPECT_FALSE(receipt.ok() && has_failed) << "accepted after a failure";
      if (receipt.ok()) {
        accepted.insert(jti);
      } else {
        EXPECT_EQ(receipt.error().fault, LedgerFault::kPoisoned);
        faults->insert(receipt.error().fault);
        has_failed = true;
      }
    }
  }
  return accepted;
}

class LedgerFaults : public ::testing::TestWithParam<int> {};

TEST_P(LedgerFaults, LoseNothingThatWasAccepted) {
  const auto call = static_cast<Call>(GetParam());
  int failed = 0;
  for (int number = 0;; ++number) {
    World world(900);
    FaultyFiles files;
    world.options.files = &files;
    files.FailAt(call, number, number % 2 == 0 ? EIO : ENOSPC);
    std::set<LedgerFault> faults;
    const std::set<std::string> accepted = Live(&world, &faults);
    if (!files.has_failed()) break;
    ++failed;
    files.Heal();
    std::filesystem::remove(world.folder + "/poisoned");
    if (!std::filesystem::exists(world.folder + "/000000000000.segment")) {
      EXPECT_TRUE(accepted.empty());
      continue;
    }
    auto ledger = world.Open();
    ASSERT_TRUE(ledger) << GetParam() << " " << number << ": " << world.failure.message;
    ASSERT_TRUE(ledger->Append(Deny("well again")).ok());
    ledger.reset();
    const auto report = world.Verify();
    ASSERT_TRUE(report.ok()) << report.error().message;
    std::set<std::string> found;
    for (const Record& record : ReadAll(world.folder)) found.insert(record.jti);
    for (const std::string& jti : accepted) EXPECT_TRUE(found.count(jti)) << jti;
  }
  EXPECT_GT(failed, 0);
}

INSTANTIATE_TEST_SUITE_P(EveryCall, LedgerFaults, ::testing::Range(0, FaultyFiles::kCalls));

TEST(LedgerPoison, AFailedSyncStopsTheLedgerForEver) {
  World world;
  world.options.head_every_records = 1000;
  FaultyFiles files;
  world.options.files = &files;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  files.FailAt(Call::kSync, 0, EIO);
  const auto failed = ledger->Append(Deny("2"));
  EXPECT_EQ(failed.error().fault, LedgerFault::kPoisoned);
  EXPECT_THAT(failed.error().message, HasSubstr("cannot sync the file: Input/output error"));
  files.Heal();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ledger->Append(Deny("3")).error().fault, LedgerFault::kPoisoned);
  }
  ledger.reset();
  // A later process does not forget it either, until a person has looked.
  EXPECT_FALSE(world.Open());
  EXPECT_EQ(world.failure.fault, LedgerFault::kPoisoned);
  EXPECT_THAT(world.failure.message, HasSubstr("then remove this file"));
  EXPECT_EQ(testing::ReadBytes(world.folder + "/poisoned"),
            world.folder + "/000000000000.segment: cannot sync the file: Input/output error\n");
  std::filesystem::remove(world.folder + "/poisoned");
  EXPECT_TRUE(world.Open());
}

TEST(LedgerPoison, AFullDiskStopsTheLedgerUntilItIsOpenedAgain) {
  World world;
  world.options.head_every_records = 1000;
  FaultyFiles files;
  world.options.files = &files;
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  files.FailAt(Call::kWrite, 0, ENOSPC);
  EXPECT_THAT(ledger->Append(Deny("2")).error().message, HasSubstr("No space left on device"));
  files.Heal();
  EXPECT_EQ(ledger->Append(Deny("3")).error().fault, LedgerFault::kPoisoned);
  ledger.reset();
  ledger = world.Open();
  ASSERT_TRUE(ledger) << world.failure.message;
  ASSERT_TRUE(ledger->Append(Deny("4")).ok());
  const auto records = ReadAll(world.folder);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].decision_id, "1");
  EXPECT_EQ(records[1].type, RecordType::kRecovered);
  EXPECT_EQ(records[2].decision_id, "4");
}

// A ledger that cannot begin or be opened for want of room says so.
TEST(LedgerFull, IsAFaultOfItsOwn) {
  World world;
  FaultyFiles files;
  world.options.files = &files;
  files.FailAt(Call::kWrite, 0, ENOSPC);
  EXPECT_EQ(world.Create().error().fault, LedgerFault::kFull);
  files.FailAt(Call::kWrite, 0, EDQUOT);
  EXPECT_EQ(world.Create().error().fault, LedgerFault::kFull);
  files.FailAt(Call::kWrite, 0, EIO);
  EXPECT_EQ(world.Create().error().fault, LedgerFault::kSystem);
}

// A folder whose name is not sure to stay has no ledger in it, and one can be begun there later.
TEST(LedgerCreate, BeginsNothingInAFolderThatMayVanish) {
  class FailingFiles : public Files {
   public:
    int SyncFolder(const std::string& path) override {
      const bool is_parent = path.size() > 3 && path.compare(path.size() - 3, 3, "/..") == 0;
      return is_parent && fails ? EIO : Files::SyncFolder(path);
    }
    bool fails = true;
  };
  World world;
  FailingFiles files;
  world.options.files = &files;
  EXPECT_EQ(world.Create().error().fault, LedgerFault::kSystem);
  EXPECT_FALSE(std::filesystem::exists(world.folder + "/000000000000.segment"));
  files.fails = false;
  const auto created = world.Create();
  EXPECT_TRUE(created.ok()) << created.error().message;
}

TEST(LedgerPoison, AHeadThatCannotBeSignedStopsTheLedger) {
  World world;
  bool can_sign = true;
  world.options.sign = [&](std::string_view message) {
    return can_sign ? testing::TestSign(message) : std::nullopt;
  };
  auto ledger = world.CreateAndOpen();
  ASSERT_TRUE(ledger);
  can_sign = false;
  ASSERT_TRUE(ledger->Append(Deny("1")).ok());
  const auto refused = ledger->Append(Deny("2"));
  EXPECT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("a head could not be signed"));
  World other;
  other.options.sign = [](std::string_view) { return std::optional<std::string>(); };
  EXPECT_EQ(other.Create().error().fault, LedgerFault::kSystem);
}

// A write that the system tells in pieces, or that a signal interrupts, is not a failure; one
// beyond what the process may write is.
TEST(LedgerFiles, TheRealOnesSayWhatTheSystemSays) {
  Files& files = SystemFiles();
  testing::TempFolder temp;
  int file = -1;
  EXPECT_EQ(files.Open(temp / "none", Files::Mode::kRead, &file), ENOENT);
  EXPECT_EQ(files.Open(temp / "none", Files::Mode::kWrite, &file), ENOENT);
  std::filesystem::create_symlink(temp / "target", temp / "link");
  EXPECT_EQ(files.Open(temp / "link", Files::Mode::kReplace, &file), ELOOP);
  EXPECT_EQ(files.MakeFolder(temp / "a/b"), ENOENT);
  EXPECT_EQ(files.SyncFolder(temp / "none"), ENOENT);
  std::vector<std::string> names;
  EXPECT_EQ(files.List(temp / "none", &names), ENOENT);
  EXPECT_EQ(files.Rename(temp / "none", temp / "other"), ENOENT);
  std::uint64_t size = 0;
  std::size_t got = 0;
  char byte = 0;
  EXPECT_EQ(files.Size(-1, &size), EBADF);
  EXPECT_EQ(files.Read(-1, 0, &byte, 1, &got), EBADF);
  EXPECT_EQ(files.Write(-1, 0, &byte, 1), EBADF);
  EXPECT_EQ(files.Truncate(-1, 0), EBADF);
  EXPECT_EQ(files.Sync(-1), EBADF);
  EXPECT_EQ(files.Lock(-1), EBADF);
  ASSERT_EQ(files.Open(temp / "new", Files::Mode::kReplace, &file), 0);
  FileHandle one(&files, file);
  FileHandle two = std::move(one);
  EXPECT_EQ(files.Write(two.get(), 2, "ab", 2), 0);
  EXPECT_EQ(files.Size(two.get(), &size), 0);
  EXPECT_EQ(size, 4U);
  two.Reset();
  EXPECT_EQ(two.get(), -1);
}

}  // namespace
}  // namespace assay::mint
