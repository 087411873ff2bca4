// Frames, headers of segments, heads, hexadecimal: no change of a byte goes unseen.
#include "engine/mint/ledger/frame.h"

#include <gtest/gtest.h>

#include "engine/base/hex.h"
#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

constexpr std::size_t kLimit = 1000;

TEST(LedgerFrame, ComesBackAndMovesTheChainOn) {
  Hasher hasher;
  Digest chain{};
  std::string bytes;
  ASSERT_TRUE(AppendFrame("one", &hasher, &chain, &bytes));
  const std::size_t first = bytes.size();
  ASSERT_TRUE(AppendFrame("", &hasher, &chain, &bytes));
  Digest read{};
  Frame frame = ReadFrame(bytes, kLimit, &hasher, &read);
  ASSERT_EQ(frame.state, Frame::State::kWhole);
  EXPECT_EQ(frame.payload, "one");
  EXPECT_EQ(frame.size, first);
  frame = ReadFrame(std::string_view(bytes).substr(first), kLimit, &hasher, &read);
  ASSERT_EQ(frame.state, Frame::State::kWhole);
  EXPECT_EQ(frame.payload, "");
  EXPECT_EQ(read, chain);
}

// SHA-256 of FIPS 180-4: "abc" in two pieces.
TEST(LedgerFrame, HashesAsTheStandardSays) {
  Hasher hasher;
  const auto digest = hasher.Hash("a", "bc");
  ASSERT_TRUE(digest);
  EXPECT_EQ(ToHex({reinterpret_cast<const char*>(digest->data()), digest->size()}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(LedgerFrame, EveryFlippedBitIsSeen) {
  Hasher hasher;
  Digest chain{};
  std::string bytes;
  ASSERT_TRUE(AppendFrame("a payload of some bytes", &hasher, &chain, &bytes));
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    Digest start{};
    const Frame frame = ReadFrame(changed, kLimit, &hasher, &start);
    // Corrupt, never incomplete: that would be cut off.
    EXPECT_EQ(frame.state, Frame::State::kCorrupt) << bit;
    EXPECT_FALSE(frame.reason.empty());
    EXPECT_EQ(start, Digest{});
  }
}

TEST(LedgerFrame, AnotherPlaceInTheChainIsSeen) {
  Hasher hasher;
  Digest chain{};
  std::string bytes;
  ASSERT_TRUE(AppendFrame("payload", &hasher, &chain, &bytes));
  Digest other{9};
  EXPECT_EQ(ReadFrame(bytes, kLimit, &hasher, &other).reason,
            "a record does not follow from the one before");
}

TEST(LedgerFrame, EveryCutIsIncompleteAndSaysWhatItNeeds) {
  Hasher hasher;
  Digest chain{};
  std::string bytes;
  ASSERT_TRUE(AppendFrame("payload", &hasher, &chain, &bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Digest start{};
    const Frame frame = ReadFrame(bytes.substr(0, size), kLimit, &hasher, &start);
    ASSERT_EQ(frame.state, Frame::State::kIncomplete);
    EXPECT_EQ(frame.size, size < kFrameHeaderSize ? kFrameHeaderSize : bytes.size());
  }
}

TEST(LedgerFrame, ALongPayloadIsRefusedBeforeItIsWaitedFor) {
  Hasher hasher;
  Digest chain{};
  std::string bytes;
  ASSERT_TRUE(AppendFrame(std::string(kLimit + 1, 'x'), &hasher, &chain, &bytes));
  Digest start{};
  EXPECT_EQ(ReadFrame(bytes.substr(0, kFrameHeaderSize), kLimit, &hasher, &start).reason,
            "a record is longer than the limit (record_bytes)");
}

SegmentHeader SomeHeader() {
  return {.ledger = LedgerId{1, 2},
          .number = 3,
          .first_sequence = 4,
          .created_ms = -5,
          .previous = Digest{6},
          .previous_alive_until = 7,
          .oldest_alive = 2};
}

TEST(LedgerFrame, AHeaderComesBackAndNoChangeDoes) {
  const std::string bytes = EncodeHeader(SomeHeader());
  ASSERT_EQ(bytes.size(), kSegmentHeaderSize);
  EXPECT_EQ(DecodeHeader(bytes + "more"), SomeHeader());
  EXPECT_EQ(DecodeHeader(bytes.substr(1)), std::nullopt);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(DecodeHeader(changed), std::nullopt) << bit;
  }
}

SignedHead SomeHead() {
  return {LedgerId{0xab}, 12, Digest{0xcd}, 1700000000000, std::string("\x00\xff\x10", 3)};
}

TEST(LedgerHead, HasOneLineAndOneMessage) {
  EXPECT_EQ(
      FormatHead(SomeHead()),
      "{\"chain\":\"cd00000000000000000000000000000000000000000000000000000000000000\","
      "\"count\":12,\"ledger\":\"ab000000000000000000000000000000\",\"time_ms\":1700000000000,"
      "\"signature\":\"00ff10\"}");
  EXPECT_EQ(HeadMessage(SomeHead()),
            "assay ledger head 1\n"
            "{\"chain\":\"cd00000000000000000000000000000000000000000000000000000000000000\","
            "\"count\":12,\"ledger\":\"ab000000000000000000000000000000\","
            "\"time_ms\":1700000000000}");
  EXPECT_EQ(ParseHead(FormatHead(SomeHead())), SomeHead());
}

TEST(LedgerHead, OtherLinesAreRefused) {
  const std::string line = FormatHead(SomeHead());
  for (std::size_t size = 0; size < line.size(); ++size) {
    EXPECT_EQ(ParseHead(line.substr(0, size)), std::nullopt);
    std::string changed = line;
    changed[size] = '~';
    EXPECT_EQ(ParseHead(changed), std::nullopt) << size;
  }
  EXPECT_EQ(ParseHead(line + " "), std::nullopt);
  std::string padded = line;
  padded.replace(padded.find("\"count\":12"), 10, "\"count\":012");
  EXPECT_EQ(ParseHead(padded), std::nullopt);
}

TEST(LedgerHead, HexadecimalIsLowerCaseAndWhole) {
  EXPECT_EQ(ToHex(std::string("\x01\xfe", 2)), "01fe");
  EXPECT_EQ(FromHex("01fe"), std::string("\x01\xfe", 2));
  EXPECT_EQ(FromHex("01F"), std::nullopt);
  EXPECT_EQ(FromHex("0G"), std::nullopt);
  EXPECT_EQ(FromHex("FE"), std::nullopt);
}

}  // namespace
}  // namespace assay::mint
