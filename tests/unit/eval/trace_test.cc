// A trace says what the machine did, and nothing else.
#include "assay/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "engine/bytecode/program_parts.h"

namespace assay {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Policies and a tracer of one request: User "u" reads Doc "d", with context {n: 5}. The user is in
// Group "g" and the document is the user's.
class Traced {
 public:
  explicit Traced(const std::string& text, const Limits& limits = {}) {
    Diagnostics diagnostics;
    PolicySet set;
    EXPECT_TRUE(set.AddCedar(sources_, sources_.Add("p", text), &diagnostics))
        << diagnostics.Render(sources_);
    program_ = set.Compile().value();
    const EntityUid user{"User", "u"};
    auto entities = Entities::Create({{user, {{"age", 30}}, {{"Group", "g"}}, {{"team", "red"}}},
                                      {{"Doc", "d"}, {{"owner", user}}, {}, {}}});
    snapshot_ = Snapshot::Create(program_, entities.value()).value();
    const Request request = RequestBuilder()
                                .Principal("User", "u")
                                .Action("Action", "read")
                                .Resource("Doc", "d")
                                .Context("n", 5)
                                .Build()
                                .value();
    tracer_ = Tracer::Create(*snapshot_, request, limits).value();
  }

  DecisionTrace Decide() { return tracer_->Decide().value(); }
  PolicyTrace Run(std::string_view id) { return RunFrom(id, 0).value(); }
  Result<PolicyTrace> RunFrom(std::string_view id, std::uint32_t first) {
    return tracer_->Run(snapshot_->FindPolicy(id).value(), first);
  }

  // Each step as "text = value", the first rule's places being those of the text.
  std::vector<std::string> Texts(const PolicyTrace& trace) const {
    std::vector<std::string> out;
    for (const TraceStep& step : trace.steps) {
      const Span span = program_.parts().rules[0].places[step.instruction];
      out.push_back((step.is_requirement ? "! " : "") + std::string(sources_.Slice(span)) + " = " +
                    step.value.ToCedar());
    }
    return out;
  }

  static std::vector<std::string> Texts(const std::vector<TraceRead>& reads) {
    constexpr const char* kKinds[] = {"context ", "attribute ", "tag ", "ancestors "};
    std::vector<std::string> out;
    for (const TraceRead& read : reads) {
      const bool is_context = read.kind == TraceRead::Kind::kContext;
      out.push_back(kKinds[static_cast<int>(read.kind)] +
                    (is_context ? "" : read.entity.ToCedar() + " ") + read.name);
    }
    return out;
  }

