// Decisions by way of the tree: which policies are run, and that none is missed.
#include <gtest/gtest.h>

#include "assay/store.h"
#include "engine/eval/authorizer.h"
#include "tests/unit/compiler/compiled.h"

namespace assay {
namespace {

using Ids = std::vector<std::string>;

Program Compile(const std::string& id, const std::string& text) {
  testing::TestSet set;
  EXPECT_TRUE(set.AddPolicy(id, text)) << testing::ErrorsOf(set.diagnostics);
  return set.set.Compile().value();
}

Program CompileAll(const std::string& text) {
  testing::TestSet set;
  EXPECT_TRUE(set.AddCedar(text)) << testing::ErrorsOf(set.diagnostics);
  return set.set.Compile().value();
}

// A store with one scratch, and what its newest snapshot answers with the tree, checked against
// the same without it and against the outcome alone.
struct Asking {
  Store store = Store::Create(Program(), Entities()).value();
  Snapshot snapshot = store.snapshot();
  Scratch scratch;
  BoundRequest bound;

  void Apply(const Edit& edit) {
    Result<Snapshot> applied = store.Apply(edit);
    ASSERT_TRUE(applied.ok()) << applied.error().message;
    snapshot = std::move(applied).value();
  }

  Decision Ask(const Request& request) {
    EXPECT_TRUE(bound.Bind(snapshot, request).ok());
    const Decision scanned = rt::DecideByScan(snapshot, bound, scratch);
    const Ids expected = DeterminingOf(scanned);
    const Ids errors = ErrorsOf(scanned);
    const bool allow = scanned.is_allow();
    EXPECT_EQ(DecideOutcome(snapshot, bound, scratch).is_allow(), allow);
    const Decision decision = Decide(snapshot, bound, scratch);
    EXPECT_EQ(decision.status(), DecisionStatus::kDecided);
    EXPECT_EQ(decision.is_allow(), allow);
    EXPECT_EQ(DeterminingOf(decision), expected);
    EXPECT_EQ(ErrorsOf(decision), errors);
    return decision;
  }
  Ids DeterminingOf(const Decision& decision) const {
    Ids ids;
    for (const auto policy : decision.determining()) ids.emplace_back(snapshot.policy_id(policy));
    return ids;
  }
  Ids ErrorsOf(const Decision& decision) const {
    Ids texts;
    for (std::size_t i = 0; i < decision.error_count(); ++i) {
      texts.push_back(std::string(snapshot.policy_id(decision.error_policy(i))) + ": " +
                      decision.error_text(i));
    }
    return texts;
  }
  Ids Determining(const Request& request) { return DeterminingOf(Ask(request)); }
  std::size_t Visited(const Request& request) { return Ask(request).policies_visited(); }
};

Request Asks(const std::string& user, const std::string& action, const std::string& doc,
             Record context = {}) {
  return {{"User", user}, {"Action", action}, {"Doc", doc}, std::move(context)};
}

TEST(TreeDecisions, PoliciesOutOfScopeAreNotVisited) {
  Asking asking;
  Edit edit;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    edit.Add(Compile("u" + n, "permit(principal == User::\"" + n + "\", action, resource);"));
    edit.Add(Compile("d" + n, "permit(principal, action, resource in Folder::\"" + n + "\");"));
    edit.Add(Compile("t" + n, "permit(principal is T" + n + ", action, resource);"));
    edit.Add(Compile("a" + n, "permit(principal, action == Action::\"" + n + "\", resource);"));
  }
  edit.Upsert({{"Doc", "d"}, {}, {{"Folder", "7"}, {"Folder", "8"}}, {}});
  ASSERT_NO_FATAL_FAILURE(asking.Apply(edit));
  EXPECT_EQ(asking.Determining(Asks("7", "9", "d")), (Ids{"u7", "d7", "d8", "a9"}));
  EXPECT_EQ(asking.Visited(Asks("7", "9", "d")), 4U);
  EXPECT_EQ(asking.Visited(Asks("nobody", "nothing", "none")), 0U);
  EXPECT_EQ(asking.Visited({{"T5", "x"}, {"Action", "x"}, {"Doc", "x"}, {}}), 1U);
}

TEST(TreeDecisions, ATestIsAskedOnceForAllPoliciesThatHaveIt) {
  Asking asking;
  Edit edit;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    edit.Add(Compile(
        "e" + n, "permit(principal, action, resource) when { context.team == \"" + n + "\" };"));
    edit.Add(Compile("r" + n, "permit(principal, action, resource) when { context.n >= " + n +
                                  " && context.n < " + std::to_string(i + 3) + " };"));
    edit.Add(Compile("g" + n,
                     "permit(principal, action, resource) when { principal has level && "
                     "principal.level == " +
                         n + " };"));
  }
  edit.Upsert({{"User", "u"}, {{"level", 5}}, {}, {}});
  ASSERT_NO_FATAL_FAILURE(asking.Apply(edit));
  const Record context{{"team", "42"}, {"n", 10}};
  EXPECT_EQ(asking.Determining(Asks("u", "a", "d", context)),
            (Ids{"g5", "r8", "r9", "r10", "e42"}));
  EXPECT_EQ(asking.Visited(Asks("u", "a", "d", context)), 5U);
  // A guard that is false is no error; a subject that is missing is one of each policy that asks.
  EXPECT_EQ(asking.Visited(Asks("unknown", "a", "d", context)), 4U);
  const Decision failed = asking.Ask(Asks("u", "a", "d", {{"n", 10}}));
  EXPECT_EQ(failed.error_count(), 200U);
  EXPECT_EQ(failed.policies_visited(), 204U);
  EXPECT_EQ(failed.error_text(0), "record does not have the attribute `team`");
  // Of another kind: an equality is false, a comparison fails.
  EXPECT_EQ(asking.Visited(Asks("u", "a", "d", {{"team", 42}, {"n", 10}})), 4U);
  EXPECT_EQ(asking.Ask(Asks("u", "a", "d", {{"team", "1"}, {"n", "x"}})).error_count(), 200U);
  for (const Value& odd : {Value(Value::Set{"1"}), Value(Record{{"a", 1}}), Value(IpAddr{})}) {
    EXPECT_EQ(asking.Visited(Asks("u", "a", "d", {{"team", odd}, {"n", 10}})), 4U);
  }
}

