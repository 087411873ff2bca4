// Records as text: for programs, for people, and never as something else (T32).
#include "engine/mint/ledger/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/mint/ledger/inventory.h"
#include "tests/mint/ledger/world.h"

namespace assay::mint {
namespace {

using ::testing::HasSubstr;
using testing::Mint;
using testing::Revoke;
using testing::Use;
using testing::World;

Record Example() {
  Record record = Mint("grant-1", 1'700'000'060'000, 1);
  record.sequence = 7;
  record.time_ms = 1'700'000'000'123;
  record.controls = 7;
  record.erred = {"a", "b\"c"};
  record.entities = R"({"b": 1.0, "a": [ ]})";
  record.requests = R"({"n": 9007199254740993})";
  return record;
}

TEST(LedgerExport, OneObjectInOneForm) {
  EXPECT_EQ(RecordJson(Example()),
            R"({"controls":["owasp-agentic:A2","maestro:ID-1","nist-ai-rmf:GOVERN"],)"
            R"("decision_id":"d-grant-1","entities":{"a":[],"b":1},"erred":["a","b\"c"],)"
            R"("expires":1700000060000,"jti":"grant-1","max_uses":1,"owner":"team-build",)"
            R"("policies":["allow-deploys"],)"
            R"("policy_digest":"0102030000000000000000000000000000000000000000000000000000000000",)"
            R"("principal":"Agent::\"build\"","requests":"{\"n\": 9007199254740993}","sequence":7,)"
            R"("time":"2023-11-14T22:13:20.123Z","type":"mint"})");
}

// CloudEvents 1.0: the required attributes, and the data under its type.
TEST(LedgerExport, ACloudEvent) {
  const auto event = nlohmann::json::parse(CloudEvent(Example(), LedgerId{0xab}));
  EXPECT_EQ(event["specversion"], "1.0");
  EXPECT_EQ(event["id"], "7");
  EXPECT_EQ(event["source"], "urn:assay:ledger:ab000000000000000000000000000000");
  EXPECT_EQ(event["type"], "assay.mint");
  EXPECT_EQ(event["subject"], "grant-1");
  EXPECT_EQ(event["time"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(event["datacontenttype"], "application/json");
  EXPECT_EQ(event["data"]["controls"].size(), 3U);
  EXPECT_EQ(event["data"]["owner"], "team-build");
  EXPECT_FALSE(nlohmann::json::parse(CloudEvent(testing::Deny("d"), {})).contains("subject"));
}

// M28: every kind of record has its tags.
TEST(LedgerExport, EveryKindHasControls) {
  World world;
  auto ledger = world.CreateAndOpen();
  Record swap;
  swap.type = RecordType::kPolicySwap;
  swap.policy_digest = Digest{};
  Record refused;
  refused.type = RecordType::kIdentityRefused;
  refused.reason = "expired";
  Record use_refused;
  use_refused.type = RecordType::kUseRefused;
  use_refused.jti = "m";
  use_refused.reason = "uses_exhausted";
  for (const Record& record : {swap, refused, use_refused, testing::Deny("d"), Mint("m", 2'000'000),
                               Use("m", 2'000'000), Revoke("m", 2'000'000)}) {
    ASSERT_TRUE(ledger->Append(record).ok());
  }
  const std::map<std::string, std::set<std::string>> expected = {
      {"assay.policy_swap", {"nist-ai-rmf:GOVERN"}},
      {"assay.identity_refused", {"maestro:ID-1"}},
      {"assay.use_refused", {"owasp-agentic:A2", "maestro:ID-1"}},
      {"assay.use", {"owasp-agentic:A2", "maestro:ID-1"}},
      {"assay.deny", {"owasp-agentic:A2", "maestro:ID-1", "nist-ai-rmf:GOVERN"}},
      {"assay.mint", {"owasp-agentic:A2", "maestro:ID-1", "nist-ai-rmf:GOVERN"}},
      {"assay.revoke", {"owasp-agentic:A2", "maestro:ID-1", "nist-ai-rmf:GOVERN"}}};
  std::map<std::string, std::set<std::string>> found;
  for (const Record& record : testing::ReadAll(world.folder)) {
    const auto event = nlohmann::json::parse(CloudEvent(record, {}));
    found[event["type"]] = event["data"]["controls"].get<std::set<std::string>>();
  }
  EXPECT_EQ(found, expected);
}

TEST(LedgerExport, NoFieldCanForgeARecordOrReachATerminal) {
  const std::string hostile =
      "x\"}\n{\"type\":\"mint\"}\r\x1b[2J\x1b]0;title\x07\x7f\xc2\x9b"
      "31m\xe2\x80\xae"
      "evil\t\b\\" +
      std::string(1, '\0');
  Record record = Example();
  record.jti = record.principal = record.detail = record.entities = record.requests = hostile;
  record.policies = {hostile, hostile};
  const std::string line = RecordLine(record);
  const std::string json = RecordJson(record);
  for (const std::string& text : {line, json, CloudEvent(record, {})}) {
    for (const char c : text) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    for (const char* raw : {"\x7f", "\xc2\x9b", "\xe2\x80\xae"}) {
      EXPECT_EQ(text.find(raw), std::string::npos);
    }
  }
  EXPECT_EQ(nlohmann::json::parse(json)["jti"], hostile);
  EXPECT_EQ(nlohmann::json::parse(json)["entities"], hostile);
  EXPECT_EQ(nlohmann::json::parse(json)["type"], "mint");
}

TEST(LedgerExport, ALineForPeople) {
  Record record = testing::Deny("d");
  record.time_ms = 1'700'000'000'000;
  record.policies = {"a", "b c"};
  record.expires = 1'700'000'000'000;
  record.context_hash = Digest{};
  record.max_uses = 2;
  EXPECT_EQ(RecordLine(record),
            "#0 2023-11-14T22:13:20.000Z deny decision_id=\"d\" reason=\"denied_by_policy\" "
            "policies=[\"a\", \"b c\"] expires=2023-11-14T22:13:20.000Z max_uses=2 context_hash=" +
                std::string(64, '0'));
}

TEST(LedgerExport, TimesOfEveryYear) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatTime(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatTime(253'402'300'800'000), "253402300800000");
  EXPECT_EQ(FormatTime(INT64_MAX), std::to_string(INT64_MAX));
  EXPECT_EQ(FormatTime(INT64_MIN), std::to_string(INT64_MIN));
}

TEST(LedgerInventory, IsWhatIsAliveNow) {
  World world(900);
  auto ledger = world.CreateAndOpen();
  Record mint = Mint("b", 1'060'000, 2);
  mint.task = "t";
  ASSERT_TRUE(ledger->Append(mint).ok());
  ASSERT_TRUE(ledger->Append(Mint("a", 1'070'000)).ok());
  ASSERT_TRUE(ledger->Append(Mint("short", 1'000'001)).ok());
  ASSERT_TRUE(ledger->Append(testing::Deny("d")).ok());
  ASSERT_TRUE(ledger->Append(Use("b", 1'060'000, 2)).ok());
  ASSERT_TRUE(ledger->Append(Revoke("a", 1)).ok());
  const auto at = [&](std::int64_t now_ms) {
    return ReadInventory(world.folder, now_ms, {}).value();
  };
  const auto entries = at(1'000'002);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].jti, "a");
  EXPECT_TRUE(entries[0].is_revoked);
  EXPECT_EQ(entries[1].jti, "b");
  EXPECT_EQ(entries[1].uses, 1);
  EXPECT_EQ(entries[1].max_uses, 2);
  EXPECT_EQ(entries[1].task, "t");
  EXPECT_FALSE(entries[1].is_revoked);
  EXPECT_EQ(at(1'060'000).size(), 1U);
  EXPECT_EQ(at(1'070'000).size(), 0U);
  EXPECT_EQ(ReadInventory(world.temp / "nowhere", 0, {}).error().fault, LedgerFault::kSystem);
  std::string bytes = testing::ReadBytes(world.folder + "/000000000000.segment");
  bytes[200] ^= 1;
  testing::WriteBytes(world.folder + "/000000000000.segment", bytes);
  EXPECT_EQ(ReadInventory(world.folder, 0, {}).error().fault, LedgerFault::kCorrupt);
}

