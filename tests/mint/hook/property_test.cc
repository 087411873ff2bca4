// Random policies, requests and clocks: no grant is wider than what was asked and allowed, and
// every decision in the ledger comes out the same when it is made again from its record.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::Compiled;
using testing::kNow;
using testing::kThumbprint;
using testing::kWorkload;
using testing::MintWorld;
using testing::Outcome;
using testing::ReadAll;
using testing::Workload;

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int Below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <typename List>
  auto Of(const List& list) {
    return *(std::begin(list) + Below(static_cast<int>(std::size(list))));
  }

 private:
  std::mt19937 engine_;
};

constexpr const char* kActions[] = {"a", "b", "c"};
constexpr const char* kBoxes[] = {"x", "y", "z"};

struct Rule {
  bool is_forbid;
  int ttl;  // 0: none
  std::string text;
};

// Conditions that read the context, entities in reach and one that only policies name, and that
// fail for some requests.
Rule SomeRule(Random& random) {
  Rule rule{random.Chance(20), random.Chance(60) ? 1 + random.Below(400) : 0, {}};
  std::string& text = rule.text;
  if (rule.ttl > 0) text += "@grant_ttl(\"" + std::to_string(rule.ttl) + "s\") ";
  if (random.Chance(20)) text += "@grant_uses(\"" + std::to_string(1 + random.Below(5)) + "\") ";
  if (random.Chance(15)) text += "@grant_risk(\"high\") ";
  if (random.Chance(20)) text += "@grant_binding(\"bearer\") ";
  if (random.Chance(20)) text += "@grant_pin(\"n\") ";
  text += rule.is_forbid ? "forbid(" : "permit(";
  text += "principal, ";
  text += random.Chance(50) ? "action, "
                            : "action == Action::\"" + std::string(random.Of(kActions)) + "\", ";
  text += random.Chance(50) ? "resource)"
                            : "resource == Mailbox::\"" + std::string(random.Of(kBoxes)) + "\")";
  constexpr const char* kConditions[] = {"context.n > 5",
                                         "resource.level < 3",
                                         "principal.boss.level == 7",
                                         "context has extra",
                                         "Setting::\"global\".on",
                                         "resource in principal.team",
                                         "context.when < datetime(\"2024-01-02\")",
                                         "context.ip.isInRange(ip(\"10.0.0.0/8\"))",
                                         "context.friend.level > 1"};
  if (random.Chance(70)) text += " when { " + std::string(random.Of(kConditions)) + " }";
  text += ";\n";
  return rule;
}

MintPolicies SomePolicies(Random& random, std::vector<Rule>* rules) {
  std::string text;
  for (int i = 0, n = 1 + random.Below(8); i < n; ++i) {
    rules->push_back(SomeRule(random));
    text += rules->back().text;
  }
  std::vector<Entity> entities = {
      {{"Agent", kWorkload},
       {{"owner", "team"}, {"boss", EntityUid{"Agent", "boss"}}, {"team", EntityUid{"Team", "t"}}},
       {},
       {}},
      {{"Agent", "boss"}, {{"level", random.Below(9)}}, {}, {}},
      {{"Setting", "global"}, {{"on", random.Chance(50)}}, {}, {}},
      {{"Mailbox", "x"}, {{"level", random.Below(6)}}, {{"Team", "t"}}, {}},
      {{"Mailbox", "y"}, {}, {}, {}},
      {{"Unread", "u"}, {{"note", "in no slice"}}, {}, {}}};
  return {Compiled(text), Entities::Create(std::move(entities)).value(), true};
}

MintRequest SomeRequest(Random& random) {
  MintRequest request;
  for (int i = 0, n = random.Chance(60) ? 1 : random.Below(4); i < n; ++i) {
    request.tuples.push_back({random.Chance(50) ? "tool" : "",
                              {"Action", random.Of(kActions)},
                              {"Mailbox", random.Of(kBoxes)}});
  }
  request.context = {{"n", random.Below(10)},
                     {"when", Datetime{1'704'067'200'000 + random.Below(3) * 86'400'000LL}},
                     {"set", Value(Value::Set{1, "two", Decimal{15'000}, Duration{90'000}})}};
  if (random.Chance(50)) request.context.emplace("extra", Value::Record{{"deep", true}});
  if (random.Chance(50)) request.context.emplace("friend", EntityUid{"Agent", "boss"});
  if (random.Chance(50)) request.context.emplace("ip", IpAddr{false, {10, 1, 2, 3}, 32});
  request.audience = testing::kServer;
  request.seconds = random.Chance(50) ? random.Below(500) : 0;
  return request;
}