// What a subject leads through: records, entities, entities that do not exist, other values.
TEST(TreeDecisions, SubjectsFailAsTheirCodeDoes) {
  Asking asking;
  ASSERT_NO_FATAL_FAILURE(asking.Apply(
      Edit()
          .Add(CompileAll("permit(principal, action, resource) when { context.a.b == 1 };"
                          "permit(principal, action, resource) when { context.a.b == 2 };"
                          "permit(principal, action, resource)"
                          " when { context.a has b && context.a.b == 1 };"
                          "permit(principal, action, resource)"
                          " when { context.a has b && context.a.b == 2 };"))
          .Upsert({{"User", "with"}, {{"b", 1}}, {}, {}})
          .Upsert({{"User", "without"}, {{"c", 1}}, {}, {}})));
  const auto ask = [&](const Value& a) {
    const Decision decision = asking.Ask(Asks("u", "a", "d", {{"a", a}}));
    return std::to_string(decision.policies_visited()) + " " +
           std::to_string(decision.error_count());
  };
  EXPECT_EQ(ask(Record{{"b", 1}}), "2 0");
  EXPECT_EQ(ask(Record{{"b", "x"}}), "0 0");
  EXPECT_EQ(ask(Record{{"c", 1}}), "2 2");
  EXPECT_EQ(ask(EntityUid{"User", "with"}), "2 0");
  EXPECT_EQ(ask(EntityUid{"User", "without"}), "2 2");
  EXPECT_EQ(ask(EntityUid{"User", "unknown"}), "2 2");
  EXPECT_EQ(ask(EntityUid{"Type", "unknown"}), "2 2");
  EXPECT_EQ(ask("text"), "4 4");
  EXPECT_EQ(asking.Ask(Asks("u", "a", "d")).error_count(), 4U);
}

