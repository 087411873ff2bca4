// What opening and verifying make of files that are not as they were written: an incomplete record
// at the end is cut, everything else is refused and says where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using testing::Deny;
using ::testing::HasSubstr;
using testing::Mint;
using testing::ReadAll;
using testing::ReadBytes;
using testing::World;
using testing::WriteBytes;

constexpr std::int64_t kExpires = 1'060'000;

std::string Segment(const World& world, int number) {
  char name[32];
  std::snprintf(name, sizeof name, "/%012d.segment", number);
  return world.folder + name;
}
std::string Heads(const World& world, int number) {
  char name[32];
  std::snprintf(name, sizeof name, "/%012d.heads", number);
  return world.folder + name;
}

// A closed ledger of `count` records.
void Fill(World* world, int count) {
  auto ledger = world->CreateAndOpen();
  ASSERT_TRUE(ledger) << world->failure.message;
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(ledger->Append(Mint("m" + std::to_string(i), kExpires)).ok());
  }
}

// Wherever a write was interrupted: only the record that was being written is gone, and that is
// recorded. No head counts it yet.
TEST(LedgerRecovery, AnIncompleteRecordIsCutWhereverItEnds) {
  World world;
  world.options.head_every_records = 100;
  world.options.head_every_ms = 1'000'000;
  Fill(&world, 3);
  const std::string path = Segment(world, 0);
  const std::string whole = ReadBytes(path);
  const std::string heads = ReadBytes(Heads(world, 0));
  const std::string first_head = heads.substr(0, heads.find('\n') + 1);
  const std::size_t record = (whole.size() - kSegmentHeaderSize) / 3;
  for (std::size_t cut = 1; cut < record; cut += cut < 60 ? 1 : 13) {
    WriteBytes(path, whole.substr(0, whole.size() - cut));
    WriteBytes(Heads(world, 0), first_head);
    const auto before = world.Verify();
    ASSERT_TRUE(before.ok()) << before.error().message;
    EXPECT_EQ(before.value().incomplete_bytes, record - cut);
    ASSERT_TRUE(world.Open()) << world.failure.message;
    const auto records = ReadAll(world.folder);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[1].jti, "m1");
    EXPECT_EQ(records[2].type, RecordType::kRecovered);
    EXPECT_THAT(records[2].detail, HasSubstr("cut " + std::to_string(record - cut) + " bytes"));
    EXPECT_TRUE(world.Verify().ok());
  }
}

TEST(LedgerRecovery, EveryFlippedByteIsRefusedAndLeftAlone) {
  World world(600);
  Fill(&world, 5);
  for (int number = 0; std::filesystem::exists(Segment(world, number)); ++number) {
    const std::string path = Segment(world, number);
    const std::string whole = ReadBytes(path);
    for (std::size_t at = 0; at < whole.size(); at += 7) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      WriteBytes(path, changed);
      const auto report = world.Verify();
      ASSERT_FALSE(report.ok()) << number << " " << at;
      EXPECT_EQ(report.error().fault, LedgerFault::kCorrupt);
      EXPECT_THAT(report.error().message, HasSubstr(path + ": at byte "));
      EXPECT_FALSE(world.Open());
      EXPECT_EQ(ReadBytes(path), changed);
    }
    WriteBytes(path, whole);
  }
  EXPECT_TRUE(world.Open()) << world.failure.message;
}

TEST(LedgerRecovery, SaysAtWhichByte) {
  World world;
  Fill(&world, 3);
  std::string bytes = ReadBytes(Segment(world, 0));
  const std::size_t record = (bytes.size() - kSegmentHeaderSize) / 3;
  bytes[kSegmentHeaderSize + record + kFrameHeaderSize + 3] ^= 1;
  WriteBytes(Segment(world, 0), bytes);
  EXPECT_EQ(world.Verify().error().message, Segment(world, 0) + ": at byte " +
                                                std::to_string(kSegmentHeaderSize + record) +
                                                ": a record does not have its checksum");
}

