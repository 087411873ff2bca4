// The bytes of a record: every record has exactly one encoding, and nothing else decodes.
#include "engine/mint/ledger/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/mint/ledger/bytes.h"
#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kNoLimit = std::size_t{1} << 20;

std::string Encoded(const Record& record) {
  std::string bytes;
  const auto error = Encode(record, kNoLimit, &bytes);
  EXPECT_FALSE(error) << error->message;
  return bytes;
}

// Both ways to read agree.
std::optional<std::string_view> Read(std::string_view bytes, Record* record) {
  const auto reason = Decode(bytes, record);
  EXPECT_EQ(CheckEncoding(bytes), reason);
  return reason;
}

// A record with every field, of values that would do harm if they were taken for structure.
Record Full(RecordType type) {
  Record record;
  record.type = type;
  record.sequence = 7;
  record.time_ms = 1234567890123;
  int n = 0;
  const auto fill = [&n](auto* value) {
    using T = std::remove_reference_t<decltype(*value)>;
    ++n;
    if constexpr (std::is_same_v<T, std::string>) {
      *value = "text " + std::to_string(n) + "\n\x1b[31m{\"type\":\"mint\"}" + std::string(1, '\0');
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      *value = {"", "a", std::string(300, 'x')};
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      *value = n;
    } else {
      *value = Digest{static_cast<std::uint8_t>(n)};
    }
  };
#define FIELD(number, Kind, name) fill(&record.name);
#include "assay/mint/record_fields.def"
#undef FIELD
  return record;
}

std::vector<RecordType> AllTypes() {
  return {
#define RECORD(Name, number, name, controls, required) RecordType::Name,
#include "assay/mint/record_types.def"
#undef RECORD
  };
}

TEST(LedgerCodec, EveryTypeAndFieldComesBack) {
  Record decoded = testing::Mint("left-over", 1);
  for (const RecordType type : AllTypes()) {
    const Record record = Full(type);
    EXPECT_EQ(Read(Encoded(record), &decoded), std::nullopt);
    EXPECT_EQ(decoded, record) << RecordTypeName(type);
  }
}

TEST(LedgerCodec, NumbersOfFieldsAndTypesDiffer) {
  std::set<int> fields;
  int count = 0;
#define FIELD(number, Kind, name) fields.insert(number), ++count;
#include "assay/mint/record_fields.def"
#undef FIELD
  EXPECT_EQ(fields.size(), static_cast<std::size_t>(count));
  std::set<std::string_view> names;
  for (const RecordType type : AllTypes()) names.insert(RecordTypeName(type));
  EXPECT_EQ(names.size(), AllTypes().size());
  EXPECT_EQ(RecordTypeName(static_cast<RecordType>(0)), "");
}

TEST(LedgerCodec, ControlsFollowFromTheType) {
  Record decoded;
  ASSERT_EQ(Read(Encoded(testing::Mint("j", 1)), &decoded), std::nullopt);
  EXPECT_THAT(ControlTags(decoded.controls),
              ::testing::ElementsAre("owasp-agentic:A2", "maestro:ID-1", "nist-ai-rmf:GOVERN"));
  Record swap;
  swap.type = RecordType::kPolicySwap;
  swap.policy_digest = Digest{};
  ASSERT_EQ(Read(Encoded(swap), &decoded), std::nullopt);
  EXPECT_THAT(ControlTags(decoded.controls), ::testing::ElementsAre("nist-ai-rmf:GOVERN"));
  for (const RecordType type : AllTypes()) {
    ASSERT_EQ(Read(Encoded(Full(type)), &decoded), std::nullopt);
  }
}

TEST(LedgerCodec, ARecordWithoutWhatItsTypeNeedsIsRefused) {
  for (const RecordType type : AllTypes()) {
    Record empty;
    empty.type = type;
    std::string bytes;
    const auto error = Encode(empty, kNoLimit, &bytes);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->fault, LedgerFault::kInvalid);
    EXPECT_THAT(error->message, HasSubstr(std::string(RecordTypeName(type))));
    EXPECT_TRUE(bytes.empty());
  }
  Record record = testing::Mint("j", 1);
  record.owner.clear();
  std::string bytes;
  EXPECT_THAT(Encode(record, kNoLimit, &bytes)->message,
              "a record `mint` must have decision_id && jti && principal && owner && policy_digest "
              "&& expires");
  record = testing::Mint("j", 1);
  record.type = static_cast<RecordType>(99);
  EXPECT_EQ(Encode(record, kNoLimit, &bytes)->fault, LedgerFault::kInvalid);
}

