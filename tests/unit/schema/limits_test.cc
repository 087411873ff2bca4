// Schemas that are large, deep or vicious end in time, with a schema or an error.
#include <gtest/gtest.h>

#include "tests/unit/schema/schema_test.h"

namespace assay {
namespace {

using testing::GoodSchema;
using testing::ParseSchema;
using testing::Repeated;

std::string Numbered(int count, const std::function<std::string(int)>& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i);
  return text;
}

TEST(SchemaLimits, TypesNestedTooDeep) {
  const auto nested = [](int depth) {
    return "type T = " + Repeated("Set<", depth, "") + "Long" + Repeated(">", depth, "") + ";";
  };
  EXPECT_EQ(ParseSchema(nested(199)).errors, "");
  EXPECT_NE(ParseSchema(nested(200)).errors.find("too-deep"), std::string::npos);
  EXPECT_NE(ParseSchema(nested(100'000)).errors.find("too-deep"), std::string::npos);
  const std::string records = Repeated("{a: ", 100'000, "");
  EXPECT_NE(ParseSchema("entity E " + records).errors.find("too-deep"), std::string::npos);
}

TEST(SchemaLimits, CommonTypesThatAddUp) {
  const std::string chain =
      "type T0 = Long;" + Numbered(100'000, [](int i) {
        return "type T" + std::to_string(i + 1) + " = Set<T" + std::to_string(i) + ">;";
      });
  EXPECT_NE(ParseSchema(chain).errors.find("too-deep"), std::string::npos);
}

// Each common type has the one before it twice: as a tree the last has 2^190 leaves.
TEST(SchemaLimits, TypesThatAreExponentialAsTrees) {
  const auto doubling = [](const std::string& name, const std::string& leaf) {
    std::string text = "type " + name + "0 = { x: " + leaf + " };";
    for (int i = 1; i < 190; ++i) {
      const std::string before = name + std::to_string(i - 1);
      text += "type " + name + std::to_string(i) + " = { a: " + before + ", b: " + before + " };";
    }
    return text;
  };
  const Schema schema = GoodSchema(doubling("S", "Long") + doubling("T", "String") +
                                   "entity E = { s: S189, t: T189 };"
                                   "action a appliesTo { principal: E, resource: E };");
  testing::TestSet set;
  ASSERT_TRUE(
      set.AddCedar("permit(principal, action, resource) when { principal.s == principal.t "
                   "&& principal.s == resource.s && [principal.s, principal.t] == [] };"));
  for (const ValidationMode mode : {ValidationMode::kStrict, ValidationMode::kPermissive}) {
    const auto result = Validate(schema, set.set, {.mode = mode});
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result.value().passed(), mode == ValidationMode::kPermissive);
    for (const Finding& finding : result.value().errors) {
      EXPECT_LT(finding.message.size(), 1U << 18);
    }
  }
  EXPECT_EQ(ParseContextJson(schema, {"Action", "a"}, set.sources, set.sources.Add("c", "{}"),
                             Limits{}, &set.diagnostics)
                ->size(),
            0U);
}

TEST(SchemaLimits, LongCycles) {
  const std::string types = Numbered(50'000, [](int i) {
    return "type T" + std::to_string(i) + " = { a: T" + std::to_string((i + 1) % 50'000) + " };";
  });
  EXPECT_NE(ParseSchema(types).errors.find("type-cycle"), std::string::npos);
  const std::string actions = Numbered(50'000, [](int i) {
    return "action a" + std::to_string(i) + " in a" + std::to_string((i + 1) % 50'000) + ";";
  });
  EXPECT_NE(ParseSchema(actions).errors.find("action-cycle"), std::string::npos);
}

TEST(SchemaLimits, JsonNestedTooDeep) {
  const std::string sets = Repeated("{\"type\": \"Set\", \"element\": ", 100'000, "");
  EXPECT_NE(
      ParseSchema("{\"\": {\"entityTypes\": {}, \"actions\": {}, \"commonTypes\": {\"T\": " + sets,
                  SchemaFormat::kJson)
          .errors.find("too-deep"),
      std::string::npos);
}

TEST(SchemaLimits, NamesWithAHundredThousandParts) {
  const std::string name = "A" + Repeated("::A", 100'000, "");
  EXPECT_NE(ParseSchema("entity E in " + name + ";").errors, "");
  EXPECT_NE(ParseSchema("namespace " + name + " { entity E in F; }").errors, "");
  EXPECT_EQ(ParseSchema("namespace " + name + " { entity E in F; entity F; }").errors, "");
}

// The action at the end of the chain has all others as descendants.
TEST(SchemaLimits, ActionsInAChain) {
  constexpr int kCount = 20'000;
  const Schema schema = GoodSchema("entity U;" +
                                   Numbered(kCount,
                                            [](int i) {
                                              return "action a" + std::to_string(i) + " in a" +
                                                     std::to_string(i + 1) +
                                                     " appliesTo { principal: U, resource: U };";
                                            }) +
                                   "action a" + std::to_string(kCount) + ";");
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action in Action::\"a" + std::to_string(kCount) +
                           "\", resource) when { action in Action::\"a1\" };"));
  const auto result = Validate(schema, set.set);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_TRUE(result.value().passed());
  const Result<Entities> all = AddActions(schema, Entities());
  EXPECT_EQ(all.ok() ? ErrorCode::kOutOfMemory : all.error().code, ErrorCode::kLimitExceeded);
}

TEST(SchemaLimits, AHundredThousandEntityTypesInAChain) {
  constexpr int kCount = 100'000;
  const Schema schema = GoodSchema(Numbered(kCount,
                                            [](int i) {
                                              return "entity E" + std::to_string(i) + " in E" +
                                                     std::to_string((i + 1) % kCount) +
                                                     " = { e: E0 };";
                                            }) +
                                   "action a appliesTo { principal: E0, resource: E1 };");
  EXPECT_EQ(schema.EntityTypes().size(), static_cast<std::size_t>(kCount));
  testing::TestSet set;
  ASSERT_TRUE(
      set.AddCedar("permit(principal in E99999::\"x\", action, resource) when { "
                   "principal.e.e in resource && Unknown::\"x\" == principal };"));
  const auto result = Validate(schema, set.set);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().errors.size(), 1U);
}

TEST(SchemaLimits, ActionsThatApplyToEverything) {
  const std::string types = Numbered(2000, [](int i) { return "E" + std::to_string(i) + ", "; });
  const std::string all = types + "E";
  const Schema schema = GoodSchema("entity " + all + "; action a appliesTo { principal: [" + all +
                                   "], resource: [" + all + "] };");
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource);"));
  const auto result = Validate(schema, set.set);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(result.error().message.find("request_environments"), std::string::npos);
}

TEST(SchemaLimits, NamesOfAMegabyte) {
  const std::string name(1 << 20, 'n');
  const Schema schema =
      GoodSchema("entity " + name + " = { " + name + ": Long }; action \"" + name +
                 "\" appliesTo { principal: " + name + ", resource: " + name + " };");
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action == Action::\"" + name.substr(1) +
                           "\", resource) when { principal." + name + "x == 1 || x" + name +
                           "::\"\" == principal };"));
  const auto result = Validate(schema, set.set);
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result.value().passed());
  EXPECT_NE(ParseSchema("entity A in " + name + ";").errors.find("unknown-type"),
            std::string::npos);
}