// What ended a grant may name it, its transaction, its task or its subject.
TEST(LedgerInventory, KnowsEveryKindOfRevocation) {
  const auto is_revoked = [](const Record& revoke) {
    World world;
    auto ledger = world.CreateAndOpen();
    Record mint = Mint("a", 1'060'000);
    mint.txn = "x";
    mint.task = "t";
    mint.subject = "spiffe://example.org/a";
    EXPECT_TRUE(ledger->Append(mint).ok());
    world.now_ms += 1000;
    EXPECT_TRUE(ledger->Append(revoke).ok());
    world.now_ms += 2000;
    Record later = mint;
    later.jti = "later";
    EXPECT_TRUE(ledger->Append(later).ok());
    std::map<std::string, bool> revoked;
    const auto inventory = ReadInventory(world.folder, world.now_ms, {});
    for (const InventoryEntry& entry : inventory.value()) {
      revoked[entry.jti] = entry.is_revoked;
    }
    EXPECT_FALSE(revoked.at("later")) << "it was minted after that";
    const auto records = testing::ReadAll(world.folder);
    EXPECT_EQ(IsAboutGrant(records.at(1), records.at(0)), revoked.at("a"));
    EXPECT_FALSE(IsAboutGrant(records.at(1), records.at(2)));
    return revoked.at("a");
  };
  const auto revoke = [](const std::string& jti, const std::string& txn,
                         const std::string& subject) {
    Record record = Revoke(jti, 1'060'000);
    record.txn = txn;
    record.subject = subject;
    return record;
  };
  EXPECT_TRUE(is_revoked(revoke("a", "", "")));
  EXPECT_TRUE(is_revoked(revoke("", "x", "")));
  EXPECT_TRUE(is_revoked(revoke("", "t", "")));
  EXPECT_TRUE(is_revoked(revoke("", "", "spiffe://example.org/a")));
  EXPECT_FALSE(is_revoked(revoke("b", "", "")));
  EXPECT_FALSE(is_revoked(revoke("", "a", "")));
  EXPECT_FALSE(is_revoked(revoke("", "", "t")));
}

TEST(LedgerExport, T32_NothingUnsafeIsPrinted) {
  EXPECT_EQ(EscapeUnsafe("a b\xc3\xa9"), "a b\xc3\xa9");
  EXPECT_EQ(EscapeUnsafe("\x1b[2J\n\t\x7f\xc2\x9b"), "\\u001b[2J\\u000a\\u0009\\u007f\\u009b");
  EXPECT_EQ(EscapeUnsafe("\xe2\x80\xae\xe2\x80\xa8"), "\\u202e\\u2028");
  EXPECT_EQ(EscapeUnsafe("\x9b"
                         "2J"),
            "\xef\xbf\xbd"
            "2J");  // a control of eight bits
}

}  // namespace
}  // namespace assay::mint