TEST(LedgerCodec, MalformedValuesAreRefused) {
  std::string bytes;
  Record record = testing::Mint("j", 1);
  record.task = "\xff";
  EXPECT_THAT(Encode(record, kNoLimit, &bytes)->message, HasSubstr("`task`"));
  record = testing::Mint("j", 1);
  record.policies = {"fine", "\xc0\x80"};
  EXPECT_THAT(Encode(record, kNoLimit, &bytes)->message, HasSubstr("`policies`"));
  record = testing::Mint("j", 1);
  record.max_uses = -1;
  EXPECT_THAT(Encode(record, kNoLimit, &bytes)->message, HasSubstr("`max_uses`"));
  EXPECT_TRUE(bytes.empty());
}

TEST(LedgerCodec, TheLimitIsOnAllBytes) {
  Record record = testing::Mint("j", 1);
  const std::size_t size = Encoded(record).size();
  std::string bytes;
  EXPECT_FALSE(Encode(record, size, &bytes));
  const auto error = Encode(record, size - 1, &bytes);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->fault, LedgerFault::kLimit);
  EXPECT_THAT(error->message, HasSubstr("record_bytes"));
}

TEST(LedgerCodec, BytesThatAreNoRecordAreRefused) {
  Record out;
  const std::string good = Encoded(testing::Use("j", 5));
  const std::string head = good.substr(0, kFieldsOffset);
  const auto field = [](int number, const std::string& value) {
    std::string bytes(1, static_cast<char>(number));
    PutInteger(static_cast<std::uint32_t>(value.size()), &bytes);
    return bytes + value;
  };
  std::string five;
  PutInteger(std::int64_t{5}, &five);
  const std::string jti = field(17, "j");
  const std::string expires = field(19, five);
  const std::string controls = field(26, five);
  EXPECT_EQ(Read(head + jti + expires + controls, &out), std::nullopt);
  EXPECT_EQ(Read(good.substr(0, 16), &out), "it is too short");
  EXPECT_EQ(Read(good + "x", &out), "a field is cut");
  EXPECT_EQ(Read(head + jti.substr(0, 5), &out), "a field is longer than the record");
  EXPECT_EQ(Read(head + expires + jti + controls, &out), "fields are not in order");
  EXPECT_EQ(Read(head + jti + jti + expires + controls, &out), "fields are not in order");
  EXPECT_EQ(Read(head + jti + expires, &out), "it has no controls");
  EXPECT_EQ(Read(head + jti + controls, &out), "a field that its type needs is missing");
  const std::string malformed = "a field is unknown or malformed";
  EXPECT_EQ(Read(head + jti + expires + controls + field(200, "x"), &out), malformed);
  EXPECT_EQ(Read(head + field(17, "") + expires + controls, &out), malformed);
  EXPECT_EQ(Read(head + field(17, "\xff") + expires + controls, &out), malformed);
  EXPECT_EQ(Read(head + jti + field(19, "1234") + controls, &out), malformed);
  EXPECT_EQ(Read(head + jti + field(19, std::string(8, '\0')) + controls, &out), malformed);
  EXPECT_EQ(Read(head + jti + field(19, std::string(8, '\xff')) + controls, &out), malformed);
  EXPECT_EQ(Read(head + field(6, "short") + jti + expires + controls, &out), malformed);
  EXPECT_EQ(Read(head + field(4, "") + jti + expires + controls, &out), malformed);
  EXPECT_EQ(Read(head + field(4, "abc") + jti + expires + controls, &out), malformed);
  std::string three;
  PutInteger(std::uint32_t{3}, &three);
  EXPECT_EQ(Read(head + field(4, three + "ab") + jti + expires + controls, &out), malformed);
  EXPECT_EQ(Read(head + field(4, three + "ab\xff") + jti + expires + controls, &out), malformed);
  std::string other_type = good;
  other_type[kTypeOffset] = 99;
  EXPECT_EQ(Read(other_type, &out), "its type is unknown");
}

// Whatever is changed in the bytes: they are refused, or they are the one encoding of what they
// say.
TEST(LedgerCodec, WhatDecodesEncodesToTheSameBytes) {
  std::mt19937 random(1);
  std::size_t decoded = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = Encoded(i % 2 == 0 ? Full(RecordType::kMint) : testing::Use("jti", 9, 1));
    for (int n = static_cast<int>(random() % 3); n >= 0; --n) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    Record record;
    if (Read(bytes, &record)) continue;
    ++decoded;
    EXPECT_EQ(Encoded(record), bytes);
  }
  EXPECT_GT(decoded, 1000U);
}

}  // namespace
}  // namespace assay::mint
