// The embedding contract that the public headers state.
#include <gtest/gtest.h>

#include <thread>
#include <type_traits>

#include "assay/compile.h"
#include "assay/evaluator.h"

namespace assay {
namespace {

static_assert(!std::is_convertible_v<Decision, bool>);
static_assert(!std::is_constructible_v<bool, Decision>);
static_assert(Outcome{} == Outcome::kDeny);
static_assert(noexcept(Decide(std::declval<const Snapshot&>(), std::declval<const BoundRequest&>(),
                              std::declval<Scratch&>())));
static_assert(!std::is_default_constructible_v<Snapshot>);
static_assert(!std::is_copy_constructible_v<Scratch> &&
              !std::is_copy_constructible_v<BoundRequest>);

Program Compile(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddCedar(sources, sources.Add("p", text), &diagnostics))
      << diagnostics.Render(sources);
  return set.Compile().value();
}

Snapshot MakeSnapshot(const std::string& text, std::vector<Entity> entities = {}) {
  return Snapshot::Create(Compile(text), Entities::Create(std::move(entities)).value()).value();
}

Request MakeRequest() {
  return RequestBuilder()
      .Principal("User", "u")
      .Action("Action", "a")
      .Resource("Doc", "d")
      .Context("n", 1)
      .Build()
      .value();
}

constexpr const char* kPermitAll = "permit(principal, action, resource);";

TEST(Contract, ADefaultDecisionDenies) {
  const Decision decision;
  EXPECT_FALSE(decision.is_allow());
  EXPECT_EQ(decision.status(), DecisionStatus::kNotDecided);
  EXPECT_EQ(decision.error_count(), 0U);
  EXPECT_TRUE(decision.determining().empty());
}

TEST(Contract, AForbidThatFailsCanDeny) {
  const auto decide = [](const std::string& policies) {
    const Snapshot snapshot = MakeSnapshot(policies);
    Scratch scratch;
    const Decision decision = Decide(snapshot, MakeRequest(), scratch);
    const Decision strict = decision.DenyIfForbidFailed();
    EXPECT_EQ(strict.status(), DecisionStatus::kDecided);
    EXPECT_EQ(strict.error_count(), decision.error_count());
    EXPECT_EQ(strict.is_allow(), !strict.determining().empty() && decision.is_allow());
    return std::pair(decision.is_allow(), strict.is_allow());
  };
  const std::string permit = kPermitAll;
  using Pair = std::pair<bool, bool>;
  EXPECT_EQ(decide(permit), Pair(true, true));
  EXPECT_EQ(decide(permit + "permit(principal, action, resource) when { context.none };"),
            Pair(true, true));
  EXPECT_EQ(decide(permit + "forbid(principal, action, resource) when { context.none };"),
            Pair(true, false));
  EXPECT_EQ(decide("forbid(principal, action, resource) when { context.none };"),
            Pair(false, false));
  EXPECT_FALSE(Decision().DenyIfForbidFailed().is_allow());
}

TEST(Contract, AnEmptyProgramDenies) {
  const Snapshot snapshot = Snapshot::Create(Program(), Entities()).value();
  Scratch scratch;
  const Decision decision = Decide(snapshot, MakeRequest(), scratch);
  EXPECT_EQ(decision.status(), DecisionStatus::kDecided);
  EXPECT_FALSE(decision.is_allow());
}

TEST(Contract, NumbersOfOneSnapshotAreRefusedByAnother) {
  const Snapshot first = MakeSnapshot(kPermitAll), second = MakeSnapshot(kPermitAll);
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(first, MakeRequest()).ok());
  Scratch scratch;
  EXPECT_TRUE(Decide(first, bound, scratch).is_allow());
  const Decision refused = Decide(second, bound, scratch);
  EXPECT_FALSE(refused.is_allow());
  EXPECT_EQ(refused.status(), DecisionStatus::kOtherSnapshot);
  ASSERT_TRUE(bound.Bind(second, MakeRequest()).ok());
  EXPECT_TRUE(Decide(second, bound, scratch).is_allow());
}

TEST(Contract, WhatWasNeverBoundOrMovedAwayDenies) {
  const Snapshot snapshot = MakeSnapshot(kPermitAll);
  Scratch scratch;
  BoundRequest bound;
  EXPECT_EQ(Decide(snapshot, bound, scratch).status(), DecisionStatus::kNotDecided);
  ASSERT_TRUE(bound.Bind(snapshot, MakeRequest()).ok());
  const BoundRequest moved = std::move(bound);
  EXPECT_TRUE(Decide(snapshot, moved, scratch).is_allow());
  // NOLINTBEGIN(bugprone-use-after-move): what is left must be safe.
  EXPECT_FALSE(Decide(snapshot, bound, scratch).is_allow());
  EXPECT_FALSE(bound.Bind(snapshot, MakeRequest()).ok());
  const Scratch taken = std::move(scratch);
  EXPECT_FALSE(Decide(snapshot, moved, scratch).is_allow());
  EXPECT_FALSE(Decide(snapshot, MakeRequest(), scratch).is_allow());
  EXPECT_FALSE(Evaluate(snapshot, MakeRequest(), scratch).ok());
  // NOLINTEND(bugprone-use-after-move)
}

