// What is long but not deep compiles, whatever its length, and gives the right answer.
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

using testing::Evaluated;
using testing::Repeated;
using testing::TestSet;

constexpr int kLong = 60'000;

TEST(Chains, And) {
  EXPECT_EQ(Evaluated(Repeated("context.yes", kLong, " && ") + " && context.no && context.missing"),
            "false");
}

TEST(Chains, Or) {
  EXPECT_EQ(Evaluated(Repeated("context.no", kLong, " || ") + " || context.yes || context.missing"),
            "true");
}

// Constants are folded; other elements are put in one by one.
TEST(Chains, ListElements) {
  std::string constants, values;
  for (int i = 0; i < kLong; ++i) {
    constants += (i > 0 ? ", " : "") + std::to_string(i);
    values += (i > 0 ? ", " : "") + ("context.n + " + std::to_string(i));
  }
  EXPECT_EQ(Evaluated("[" + constants + "].contains(60000)"), "false");
  EXPECT_EQ(Evaluated("[" + values + "].contains(60000)"), "true");
}

TEST(Chains, RecordMembers) {
  std::string constants, values;
  for (int i = 0; i < kLong; ++i) {
    const std::string key = (i > 0 ? ", m" : "m") + std::to_string(i);
    constants += key + ": " + std::to_string(i);
    values += key + ": context.n + " + std::to_string(i);
  }
  EXPECT_EQ(Evaluated("{" + constants + "}.m59999"), "59999");
  EXPECT_EQ(Evaluated("{" + values + "}.m59999"), "60000");
}

TEST(Chains, HasPath) { EXPECT_EQ(Evaluated("context has " + Repeated("a", kLong, ".")), "false"); }

// The one answer of the policies that is not a default deny.
std::string Determining(const PolicySet& set) {
  const Snapshot snapshot = Snapshot::Create(set.Compile().value(), Entities()).value();
  Scratch scratch;
  const Decision decision = Decide(snapshot, testing::AnyRequest(), scratch);
  EXPECT_EQ(decision.error_count(), 0U);
  EXPECT_TRUE(decision.is_allow());
  if (decision.determining().size() != 1) return "";
  return std::string(snapshot.policy_id(decision.determining()[0]));
}

TEST(Chains, WhenClauses) {
  TestSet policies;
  const std::string clauses = Repeated(" when { context.yes }", kLong, "");
  ASSERT_TRUE(
      policies.AddCedar("permit(principal, action, resource) when { context.yes };"
                        "forbid(principal, action, resource)" +
                        clauses + " unless { context.yes };"));
  EXPECT_EQ(Determining(policies.set), "policy0");
}

TEST(Chains, Policies) {
  TestSet policies;
  ASSERT_TRUE(policies.AddCedar(
      Repeated("forbid(principal, action, resource) when { context.no };", kLong, "\n") +
      "permit(principal, action, resource);"));
  EXPECT_EQ(Determining(policies.set), "policy60000");
}

}  // namespace
}  // namespace assay