TEST(TreeDecisions, ActionsThatOverlapAndGroupsOfActions) {
  Asking asking;
  const auto policy = [](const std::string& action) {
    return "permit(principal, action " + action + ", resource);";
  };
  ASSERT_NO_FATAL_FAILURE(asking.Apply(
      Edit()
          .Add(Compile("any", "permit(principal, action, resource);"))
          .Add(Compile("a", policy("== Action::\"a\"")))
          .Add(Compile("in_a", policy("in Action::\"a\"")))
          .Add(Compile("ab", policy("in [Action::\"a\", Action::\"b\"]")))
          .Add(Compile("ba", policy("in [Action::\"b\", Action::\"a\", Action::\"b\"]")))
          .Add(Compile("bc", policy("in [Action::\"b\", Action::\"c\"]")))
          .Add(Compile("none", policy("in []")))
          .Add(Compile("group", policy("in Action::\"group\"")))
          .Add(Compile("is_group", policy("== Action::\"group\"")))
          .Add(Compile("a_group", policy("in [Action::\"a\", Action::\"group\"]")))
          .Upsert({{"Action", "a"}, {}, {{"Action", "group"}}, {}})
          .Upsert({{"Action", "b"}, {}, {{"Action", "middle"}}, {}})
          .Upsert({{"Action", "middle"}, {}, {{"Action", "group"}}, {}})));
  EXPECT_EQ(asking.Determining(Asks("u", "a", "d")),
            (Ids{"any", "a", "in_a", "ab", "ba", "group", "a_group"}));
  EXPECT_EQ(asking.Determining(Asks("u", "b", "d")),
            (Ids{"any", "ab", "ba", "bc", "group", "a_group"}));
  EXPECT_EQ(asking.Determining(Asks("u", "c", "d")), (Ids{"any", "bc"}));
  EXPECT_EQ(asking.Determining(Asks("u", "group", "d")),
            (Ids{"any", "group", "is_group", "a_group"}));
  EXPECT_EQ(asking.Determining(Asks("u", "new", "d")), Ids{"any"});
  EXPECT_EQ(asking.Determining({{"User", "u"}, {"Other", "a"}, {"Doc", "d"}, {}}), Ids{"any"});
  // Equal constraints are one: taking a policy away leaves the other's.
  ASSERT_NO_FATAL_FAILURE(asking.Apply(Edit().Remove("ab").Remove("a")));
  EXPECT_EQ(asking.Determining(Asks("u", "a", "d")),
            (Ids{"any", "in_a", "ba", "group", "a_group"}));
  ASSERT_NO_FATAL_FAILURE(asking.Apply(Edit().Remove("ba")));
  EXPECT_EQ(asking.Determining(Asks("u", "b", "d")), (Ids{"any", "bc", "group", "a_group"}));
}

TEST(TreeDecisions, EveryFormOfScope) {
  Asking asking;
  Edit edit;
  for (const std::string part : {"principal", "resource"}) {
    for (const std::string scope :
         {"", " == T::\"x\"", " in T::\"x\"", " is T", " is T in T::\"x\"", " in T::\"up\"",
          " is T in T::\"up\"", " is S in T::\"up\""}) {
      const bool principal = part == "principal";
      edit.Add(Compile(part + scope, "permit(principal" + (principal ? scope : "") +
                                         ", action, resource" + (principal ? "" : scope) + ");"));
    }
  }
  edit.Upsert({{"T", "x"}, {}, {{"T", "up"}}, {}}).Upsert({{"S", "y"}, {}, {{"T", "x"}}, {}});
  edit.Upsert({{"T", "x"}, {}, {{"T", "up"}}, {}}).Upsert({{"T", "up"}, {}, {}, {}});
  ASSERT_NO_FATAL_FAILURE(asking.Apply(edit));
  const EntityUid x{"T", "x"}, y{"S", "y"}, other{"T", "other"}, up{"T", "up"};
  std::size_t most = 0;
  for (const EntityUid& principal : {x, y, other, up}) {
    for (const EntityUid& resource : {x, y, other, up}) {
      const Decision decision = asking.Ask({principal, {"Action", "a"}, resource, {}});
      EXPECT_EQ(decision.policies_visited(), decision.determining().size());
      most = std::max(most, decision.policies_visited());
    }
  }
  EXPECT_EQ(most, 14U);  // x with x: all but those for S
}

// Names that the snapshot does not know get numbers of the request's own, next to its numbers.
TEST(TreeDecisions, RequestsOfUnknownNames) {
  Asking asking;
  ASSERT_NO_FATAL_FAILURE(asking.Apply(
      Edit().Add(CompileAll("permit(principal == User::\"u\", action, resource);"
                            "permit(principal, action, resource) when { context.x == \"v\" };"
                            "permit(principal, action, resource) when { context.x == \"w\" };"
                            "forbid(principal is User, action, resource) when { context.y };"))));
  const Request request = {{"New", "p"},
                           {"NewAction", "a"},
                           {"Newer", "r"},
                           {{"unknown", EntityUid{"New", "p"}}, {"x", "v"}, {"other", 1}}};
  EXPECT_EQ(asking.Determining(request), Ids{"policy1"});
  EXPECT_EQ(asking.Visited(request), 1U);
  const Decision decision = asking.Ask({{"User", "new"}, {"A", "a"}, {"R", "r"}, {{"x", "v"}}});
  EXPECT_EQ(asking.ErrorsOf(decision), Ids{"policy3: record does not have the attribute `y`"});
}