void CheckGrant(const GrantClaims& claims, const MintRequest& request,
                const std::vector<Rule>& rules, const Record& record, std::int64_t identity_until) {
  EXPECT_EQ(claims.tuples, request.tuples);
  const std::int64_t lifetime = claims.expires_at - claims.issued_at;
  EXPECT_GT(lifetime, 0);
  EXPECT_LE(lifetime, 300);
  EXPECT_LE(claims.expires_at, identity_until);
  if (request.seconds > 0) {
    EXPECT_LE(lifetime, request.seconds);
  }
  bool has_high_risk = false;
  for (const std::string& id : record.policies) {
    const Rule& rule = rules[std::stoul(id.substr(6))];
    EXPECT_FALSE(rule.is_forbid) << id;
    if (rule.ttl > 0) {
      EXPECT_LE(lifetime, rule.ttl) << id;
    }
    has_high_risk = has_high_risk || rule.text.find("risk") != std::string::npos;
    if (rule.text.find("bearer") == std::string::npos) {
      EXPECT_NE(claims.binding.kind, BindingKind::kBearer);
    }
  }
  if (has_high_risk) {
    EXPECT_EQ(claims.tuples.size(), 1U);
    EXPECT_EQ(claims.max_uses, 1U);
  }
}

TEST(MintProperty, GrantsAreNoWiderThanTheirDecisionsAndAllReplay) {
  int minted = 0;
  int refused = 0;
  int replayed = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Random random(seed);
    MintWorld world;
    std::vector<Rule> rules;
    const MintPolicies policies = SomePolicies(random, &rules);
    ASSERT_TRUE(world.mint->Publish(policies).ok());
    for (int i = 0; i < 40; ++i) {
      world.world.now_ms += random.Below(3000);
      const std::int64_t until = world.clock.Seconds() + random.Below(400);
      const VerifiedIdentity identity =
          Workload(kWorkload, random.Chance(50) ? kThumbprint : "", until);
      const MintRequest request = SomeRequest(random);
      const auto grant = world.mint->Issue(identity, request);
      const Record record = world.Last();
      ASSERT_EQ(record.type, grant.ok() ? RecordType::kMint : RecordType::kDeny);
      (grant.ok() ? minted : refused) += 1;
      if (grant.ok()) {
        CheckGrant(grant.value().claims, request, rules, record, until);
      } else {
        EXPECT_EQ(record.reason, RefusalName(grant.error().id));
      }
    }
    for (const Record& record : ReadAll(world.world.folder)) {
      if (record.requests.empty()) continue;
      ++replayed;
      const auto replay = ReplayDecision(record, policies.program);
      ASSERT_TRUE(replay.ok()) << replay.error().message << "\n" << record.entities;
      EXPECT_TRUE(replay.value().agrees) << "seed " << seed << ", record " << record.sequence;
      EXPECT_EQ(record.entities.find("in no slice"), std::string::npos);
    }
  }
  std::printf("%d minted, %d refused, %d decisions replayed\n", minted, refused, replayed);
  EXPECT_GT(minted, 200);
  EXPECT_GT(replayed, 1000);
}

TEST(MintProperty, AReplayNeedsTheSamePoliciesAndSeesOtherEntities) {
  MintWorld world;
  world.Published();
  ASSERT_EQ(world.Try(testing::Ask("read")), "ok");
  Record record = world.Last();
  const Program program = testing::Policies().program;
  EXPECT_TRUE(ReplayDecision(record, program).value().agrees);
  EXPECT_FALSE(ReplayDecision(record, Program()).ok());
  ASSERT_EQ(world.Try(testing::Ask("read", "vault")), "denied");
  record = world.Last();
  const auto replay = ReplayDecision(record, program);
  EXPECT_TRUE(replay.value().agrees);
  EXPECT_EQ(replay.value().decisions.at(0).policies, std::vector<std::string>{"locked"});
  record.entities = "[]";  // not what the decision read
  EXPECT_FALSE(ReplayDecision(record, program).value().agrees);
  record.entities = "[";
  EXPECT_FALSE(ReplayDecision(record, program).ok());
  record.entities = "[]";
  record.requests = "[{}]";
  EXPECT_FALSE(ReplayDecision(record, program).ok());
  record.requests = "";
  EXPECT_FALSE(ReplayDecision(record, program).ok());
}

TEST(MintProperty, AnyFlippedBitRefusesAGrant) {
  MintWorld world;
  world.Published();
  const auto grant = world.mint->Issue(Workload(), testing::Ask("read"));
  ASSERT_TRUE(grant.ok());
  const GrantVerifier server = world.Server();
  const std::string token(grant.value().token.view());
  const auto show = [&](const std::string& shown) {
    return server.Verify({.token = shown,
                          .tuple = grant.value().claims.tuples[0],
                          .certificate_thumbprint = kThumbprint});
  };
  ASSERT_TRUE(show(token).ok());
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(show(flipped).ok()) << bit;
  }
}

}  // namespace
}  // namespace assay::mint