// T31: a bare hash chain does not see this.
TEST(LedgerRecovery, ACutTailIsSeenByTheHeads) {
  World world;
  Fill(&world, 3);
  const std::string path = Segment(world, 0);
  const std::string whole = ReadBytes(path);
  const std::size_t record = (whole.size() - kSegmentHeaderSize) / 3;
  for (const std::size_t left : {2 * record + 5, 2 * record, std::size_t{0}}) {
    WriteBytes(path, whole.substr(0, kSegmentHeaderSize + left));
    const auto report = world.Verify();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().fault, LedgerFault::kTailCut);
    EXPECT_THAT(report.error().message, HasSubstr("a signed head counts 3"));
    EXPECT_FALSE(world.Open());
    EXPECT_EQ(world.failure.fault, LedgerFault::kTailCut);
  }
  std::filesystem::remove(Heads(world, 0));
  EXPECT_EQ(world.Verify().error().fault, LedgerFault::kTailCut);
  EXPECT_FALSE(world.Open());
}

TEST(LedgerRecovery, ALastSegmentThatIsGoneIsSeenByItsHeads) {
  World world(600);
  Fill(&world, 7);
  int last = 0;
  while (std::filesystem::exists(Segment(world, last + 1))) ++last;
  ASSERT_GT(last, 1);
  // As after a crash: the next segment has its heads and not yet its name.
  WriteBytes(Heads(world, last + 1), FormatHead({.count = 7}) + "\n");
  EXPECT_TRUE(world.Verify().ok());
  ASSERT_TRUE(world.Open()) << world.failure.message;
  // One that has records was cut off.
  std::filesystem::remove(Heads(world, last + 1));
  const std::string kept = ReadBytes(Segment(world, last));
  std::filesystem::remove(Segment(world, last));
  const bool had_records = kept.size() > kSegmentHeaderSize;
  EXPECT_EQ(world.Verify().ok(), !had_records);
  EXPECT_EQ(world.Open() != nullptr, !had_records);
  WriteBytes(Segment(world, last), kept);
  std::filesystem::remove(Segment(world, 1));
  EXPECT_THAT(world.Verify().error().message, HasSubstr("this segment is missing"));
  EXPECT_FALSE(world.Open());
}

// Somebody without the key writes a whole new chain: the heads do not fit, or are not signed.
TEST(LedgerRecovery, ANewChainWithoutTheKeyIsRefused) {
  World world;
  Fill(&world, 3);
  World forged;
  Fill(&forged, 3);
  WriteBytes(Segment(world, 0), ReadBytes(Segment(forged, 0)));
  EXPECT_EQ(world.Verify().error().fault, LedgerFault::kCorrupt);
  EXPECT_FALSE(world.Open());
  std::string heads = ReadBytes(Heads(forged, 0));
  WriteBytes(Heads(world, 0), heads);
  EXPECT_TRUE(world.Verify().ok());  // with the same key it is simply the other ledger
  char& digit = heads[heads.rfind("\"}") - 1];
  digit = digit == '0' ? '1' : '0';
  WriteBytes(Heads(world, 0), heads);
  EXPECT_THAT(world.Verify().error().message, HasSubstr("is not signed by a key that may"));
  EXPECT_FALSE(world.Open());
  // Without the public key signatures are not looked at.
  EXPECT_TRUE(VerifyLedger(world.folder, {}).ok());
}