TEST(Contract, AFailedBindLeavesNothingBound) {
  const Snapshot snapshot = MakeSnapshot(kPermitAll);
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(snapshot, MakeRequest()).ok());
  Request deep = MakeRequest();
  Value nested = 1;
  for (int i = 0; i < 200; ++i) nested = Record{{"x", nested}};
  deep.context.insert_or_assign("deep", nested);
  const Result<bool> failed = bound.Bind(snapshot, deep);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kLimitExceeded);
  Scratch scratch;
  EXPECT_EQ(Decide(snapshot, bound, scratch).status(), DecisionStatus::kNotDecided);
  EXPECT_EQ(Decide(snapshot, deep, scratch).status(), DecisionStatus::kNotDecided);
  EXPECT_FALSE(Decide(snapshot, deep, scratch).is_allow());
}

TEST(Contract, ValuesNestedTooDeepAreRefusedInEntities) {
  Value nested = 1;
  for (int i = 0; i < 200; ++i) nested = Record{{"x", nested}};
  for (const bool in_tags : {false, true}) {
    Entity entity{EntityUid{"User", "u"}, {}, {}, {}};
    (in_tags ? entity.tags : entity.attributes).insert_or_assign("deep", nested);
    const auto snapshot = Snapshot::Create(Program(), Entities::Create({entity}).value());
    ASSERT_FALSE(snapshot.ok());
    EXPECT_EQ(snapshot.error().code, ErrorCode::kLimitExceeded);
  }
}

TEST(Contract, RequestsAreChecked) {
  const RequestBuilder complete =
      RequestBuilder().Principal("A::B", "x").Action("Action", "a").Resource("R", "");
  EXPECT_TRUE(complete.Build().ok());
  EXPECT_FALSE(RequestBuilder().Build().ok());
  for (const char* type : {"", "a b", "1", "A::", "if", "__cedar::A"}) {
    const auto request = RequestBuilder(complete).Principal(type, "x").Build();
    ASSERT_FALSE(request.ok()) << type;
    EXPECT_EQ(request.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Contract, TheLimitOnMemoryFailsThePolicyAndNotTheOthers) {
  Limits limits;
  limits.decision_bytes = 50;
  const Snapshot snapshot = MakeSnapshot(
      "permit(principal, action, resource) when { [context.n].contains(1) };"
      "permit(principal, action, resource) when { {a: context.n}.a == 1 };"
      "permit(principal, action, resource) when { ip(context.ip).isIpv4() };"
      "permit(principal, action, resource) when { context.n == 1 };");
  Request request = MakeRequest();
  request.context.insert_or_assign("ip", "1.2.3.4");
  Scratch small(limits), large;
  const Decision limited = Decide(snapshot, request, small);
  EXPECT_TRUE(limited.is_allow());
  ASSERT_EQ(limited.determining().size(), 3U);  // there is room for all but the record
  ASSERT_EQ(limited.error_count(), 1U);
  EXPECT_EQ(limited.error_policy(0), 1U);
  EXPECT_EQ(limited.error_text(0), "the decision needs more memory than allowed (decision_bytes)");
  EXPECT_EQ(Decide(snapshot, request, large).determining().size(), 4U);
}

TEST(Contract, EvaluateTakesExpressionsOnly) {
  Scratch scratch;
  const Snapshot policies = MakeSnapshot(kPermitAll);
  const Result<Value> refused = Evaluate(policies, MakeRequest(), scratch);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);

  Sources sources;
  Diagnostics diagnostics;
  auto program = CompileExpression(sources, sources.Add("e", "{k: [context.n, 2], who: principal}"),
                                   Limits{}, &diagnostics);
  ASSERT_TRUE(program.has_value()) << diagnostics.Render(sources);
  const Snapshot snapshot = Snapshot::Create(*program, Entities()).value();
  const Result<Value> value = Evaluate(snapshot, MakeRequest(), scratch);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value.value().ToCedar(), "{\"k\": [1, 2], \"who\": User::\"u\"}");
  Request without = MakeRequest();
  without.context.clear();
  EXPECT_EQ(Evaluate(snapshot, without, scratch).error().message,
            "record does not have the attribute `n`");
}

TEST(Contract, OneSnapshotServesManyThreads) {
  const Snapshot snapshot = MakeSnapshot(
      "permit(principal, action, resource) when { [context.n, 2].contains(2) };"
      "forbid(principal, action, resource) when { principal.missing };",
      {Entity{EntityUid{"User", "u"}, {}, {}, {}}});
  std::vector<int> allows(4);
  std::vector<std::thread> threads;
  for (int& count : allows) {
    threads.emplace_back([&snapshot, &count] {
      Scratch scratch;
      BoundRequest bound;
      for (int i = 0; i < 500; ++i) {
        if (!bound.Bind(snapshot, MakeRequest()).ok()) return;
        const Decision decision = Decide(snapshot, bound, scratch);
        if (decision.is_allow() && decision.error_count() == 1) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allows, (std::vector<int>{500, 500, 500, 500}));
}

}  // namespace
}  // namespace assay
