// Rules of validation that no other test would miss.
#include <gtest/gtest.h>

#include "tests/unit/schema/schema_test.h"

namespace assay {
namespace {

using testing::GoodSchema;

constexpr const char* kSchema =
    "entity User in Group = { must: Long, may?: Long, rec: { must: Long, may?: Long } } tags Long;"
    "entity Group; entity Doc = { owner: User };"
    "action view, edit in all appliesTo { principal: User, resource: Doc };"
    "action all;";

// Whether the condition is valid, in strict mode.
bool IsValid(const std::string& condition, ValidationMode mode = ValidationMode::kStrict) {
  testing::TestSet set;
  EXPECT_TRUE(set.AddCedar("permit(principal, action, resource) when { " + condition + " };"))
      << condition;
  const auto result = Validate(GoodSchema(kSchema), set.set, {.mode = mode});
  return result.ok() && result.value().passed();
}

TEST(Checker, CapabilitiesHoldWhereTheTestWasTrue) {
  EXPECT_FALSE(IsValid("principal.may == 1"));
  EXPECT_TRUE(IsValid("principal has may && principal.may == 1"));
  EXPECT_FALSE(IsValid("principal.may == 1 && principal has may"));
  EXPECT_FALSE(IsValid("resource.owner has may && principal.may == 1"));
  EXPECT_TRUE(IsValid("if principal has may then principal.may == 1 else true"));
  EXPECT_FALSE(IsValid("if principal has may then true else principal.may == 1"));
  EXPECT_FALSE(IsValid("!(principal has may) || principal.may == 1"));
  EXPECT_FALSE(IsValid("(principal has may || resource.owner has may) && principal.may == 1"));
  EXPECT_TRUE(IsValid("(principal has may || principal has may) && principal.may == 1"));
  EXPECT_TRUE(IsValid("(principal has may || false) && principal.may == 1"));
  EXPECT_TRUE(
      IsValid("(if action == Action::\"view\" then principal has may else principal has "
              "may) && principal.may == 1"));
  EXPECT_TRUE(IsValid("principal has rec.may && principal.rec.may == 1"));
  EXPECT_TRUE(IsValid("principal.hasTag(\"a\") && principal.getTag(\"a\") == 1"));
  EXPECT_FALSE(IsValid("principal.hasTag(\"a\") && principal.getTag(\"b\") == 1"));
}

// The reference drops what the left side of `&&` has earned if it is always true and the right side
// is not. It is always true only where the fact is known already, so that nothing is missed.
TEST(Checker, AndLosesCapabilitiesOfALeftSideThatIsTrue) {
  EXPECT_TRUE(IsValid("principal has may && principal.may == 1"));
  EXPECT_TRUE(IsValid("(principal has may && true) && principal.may == 1"));
  EXPECT_TRUE(
      IsValid("(principal has may && (principal has may && principal in resource.owner)) && "
              "principal.may == 1"));
  EXPECT_TRUE(
      IsValid("principal has may && (if principal has may && resource has owner then "
              "principal.may == 1 else true)"));
}

// The reference's text repeats the branch of an `if` that is certain: 2^40 times here.
TEST(Checker, TextsOfMistakesAreBounded) {
  std::string tag = "if principal.must == 1 then \"é\" else \"b\"";
  for (int i = 0; i < 40; ++i) tag = "if true then (" + tag + ") else \"c\"";
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource) when { principal.getTag(" + tag +
                           ") == 1 };"));
  const auto result = Validate(GoodSchema(kSchema), set.set, {});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.value().errors.size(), 1U);
  const std::string& message = result.value().errors[0].message;
  EXPECT_GT(message.size(), 16'000U);
  EXPECT_LT(message.size(), 17'000U);
  EXPECT_NE(message.find("…"), std::string::npos);
}

TEST(Checker, DeadCodeMayBeWrong) {
  EXPECT_TRUE(IsValid("false && 1"));
  EXPECT_TRUE(IsValid("true || 1"));
  EXPECT_FALSE(IsValid("true && 1"));
  EXPECT_TRUE(IsValid("if false then 1 == \"a\" else true"));
  EXPECT_TRUE(IsValid("principal is Group && principal.nothing == 1"));
  EXPECT_TRUE(IsValid("principal == Group::\"a\" && 1"));
  EXPECT_TRUE(IsValid("action in Action::\"all\" || 1"));
  EXPECT_FALSE(IsValid("action == Action::\"view\" || 1"));
}

TEST(Checker, StrictAndPermissiveDifferInUnions) {
  const std::string either = "(if principal has may then principal else resource)";
  const std::vector<std::string> conditions = {
      either + " == principal", "[principal, resource].contains(principal)",
      "[].isEmpty()",           "principal in [principal, resource]",
      "{a: 1} == {b: 1}",       "ip(if principal has may then \"::1\" else \"::2\").isIpv6()"};
  for (const std::string& condition : conditions) {
    EXPECT_FALSE(IsValid(condition)) << condition;
    EXPECT_TRUE(IsValid(condition, ValidationMode::kPermissive)) << condition;
  }
  EXPECT_FALSE(IsValid(either + ".owner == principal", ValidationMode::kPermissive));
}

TEST(Checker, FilesMayReferToEachOther) {
  Sources sources;
  Diagnostics diagnostics;
  const SchemaSource files[] = {
      {sources.Add("a", "entity A in N::B = { t: N::T };"), SchemaFormat::kCedar},
      {sources.Add("b", R"({"N": {"commonTypes": {"T": {"type": "Long"}},
                                  "entityTypes": {"B": {}}, "actions": {}}})"),
       SchemaFormat::kJson}};
  const auto schema = Schema::Parse(sources, files, Limits{}, &diagnostics);
  ASSERT_TRUE(schema.has_value()) << diagnostics.Render(sources);
  EXPECT_EQ(schema->EntityTypes(), (std::vector<std::string>{"A", "N::B"}));
}

TEST(Checker, AnEmptySchemaAllowsNothing) {
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource);"));
  const auto result = Validate(Schema(), set.set);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.value().passed());
  EXPECT_EQ(result.value().warnings.size(), 2U);
}

TEST(SchemaData, ActionsComeFromTheSchema) {
  const Schema schema = GoodSchema(kSchema);
  const auto entities = AddActions(schema, Entities());
  ASSERT_TRUE(entities.ok());
  ASSERT_EQ(entities.value().size(), 3U);
  const auto view = entities.value().Find({"Action", "view"});
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(entities.value().ancestors(*view), (std::vector<EntityUid>{{"Action", "all"}}));
  EXPECT_TRUE(ValidateEntities(schema, entities.value()).ok());
}

TEST(SchemaData, RequestsMustFit) {
  const Schema schema = GoodSchema(kSchema);
  const Request good{{"User", "a"}, {"Action", "view"}, {"Doc", "d"}, {}};
  EXPECT_TRUE(ValidateRequest(schema, good).ok());
  Request bad = good;
  // Quotes stand where the name could not be a key without them.
  bad.context = {{"x", 1}, {"if", true}, {"a b", Record{{"__cedar", "c"}}}};
  EXPECT_EQ(ValidateRequest(schema, bad).error().message,
            "context `{\"a b\": {\"__cedar\": \"c\"}, \"if\": true, x: 1}` is not valid for "
            "`Action::\"view\"`");
  bad = good;
  bad.action = {"Action", "all"};
  EXPECT_EQ(ValidateRequest(schema, bad).error().message,
            "principal type `User` is not valid for `Action::\"all\"`");
}

}  // namespace
}  // namespace assay