// Error texts name what the newest snapshot knows, after numbers were given out again.
TEST(TreeDecisions, ErrorTextsAfterEdits) {
  Asking asking;
  for (int i = 0; i < 50; ++i) {
    const std::string n = std::to_string(i);
    Edit edit;
    edit.Add(Compile("p" + n, "permit(principal, action, resource) when { principal.a" + n +
                                  ".b == User::\"x" + n + "\".c" + n + " };"));
    edit.Upsert({{"User", "u" + n}, {{"a" + n, i}}, {}, {}});
    if (i > 0)
      edit.Remove("p" + std::to_string(i - 1)).Erase({"User", "u" + std::to_string(i - 1)});
    ASSERT_NO_FATAL_FAILURE(asking.Apply(edit));
    EXPECT_EQ(asking.ErrorsOf(asking.Ask(Asks("u" + n, "a", "d"))),
              Ids{"p" + n +
                  ": type error: expected one of [record, (entity of type "
                  "`any_entity_type`)], got long"});
    EXPECT_EQ(asking.ErrorsOf(asking.Ask(Asks("w", "a", "d"))),
              Ids{"p" + n + ": entity `User::\"w\"` does not exist"});
    ASSERT_NO_FATAL_FAILURE(asking.Apply(Edit().Upsert({{"User", "u" + n}, {}, {}, {}})));
    EXPECT_EQ(asking.ErrorsOf(asking.Ask(Asks("u" + n, "a", "d"))),
              Ids{"p" + n + ": `User::\"u" + n + "\"` does not have the attribute `a" + n + "`"});
  }
}

// Whether a policy fails depends on it alone, not on those that are evaluated before it.
TEST(TreeDecisions, EachPolicyHasTheMemoryForItself) {
  Limits limits;
  limits.decision_bytes = 200;
  Scratch small(limits);
  std::string text =
      "permit(principal, action, resource) when { [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "
      "context.n].contains(1) };";
  for (int i = 0; i < 3; ++i) {
    text +=
        "permit(principal, action, resource) when { [context.n, 2, 3, 4, 5].contains(1) };"
        "forbid(principal, action, resource) when { {a: context.n, b: 2}.a == 2 };";
  }
  Asking asking;
  ASSERT_NO_FATAL_FAILURE(asking.Apply(Edit().Add(CompileAll(text))));
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(asking.snapshot, Asks("u", "a", "d", {{"n", 1}})).ok());
  const Decision decision = Decide(asking.snapshot, bound, small);
  EXPECT_EQ(decision.status(), DecisionStatus::kDecided);
  EXPECT_TRUE(decision.is_allow());
  EXPECT_EQ(decision.determining().size(), 3U);
  ASSERT_EQ(asking.ErrorsOf(decision),
            Ids{"policy0: the decision needs more memory than allowed (decision_bytes)"});
  EXPECT_TRUE(DecideOutcome(asking.snapshot, bound, small).is_allow());
}

// A forbid that cannot be evaluated for want of memory may be one that holds.
TEST(TreeDecisions, WithoutMemoryForAForbidNothingIsAllowed) {
  Limits limits;
  limits.decision_bytes = 80;
  Scratch small(limits), large;
  const std::string permit = "permit(principal, action, resource);";
  const std::string forbid =
      "forbid(principal, action, resource) when { [context.n, 1, 2, 3, 4, 5].contains(1) };";
  Asking asking;
  ASSERT_NO_FATAL_FAILURE(asking.Apply(Edit().Add(CompileAll(permit + forbid))));
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(asking.snapshot, Asks("u", "a", "d", {{"n", 1}})).ok());
  EXPECT_EQ(Decide(asking.snapshot, bound, large).status(), DecisionStatus::kDecided);
  EXPECT_FALSE(Decide(asking.snapshot, bound, large).is_allow());
  const Decision decision = Decide(asking.snapshot, bound, small);
  EXPECT_FALSE(decision.is_allow());
  EXPECT_EQ(decision.status(), DecisionStatus::kOutOfMemory);
  const OutcomeOnly outcome = DecideOutcome(asking.snapshot, bound, small);
  EXPECT_FALSE(outcome.is_allow());
  EXPECT_EQ(outcome.status, DecisionStatus::kOutOfMemory);
  // Another forbid that holds makes the outcome certain.
  Asking certain;
  ASSERT_NO_FATAL_FAILURE(certain.Apply(
      Edit().Add(CompileAll("forbid(principal, action, resource);" + forbid + permit))));
  ASSERT_TRUE(bound.Bind(certain.snapshot, Asks("u", "a", "d", {{"n", 1}})).ok());
  EXPECT_EQ(DecideOutcome(certain.snapshot, bound, small).status, DecisionStatus::kDecided);
  EXPECT_FALSE(Decide(certain.snapshot, bound, small).is_allow());
}

}  // namespace
}  // namespace assay
