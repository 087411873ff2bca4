// Which principal a workload is: by rules that the broker has, and by nothing that is asked.
#include <gtest/gtest.h>

#include "tests/mint/hook/mint_world.h"

namespace assay::mint {
namespace {

using testing::Ask;
using testing::kNow;
using testing::MintWorld;

VerifiedIdentity Of(const std::string& issuer, const std::string& subject) {
  return identity::Access::Make(
      {IdentityKind::kJwtSvid, issuer, subject, kNow + 60, testing::kThumbprint});
}

// The principal that the rules make of an identity, or why it is none, as the ledger has it.
std::string Mapped(const std::vector<PrincipalRule>& rules, const VerifiedIdentity& identity) {
  MintWorld world;
  MintOptions options = world.options;
  options.principals = rules;
  Mint mint(options, testing::KeyOf(Algorithm::kEs256), world.ledger.get(), world.clock);
  (void)mint.Issue(identity, Ask("read"));  // no policy is in force
  const Record record = world.Last();
  return record.principal.empty() ? record.reason : record.principal;
}

const std::vector<PrincipalRule> kRules = {
    {"a.example", "", "Agent", ""},
    {"a.example", "spiffe://a.example/batch", "Job", "nightly"},
    {"a.example", "spiffe://a.example/ops", "Operator", ""},
    {"https://id.example", "42", "User", "alice"},
    {"b.example", "", "Guest", "anybody"},
};

TEST(Principals, OfAnIssuerAreNamedByTheirSubjects) {
  EXPECT_EQ(Mapped(kRules, Of("a.example", "spiffe://a.example/x")),
            "Agent::\"spiffe://a.example/x\"");
}

TEST(Principals, ARuleForOneSubjectGoesFirstWhereverItStands) {
  EXPECT_EQ(Mapped(kRules, Of("a.example", "spiffe://a.example/batch")), "Job::\"nightly\"");
  EXPECT_EQ(Mapped(kRules, Of("a.example", "spiffe://a.example/ops")),
            "Operator::\"spiffe://a.example/ops\"");
  EXPECT_EQ(Mapped(kRules, Of("b.example", "spiffe://b.example/x")), "Guest::\"anybody\"");
}

TEST(Principals, SubjectsAreExact) {
  EXPECT_EQ(Mapped(kRules, Of("a.example", "spiffe://a.example/batch2")),
            "Agent::\"spiffe://a.example/batch2\"");
  EXPECT_EQ(Mapped(kRules, Of("a.example", "spiffe://a.example/Batch")),
            "Agent::\"spiffe://a.example/Batch\"");
  EXPECT_EQ(Mapped(kRules, Of("https://id.example", "42")), "User::\"alice\"");
  EXPECT_EQ(Mapped(kRules, Of("https://id.example", "421")), "principal_unmapped");
}

// The same subject means nothing under another issuer.
TEST(Principals, IssuersAreExact) {
  for (const char* issuer : {"c.example", "A.example", "a.example.", "a.example/", "", "id.example",
                             "https://id.example/"}) {
    EXPECT_EQ(Mapped(kRules, Of(issuer, "42")), "principal_unmapped") << issuer;
  }
  EXPECT_EQ(Mapped(kRules, Of("a.example", "42")), "Agent::\"42\"");
}

TEST(Principals, WithoutRulesThereAreNone) {
  EXPECT_EQ(Mapped({}, Of("a.example", "spiffe://a.example/x")), "principal_unmapped");
}

// A rule that names no type of Cedar's maps nobody, rather than somebody odd.
TEST(Principals, TypesAreNamesOfCedar) {
  for (const char* type : {"", "Agent::", "1Agent", "Ag ent", "Agent::\"x\"", "__cedar::Agent"}) {
    EXPECT_EQ(Mapped({{"a.example", "", type, ""}}, Of("a.example", "x")), "principal_unmapped")
        << type;
  }
  EXPECT_EQ(Mapped({{"a.example", "", "Mail::Agent", ""}}, Of("a.example", "x")),
            "Mail::Agent::\"x\"");
}

// What a workload is called cannot break out of the name.
TEST(Principals, AnIdIsQuoted) {
  EXPECT_EQ(Mapped(kRules, Of("a.example", "x\", Agent::\"admin")),
            "Agent::\"x\\\", Agent::\\\"admin\"");
}

}  // namespace
}  // namespace assay::mint