// The whole folder put back to an older state: only a witness can tell.
TEST(LedgerRecovery, ARolledBackLedgerIsSeenByAWitness) {
  World world;
  std::vector<SignedHead> witnessed;
  world.options.witness = [&](const SignedHead& head) { witnessed.push_back(head); };
  Fill(&world, 3);
  const std::string segment = ReadBytes(Segment(world, 0));
  const std::string heads = ReadBytes(Heads(world, 0));
  ASSERT_TRUE(world.Open()->Append(Mint("later", kExpires)).ok());
  WriteBytes(Segment(world, 0), segment);
  WriteBytes(Heads(world, 0), heads);
  EXPECT_TRUE(world.Verify().ok());
  const auto report = VerifyLedger(world.folder, {.witnessed = witnessed});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault, LedgerFault::kTailCut);
  // A fork: as many records, and other ones.
  ASSERT_TRUE(world.Open()->Append(Mint("other", kExpires)).ok());
  EXPECT_EQ(VerifyLedger(world.folder, {.witnessed = {witnessed.back()}}).ok(), true);
  EXPECT_EQ(VerifyLedger(world.folder, {.witnessed = {witnessed[4]}}).error().fault,
            LedgerFault::kCorrupt);
}

TEST(LedgerRecovery, SegmentsThatDoNotFollowAreRefused) {
  World world(600);
  Fill(&world, 9);
  World other(600);
  Fill(&other, 9);
  const std::string one = ReadBytes(Segment(world, 1));
  const std::string two = ReadBytes(Segment(world, 2));
  // Swapped, renamed, of another ledger, unfinished in the middle.
  WriteBytes(Segment(world, 1), two);
  WriteBytes(Segment(world, 2), one);
  EXPECT_EQ(world.Verify().error().fault, LedgerFault::kCorrupt);
  WriteBytes(Segment(world, 1), ReadBytes(Segment(other, 1)));
  WriteBytes(Segment(world, 2), two);
  EXPECT_THAT(world.Verify().error().message,
              HasSubstr("the segment does not follow from the one before"));
  WriteBytes(Segment(world, 1), one.substr(0, one.size() - 1));
  EXPECT_THAT(world.Verify().error().message, HasSubstr("there is a later segment"));
  WriteBytes(Segment(world, 1), one.substr(0, 20));
  EXPECT_THAT(world.Verify().error().message, HasSubstr("this is no segment of a ledger"));
  WriteBytes(Segment(world, 1), one);
  EXPECT_TRUE(world.Verify().ok());
  WriteBytes(Segment(world, 0), one);
  EXPECT_THAT(world.Verify().error().message, HasSubstr("another number than its name"));
  EXPECT_EQ(LedgerReader::Open(world.folder).error().fault, LedgerFault::kCorrupt);
}

TEST(LedgerRecovery, ASegmentThatStartUpNeedsMustBeThere) {
  World world(600);
  Fill(&world, 9);
  std::filesystem::remove(Segment(world, 0));
  EXPECT_FALSE(world.Open());
  EXPECT_THAT(world.failure.message, HasSubstr("this segment is needed and is not there"));
  EXPECT_TRUE(world.Verify().ok());
}

TEST(LedgerRecovery, AnInterruptedHeadIsCutAndAMalformedOneRefused) {
  World world;
  Fill(&world, 2);
  const std::string heads = ReadBytes(Heads(world, 0));
  WriteBytes(Heads(world, 0), heads + "{\"chain\":\"00");
  EXPECT_TRUE(world.Verify().ok());
  ASSERT_TRUE(world.Open()) << world.failure.message;
  EXPECT_EQ(ReadBytes(Heads(world, 0)), heads);
  WriteBytes(Heads(world, 0), heads + "{}\n");
  EXPECT_EQ(world.Verify().error().message, Heads(world, 0) + ": at byte " +
                                                std::to_string(heads.size()) +
                                                ": this line is no signed head");
  EXPECT_FALSE(world.Open());
}

TEST(LedgerRecovery, AFolderFullOfOtherFilesIsNoMatter) {
  World world;
  Fill(&world, 1);
  for (const char* name : {"x.segment", "00000000000x.segment", "000000000001.segment.new", "notes",
                           "0000000000010"}) {
    WriteBytes(world.folder + "/" + name, "?");
  }
  EXPECT_TRUE(world.Verify().ok());
  EXPECT_TRUE(world.Open());
}

}  // namespace
}  // namespace assay::mint
