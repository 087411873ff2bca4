// The memory that decisions are made with: moved, shared between snapshots, left behind.
#include <gtest/gtest.h>

#include <algorithm>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "engine/bytecode/program_parts.h"
#include "engine/snapshot/version.h"

namespace assay {
namespace {

Snapshot MakeSnapshot(const std::string& policies) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddCedar(sources, sources.Add("p", policies), &diagnostics))
      << diagnostics.Render(sources);
  return Snapshot::Create(set.Compile().value(), Entities()).value();
}

Snapshot MakeExpression(const std::string& expression) {
  Sources sources;
  Diagnostics diagnostics;
  const auto program =
      CompileExpression(sources, sources.Add("e", expression), Limits{}, &diagnostics);
  EXPECT_TRUE(program.has_value()) << diagnostics.Render(sources);
  return Snapshot::Create(*program, Entities()).value();
}

const Request kRequest = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {{"n", 1}}};
constexpr const char* kPermitAll = "permit(principal, action, resource);";

TEST(Scratch, ServesSnapshotsOfAnySizeInAnyOrder) {
  std::string many;
  for (int i = 0; i < 500; ++i) {
    many +=
        "permit(principal, action, resource) when { [context.n].contains(1 + (1 - (2 * 3))) };"
        "permit(principal, action, resource) when { context.n == 1 };"
        "forbid(principal, action, resource) when { context.missing };";
  }
  const Snapshot small = MakeSnapshot(kPermitAll), large = MakeSnapshot(many);
  Scratch scratch;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Decide(small, kRequest, scratch).determining().size(), 1U);
    const Decision decision = Decide(large, kRequest, scratch);
    EXPECT_TRUE(decision.is_allow());
    EXPECT_EQ(decision.determining().size(), 500U);
    EXPECT_EQ(decision.error_count(), 500U);
    EXPECT_EQ(decision.error_policy(499), 1499U);
  }
}

TEST(Scratch, CanBeMoved) {
  const Snapshot snapshot = MakeSnapshot(kPermitAll);
  Scratch first;
  EXPECT_TRUE(Decide(snapshot, kRequest, first).is_allow());
  Scratch second(std::move(first));
  EXPECT_TRUE(Decide(snapshot, kRequest, second).is_allow());
  Scratch third;
  third = std::move(second);
  EXPECT_TRUE(Decide(snapshot, kRequest, third).is_allow());
}

TEST(Scratch, WithoutMemoryNothingIsEvaluated) {
  const Snapshot snapshot = MakeExpression("1");
  Scratch scratch;
  EXPECT_EQ(Evaluate(snapshot, kRequest, scratch).value(), Value(1));
  const Scratch taken = std::move(scratch);
  // NOLINTNEXTLINE(bugprone-use-after-move): what is left must be safe.
  const Result<Value> value = Evaluate(snapshot, kRequest, scratch);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, ErrorCode::kOutOfMemory);
}

TEST(BoundRequest, CanBeMoved) {
  const Snapshot snapshot = MakeSnapshot(kPermitAll);
  Scratch scratch;
  BoundRequest first;
  ASSERT_TRUE(first.Bind(snapshot, kRequest).ok());
  BoundRequest second;
  second = std::move(first);
  EXPECT_TRUE(Decide(snapshot, second, scratch).is_allow());
}

TEST(Snapshot, GivesBackWhatItWasMadeOf) {
  const Snapshot snapshot = MakeSnapshot(kPermitAll);
  EXPECT_EQ(snapshot.policy_count(), 1U);
  EXPECT_EQ(snapshot.policy_end(), 1U);
  EXPECT_EQ(snapshot.policy_id(0), "policy0");
  EXPECT_EQ(snapshot.FindPolicy("policy0"), 0U);
  EXPECT_EQ(snapshot.FindPolicy("policy1"), std::nullopt);
  EXPECT_EQ(snapshot.entity_count(), 0U);
}

TEST(Evaluate, ARequestThatCannotBeBoundIsAnError) {
  Request deep = kRequest;
  Value nested = 1;
  for (int i = 0; i < 200; ++i) nested = Record{{"x", nested}};
  deep.context.insert_or_assign("deep", nested);
  Scratch scratch;
  const Result<Value> value = Evaluate(MakeExpression("1"), deep, scratch);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(value.error().message, "the context is nested too deep (json_depth)");
}

// Overwrites the code of the conditions that have so many instructions.
void ZeroCode(const Snapshot& snapshot, std::uint32_t length) {
  const rt::SnapshotData& data = *rt::SnapshotAccess::Data(snapshot);
  for (std::uint32_t i = 0; i < data.bodies.size(); ++i) {
    const rt::BodyRow& body = data.bodies[i];
    if (body.length != length) continue;
    std::fill_n(const_cast<bc::Inst*>(body.code), length, bc::Inst{});
  }
}

// No program has the opcode `fail`: it is what zeroed memory holds, and it can only deny, in a
// forbid too.
TEST(Machine, ZeroedCodeIsAnErrorOfItsPolicy) {
  bc::ProgramParts parts;
  parts.constants = {Value(true)};
  parts.code = {{bc::Op::kLoadConstant, 0, 0, 0},
                {bc::Op::kRequire, 0, 0, 0},
                {bc::Op::kSatisfied, 0, 0, 0},
                {bc::Op::kSatisfied, 0, 0, 0}};
  parts.bodies = {{.begin = 0, .end = 3, .registers = 1}, {.begin = 3, .end = 4}};
  parts.rules.resize(2);
  parts.rules[1].body = 1;
  parts.policies = {{"zeroed", 0, {}, {}}};
  const auto zeroed = [&] {
    Snapshot snapshot = Snapshot::Create(Program::Load(parts).value(), Entities()).value();
    ZeroCode(snapshot, 3);
    return snapshot;
  };
  Scratch scratch;
  const Snapshot alone = zeroed();
  const Decision denied = Decide(alone, kRequest, scratch);
  EXPECT_EQ(denied.status(), DecisionStatus::kDecided);
  EXPECT_FALSE(denied.is_allow());
  ASSERT_EQ(denied.error_count(), 1U);
  EXPECT_EQ(denied.error_text(0), "the program is corrupt");
  parts.policies.push_back({"whole", 1, {}, {}});
  EXPECT_TRUE(Decide(zeroed(), kRequest, scratch).is_allow());
  parts.rules[0].is_forbid = true;
  const Snapshot forbid = zeroed();
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(forbid, kRequest).ok());
  EXPECT_FALSE(Decide(forbid, bound, scratch).is_allow());
  EXPECT_EQ(Decide(forbid, bound, scratch).status(), DecisionStatus::kNotDecided);
  EXPECT_FALSE(DecideOutcome(forbid, bound, scratch).is_allow());
  EXPECT_EQ(DecideOutcome(forbid, bound, scratch).status, DecisionStatus::kNotDecided);
}

}  // namespace
}  // namespace assay