 private:
  Sources sources_;
  Program program_;
  std::optional<Snapshot> snapshot_;
  std::optional<Tracer> tracer_;
};

TEST(Trace, HasTheValueOfEachInstructionAndRequirement) {
  Traced traced(R"(permit(principal, action, resource)
                   when { resource.owner == principal && context.n + 1 < 10 };)");
  const DecisionTrace trace = traced.Decide();
  EXPECT_TRUE(trace.is_allow);
  ASSERT_THAT(trace.policies, SizeIs(1));
  EXPECT_EQ(trace.policies[0].verdict, PolicyVerdict::kSatisfied);
  EXPECT_THAT(
      traced.Texts(trace.policies[0]),
      ElementsAre(R"(resource.owner = User::"u")", "resource.owner == principal = true",
                  "! resource.owner == principal = true", "context.n = 5", "context.n + 1 = 6",
                  "context.n + 1 < 10 = true", "! context.n + 1 < 10 = true"));
}

TEST(Trace, EndsWithTheRequirementThatSaysNo) {
  Traced traced(R"(@id("p") permit(principal, action, resource)
                   when { context.n > 7 } unless { principal.age < 18 };)");
  EXPECT_THAT(traced.Texts(traced.Run("p")),
              ElementsAre("context.n = 5", "context.n > 7 = true", "context.n > 7 = false",
                          "! context.n > 7 = false"))
      << "`a > b` is compiled as `!(a <= b)`";
}

TEST(Trace, EndsBeforeTheInstructionThatFails) {
  Traced traced(
      R"(permit(principal, action, resource) when { context.n == 5 && context.m == 1 };)");
  const DecisionTrace trace = traced.Decide();
  EXPECT_FALSE(trace.is_allow);
  ASSERT_THAT(trace.policies, SizeIs(1));
  const PolicyTrace& policy = trace.policies[0];
  EXPECT_EQ(policy.verdict, PolicyVerdict::kFailed);
  EXPECT_EQ(policy.error, "record does not have the attribute `m`");
  EXPECT_THAT(traced.Texts(policy),
              ElementsAre("context.n = 5", "context.n == 5 = true", "! context.n == 5 = true"));
}

TEST(Trace, ARequirementThatIsNoBoolIsNotAValueOfIt) {
  Traced traced(R"(@id("p") permit(principal, action, resource) when { context.n };)");
  const PolicyTrace policy = traced.Run("p");
  EXPECT_EQ(policy.verdict, PolicyVerdict::kFailed);
  EXPECT_THAT(traced.Texts(policy), ElementsAre("context.n = 5"));
}

TEST(Trace, NamesWhatWasRead) {
  Traced traced(R"(permit(principal, action, resource)
                   when { principal in Group::"g" && resource.owner.age > 20 &&
                          principal.getTag("team") == "red" && !(context has x) };)");
  EXPECT_THAT(Traced::Texts(traced.Decide().reads),
              ElementsAre("context x", R"(attribute Doc::"d" owner)", R"(attribute User::"u" age)",
                          R"(tag User::"u" team)", R"(ancestors User::"u" )"));
}

// The tree knows that the policy is not satisfied, from the attribute that it reads.
TEST(Trace, WhatTheTreeSkipsWasReadButNotRun) {
  Traced traced(R"(@id("p") permit(principal, action, resource) when { principal.age == 31 };
                   @id("q") permit(principal, action, resource) when { principal.age == 32 };)");
  const DecisionTrace trace = traced.Decide();
  EXPECT_THAT(trace.policies, IsEmpty());
  EXPECT_THAT(Traced::Texts(trace.reads), ElementsAre(R"(attribute User::"u" age)"));
  EXPECT_EQ(traced.Run("p").verdict, PolicyVerdict::kNotSatisfied);
}

TEST(Trace, SaysWhichPartsOfAScopeMatch) {
  Traced traced(R"(@id("p") permit(principal in Group::"g", action == Action::"write",
                                   resource is Doc) when { context.n == 5 };)");
  const PolicyTrace trace = traced.Run("p");
  EXPECT_TRUE(trace.scope.principal);
  EXPECT_FALSE(trace.scope.action);
  EXPECT_TRUE(trace.scope.resource);
  EXPECT_EQ(trace.scope.misses(), 1);
  EXPECT_EQ(trace.verdict, PolicyVerdict::kSatisfied) << "its conditions, that is";
}

TEST(Trace, BeginsBehindAnyRequirementAndNowhereElse) {
  Traced traced(R"(@id("p") permit(principal, action, resource)
                   when { context.n > 7 } when { context.m };)");
  const PolicyTrace whole = traced.Run("p");
  const std::uint32_t requirement = whole.steps.back().instruction;
  const PolicyTrace rest = traced.RunFrom("p", requirement + 1).value();
  EXPECT_EQ(rest.verdict, PolicyVerdict::kFailed);
  EXPECT_EQ(rest.error, "record does not have the attribute `m`");
  EXPECT_GT(rest.failed_at, requirement);
  for (const std::uint32_t first : {1U, requirement, requirement + 2, 1000U}) {
    EXPECT_FALSE(traced.RunFrom("p", first).ok()) << first;
  }
}

TEST(Trace, HasFinishedSetsAndRecordsOnly) {
  Traced traced(R"(@id("p") permit(principal, action, resource)
                   when { [context.n, 7].contains(5) && {a: context.n}.a == 5 };)");
  EXPECT_THAT(
      traced.Texts(traced.Run("p")),
      ElementsAre("context.n = 5", "[context.n, 7] = [5, 7]", "[context.n, 7].contains(5) = true",
                  "! [context.n, 7].contains(5) = true", "context.n = 5",
                  R"({a: context.n} = {"a": 5})", "{a: context.n}.a = 5",
                  "{a: context.n}.a == 5 = true", "! {a: context.n}.a == 5 = true"));
}

// As in a decision: what one policy needs does not make another fail.
TEST(Trace, EachPolicyHasTheMemoryForItself) {
  Limits limits;
  limits.decision_bytes = 200;
  std::string text;
  for (int i = 0; i < 3; ++i) {
    text += "permit(principal, action, resource) when { [context.n, 2, 3, 4, 6].contains(5) };";
  }
  Traced traced(text, limits);
  const DecisionTrace trace = traced.Decide();
  EXPECT_THAT(trace.determining, SizeIs(3));
  ASSERT_THAT(trace.policies, SizeIs(3));
  for (const PolicyTrace& policy : trace.policies) {
    EXPECT_EQ(policy.verdict, PolicyVerdict::kSatisfied) << policy.error;
  }
}

}  // namespace
}  // namespace assay