TEST(SchemaLimits, SourcesTooLarge) {
  Limits limits;
  limits.source_bytes = 10;
  EXPECT_NE(ParseSchema("entity Abcdefg;", SchemaFormat::kCedar, limits).errors.find("too-large"),
            std::string::npos);
  EXPECT_NE(ParseSchema("{\"\": {\"entityTypes\": 1}}", SchemaFormat::kJson, limits)
                .errors.find("too-large"),
            std::string::npos);
}

TEST(SchemaLimits, ErrorsAreCounted) {
  Sources sources;
  Diagnostics diagnostics;
  Schema::Parse(sources, sources.Add("s", Numbered(1000, [](int) { return "entity if;"; })),
                SchemaFormat::kCedar, Limits{}, &diagnostics);
  EXPECT_EQ(diagnostics.list().size(), 100U);
  EXPECT_EQ(diagnostics.total(), 1000U);
}

// Chains and lists of conditions have no depth.
TEST(ValidationLimits, VeryLongPolicies) {
  const Schema schema =
      GoodSchema("entity U = { a?: Long }; action a appliesTo { principal: U, resource: U };");
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource)" +
                           Repeated(" when { principal has a }", 50'000, "") + ";"));
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource) when { " +
                           Repeated("principal has a", 50'000, " && ") +
                           " && principal.a == 1 };"));
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource) when { " +
                           Repeated("principal has a", 50'000, " || ") + " };"));
  const auto result = Validate(schema, set.set);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.value().passed());
}

// `is … in` stands for two expressions; nested they would be 2^n.
TEST(ValidationLimits, NestedIsIn) {
  const Schema schema =
      GoodSchema("entity U in U = { u: U }; action a appliesTo { principal: U, resource: U };");
  std::string subject = "principal";
  for (int i = 0; i < 100; ++i) {
    subject = "(if " + subject + " is U in resource then principal else resource)";
  }
  testing::TestSet set;
  ASSERT_TRUE(set.AddCedar("permit(principal, action, resource) when { " + subject + " is U };"));
  const auto result = Validate(schema, set.set, {.level = 3});
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.value().passed());
}

}  // namespace
}  // namespace assay
