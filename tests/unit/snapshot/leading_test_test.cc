// What first conditions are known to the tree, and with which ranges.
#include "engine/snapshot/leading_test.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/eval/binding_data.h"
#include "tests/unit/compiler/compiled.h"

namespace assay::rt {
namespace {

std::string Bound(std::int64_t number) {
  if (number == std::numeric_limits<std::int64_t>::min()) return "min";
  if (number == std::numeric_limits<std::int64_t>::max()) return "max";
  return std::to_string(number);
}

std::string Required(Kind kind) {
  switch (kind) {
    case Kind::kUndefined: return "";
    case Kind::kBool: return ":bool";
    case Kind::kLong: return ":long";
    case Kind::kDatetime: return ":datetime";
    case Kind::kDuration: return ":duration";
    default: return ":?";
  }
}

// The test that the conditions begin with, for example `context.n in 3..6` or `guarded context.a.b
// == "x"`; empty if there is none.
std::string TestOf(const std::string& conditions) {
  testing::TestSet set;
  EXPECT_TRUE(set.AddPolicy("p", "permit(principal, action, resource) " + conditions + ";"))
      << testing::ErrorsOf(set.diagnostics);
  const Snapshot snapshot = Snapshot::Create(set.set.Compile().value(), Entities()).value();
  const SnapshotData& data = *Access::Data(snapshot);
  const BodyRow& body = data.bodies[data.policies[0].body];
  const auto test = FindLeadingTest({body.code, body.length}, body.constants);
  EXPECT_EQ(test.has_value(), body.test.subject != tree::kNone);
  if (!test) return "";
  const BindingData none;
  static constexpr const char* kVariables[] = {"principal", "action", "resource", "context"};
  std::string text = test->is_guarded ? "guarded " : "";
  text += kVariables[test->variable];
  for (const bc::Inst& inst : test->path) text += "." + std::string(NameText(data, none, inst.c));
  text += Required(test->required);
  if (!test->is_range) return text + " == " + ToValue(data, none, test->value).ToCedar();
  return text + " in " + Bound(test->low) + ".." + Bound(test->high);
}

std::string When(const std::string& condition) { return TestOf("when { " + condition + " }"); }

TEST(LeadingTest, EqualityWithAScalar) {
  EXPECT_EQ(When("context.n == 1"), "context.n == 1");
  EXPECT_EQ(When("1 == context.n"), "context.n == 1");
  EXPECT_EQ(When("-5 == context.n"), "context.n == -5");
  EXPECT_EQ(When("principal.a.b.c == \"x\""), "principal.a.b.c == \"x\"");
  EXPECT_EQ(When("resource[\"a b\"] == true"), "resource.a b == true");
  EXPECT_EQ(When("action == Action::\"a\""), "action == Action::\"a\"");
  EXPECT_EQ(When("User::\"u\" == resource.owner"), "resource.owner == User::\"u\"");
  EXPECT_EQ(When("context.d == decimal(\"1.50\")"), "context.d == decimal(\"1.5000\")");
  EXPECT_EQ(When("context.t == duration(\"1s\")"), "context.t == duration(\"1000ms\")");
  EXPECT_NE(When("context.t == datetime(\"2024-01-01\")"), "");
  EXPECT_EQ(When("context.n == 1 && context.missing"), "context.n == 1");
  EXPECT_EQ(TestOf("when { context.n == 1 } when { context.m == 2 }"), "context.n == 1");
  EXPECT_EQ(TestOf("when { context.n == 1 } unless { context.m }"), "context.n == 1");
}

TEST(LeadingTest, ABoolByItself) {
  EXPECT_EQ(When("context.b"), "context.b:bool == true");
  EXPECT_EQ(When("!context.b"), "context.b:bool == false");
  EXPECT_EQ(When("!!context.b"), "context.b:bool == true");
  EXPECT_EQ(When("!!!context.b"), "context.b:bool == false");
  EXPECT_EQ(TestOf("unless { context.b }"), "context.b:bool == false");
  EXPECT_EQ(TestOf("unless { !context.b }"), "context.b:bool == true");
  EXPECT_EQ(When("principal"), "principal:bool == true");  // never a bool: an error of each policy
  EXPECT_EQ(When("context.b && context.n == 1"), "context.b:bool == true");
}

TEST(LeadingTest, RangesAndTheirNegations) {
  EXPECT_EQ(When("context.n < 5"), "context.n:long in min..4");
  EXPECT_EQ(When("context.n <= 5"), "context.n:long in min..5");
  EXPECT_EQ(When("context.n > 5"), "context.n:long in 6..max");
  EXPECT_EQ(When("context.n >= 5"), "context.n:long in 5..max");
  EXPECT_EQ(When("5 < context.n"), "context.n:long in 6..max");
  EXPECT_EQ(When("5 <= context.n"), "context.n:long in 5..max");
  EXPECT_EQ(When("5 > context.n"), "context.n:long in min..4");
  EXPECT_EQ(When("5 >= context.n"), "context.n:long in min..5");
  EXPECT_EQ(When("!(context.n < 5)"), "context.n:long in 5..max");
  EXPECT_EQ(When("!(context.n <= 5)"), "context.n:long in 6..max");
  EXPECT_EQ(When("!(5 < context.n)"), "context.n:long in min..5");
  EXPECT_EQ(When("!!(context.n > 5)"), "context.n:long in 6..max");
  EXPECT_EQ(When("!!!(context.n > 5)"), "context.n:long in min..5");
  EXPECT_EQ(TestOf("unless { context.n < 5 }"), "context.n:long in 5..max");
  EXPECT_EQ(TestOf("unless { !(context.n >= 5) }"), "context.n:long in 5..max");
  EXPECT_EQ(When("context.t > duration(\"1s\")"), "context.t:duration in 1001..max");
  EXPECT_EQ(When("context.t <= datetime(\"1970-01-01\")"), "context.t:datetime in min..0");
}

TEST(LeadingTest, RangesAtTheEndsOfLong) {
  // Nothing is below the least: an empty range.
  EXPECT_EQ(When("context.n < -9223372036854775808"), "context.n:long in max..min");
  EXPECT_EQ(When("context.n <= -9223372036854775808"), "context.n:long in min..min");
  EXPECT_EQ(When("context.n >= -9223372036854775808"), "context.n:long in min..max");
  EXPECT_EQ(When("context.n > 9223372036854775807"), "context.n:long in max..min");
  EXPECT_EQ(When("context.n >= 9223372036854775807"), "context.n:long in max..max");
  EXPECT_EQ(When("context.n < 9223372036854775807"), "context.n:long in min..9223372036854775806");
  EXPECT_EQ(When("!(context.n <= 9223372036854775807)"), "context.n:long in max..min");
}

TEST(LeadingTest, ASecondComparisonNarrows) {
  EXPECT_EQ(When("context.n >= 3 && context.n < 7"), "context.n:long in 3..6");
  EXPECT_EQ(When("3 <= context.n && !(context.n > 7)"), "context.n:long in 3..7");
  EXPECT_EQ(TestOf("when { context.n > 3 } unless { context.n > 7 }"), "context.n:long in 4..7");
  EXPECT_EQ(When("context.n > 7 && context.n < 3"), "context.n:long in 8..2");
  EXPECT_EQ(When("context has n && context.n >= 3 && context.n < 7"),
            "guarded context.n:long in 3..6");
  // Not the same subject, not the same kind, not a comparison, or one too many.
  EXPECT_EQ(When("context.n >= 3 && context.m < 7"), "context.n:long in 3..max");
  EXPECT_EQ(When("context.n >= 3 && context.n.m < 7"), "context.n:long in 3..max");
  EXPECT_EQ(When("context.n >= 3 && resource.n < 7"), "context.n:long in 3..max");
  EXPECT_EQ(When("context.n >= 3 && context.n < duration(\"1s\")"), "context.n:long in 3..max");
  EXPECT_EQ(When("context.n >= 3 && context.n == 7"), "context.n:long in 3..max");
  EXPECT_EQ(When("context.n >= 3 && (context.n < 7 || context.b)"), "context.n:long in 3..max");
  EXPECT_EQ(When("context.n >= 3 && context.n < 9 && context.n < 7"), "context.n:long in 3..8");
  EXPECT_EQ(When("context.n == 3 && context.n < 7"), "context.n == 3");
}

TEST(LeadingTest, GuardsOfTheSameAttribute) {
  EXPECT_EQ(When("context has n && context.n == 1"), "guarded context.n == 1");
  EXPECT_EQ(When("context has b && context.b"), "guarded context.b:bool == true");
  EXPECT_EQ(When("context has b && !context.b"), "guarded context.b:bool == false");
  EXPECT_EQ(When("principal.a has b && principal.a.b == 1"), "guarded principal.a.b == 1");
  EXPECT_EQ(When("context has n && 1 < context.n"), "guarded context.n:long in 2..max");
  EXPECT_EQ(TestOf("when { context has n } when { context.n == 1 }"), "guarded context.n == 1");
  // Guards of something else say nothing about the condition.
  EXPECT_EQ(When("context has m && context.n == 1"), "");
  EXPECT_EQ(When("context has a && context.a.n == 1"), "");
  EXPECT_EQ(When("resource has n && context.n == 1"), "");
  EXPECT_EQ(When("!(context has n) && context.n == 1"), "");
  EXPECT_EQ(TestOf("unless { context has n } when { context.n == 1 }"), "");
  EXPECT_EQ(When("context has n && context has n && context.n == 1"), "");
  EXPECT_EQ(When("context has n"), "");
  EXPECT_EQ(When("principal has a.b && principal.a.b == 1"), "");
}

TEST(LeadingTest, NearMisses) {
  for (const char* condition : {
           "context.n != 1",
           "!(context.n == 1)",
           "context.n == context.m",
           "context.n < context.m",
           "context.n + 1 == 2",
           "-context.n == 2",
           "context.n == 1 || context.b",
           "context.b || context.n == 1",
           "if context.b then context.n == 1 else context.n == 2",
           "(if context.b then context.n else context.m) == 1",
           "context.s like \"x*\"",
           "context.s == [1]",
           "context.s == {a: 1}",
           "context.s == ip(\"1.2.3.4\")",
           "context.s.contains(1)",
           "context.d.lessThan(decimal(\"1.0\"))",
           "context.s < \"x\"",
           "context.s < true",
           "principal in Group::\"g\"",
           "principal is User",
           "principal.hasTag(\"t\")",
           "principal.getTag(\"t\") == 1",
           "[1].contains(context.n)",
           "ip(context.s) == ip(\"1.2.3.4\")",
           "true",
       }) {
    EXPECT_EQ(When(condition), "") << condition;
  }
  EXPECT_EQ(TestOf("unless { context.n == 1 }"), "");
  EXPECT_EQ(TestOf(""), "");
}

}  // namespace
}  // namespace assay::rt
