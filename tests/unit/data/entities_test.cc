// The hierarchy: closure, cycles, duplicates, lookups.
#include "assay/entities.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

EntityUid U(std::string id) { return {"U", std::move(id)}; }

Entity Child(std::string id, std::vector<std::string> parents) {
  Entity entity{U(std::move(id)), {}, {}, {}};
  for (std::string& parent : parents) entity.parents.push_back(U(std::move(parent)));
  return entity;
}

// The ids of the ancestors, in the order in which they are kept.
std::string Ancestors(const Entities& entities, const std::string& id) {
  std::string text;
  for (const EntityUid& uid : entities.ancestors(entities.Find(U(id)).value())) text += uid.id;
  return text;
}

std::string ErrorOf(std::vector<Entity> given) {
  const Result<Entities> entities = Entities::Create(std::move(given));
  if (entities.ok()) return "";
  EXPECT_EQ(entities.error().code, ErrorCode::kInvalidArgument);
  return entities.error().message;
}

TEST(Entities, CloseTheHierarchy) {
  // A diamond, with a parent that is not in the store.
  const Entities entities =
      Entities::Create({Child("d", {"c", "b"}), Child("c", {"a"}), Child("b", {"a", "x"}),
                        Child("a", {}), Child("e", {"x", "x"})})
          .value();
  EXPECT_EQ(entities.size(), 5U);
  EXPECT_EQ(Ancestors(entities, "d"), "abcx");
  EXPECT_EQ(Ancestors(entities, "c"), "a");
  EXPECT_EQ(Ancestors(entities, "b"), "ax");
  EXPECT_EQ(Ancestors(entities, "a"), "");
  EXPECT_EQ(Ancestors(entities, "e"), "x");
  EXPECT_EQ(entities.Find(U("x")), std::nullopt);
  EXPECT_EQ(entities.Find({"V", "a"}), std::nullopt);
  EXPECT_EQ(entities[*entities.Find(U("e"))].parents.size(), 2U);  // as given
}

TEST(Entities, ADeepHierarchyTakesNoStack) {
  std::vector<Entity> chain;
  constexpr int kLength = 2000;
  for (int i = 0; i < kLength; ++i)
    chain.push_back(Child(std::to_string(i), {std::to_string(i + 1)}));
  const Entities entities = Entities::Create(chain).value();
  EXPECT_EQ(entities.ancestors(0).size(), static_cast<std::size_t>(kLength));
  chain.push_back(Child(std::to_string(kLength), {"0"}));
  EXPECT_EQ(ErrorOf(chain), "the entity U::\"2000\" is an ancestor of itself");
}

TEST(Entities, CyclesAreRefused) {
  EXPECT_EQ(ErrorOf({Child("a", {"a"})}), "the entity U::\"a\" is an ancestor of itself");
  EXPECT_EQ(ErrorOf({Child("x", {}), Child("a", {"b"}), Child("b", {"x", "a"})}),
            "the entity U::\"b\" is an ancestor of itself");
}

TEST(Entities, EqualDuplicatesAreOneAndOthersAreRefused) {
  Entity a = Child("a", {"p", "q"});
  Entity again = Child("a", {"q", "p", "p"});  // parents are a set
  EXPECT_EQ(Entities::Create({a, Child("p", {}), again}).value().size(), 2U);
  const std::string error =
      "the entity U::\"a\" was given before with other attributes, parents or tags";
  EXPECT_EQ(ErrorOf({a, Child("a", {"p"})}), error);
  again.attributes.emplace("n", 1);
  EXPECT_EQ(ErrorOf({a, again}), error);
  Entity tagged = a;
  tagged.tags.emplace("t", 1);
  EXPECT_EQ(ErrorOf({a, tagged}), error);
}

// A short text may have a long closure: a chain of n has n * (n - 1) / 2 ancestors.
TEST(Entities, AncestorsAreLimited) {
  std::vector<Entity> chain;
  std::string text;
  for (int i = 0; i < 100; ++i) {
    chain.push_back(Child(std::to_string(i), {std::to_string(i + 1)}));
    text += (i == 0 ? "" : ",") + std::string(R"({"uid":{"type":"U","id":")") + std::to_string(i) +
            R"("},"attrs":{},"parents":[{"type":"U","id":")" + std::to_string(i + 1) + R"("}]})";
  }
  Limits limits;
  limits.ancestors = 5050;
  EXPECT_TRUE(Entities::Create(chain, limits).ok());
  limits.ancestors = 5049;
  const Result<Entities> refused = Entities::Create(chain, limits);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  const std::string message = "the entities have more than 5049 ancestors together (ancestors)";
  EXPECT_EQ(refused.error().message, message);
  Sources sources;
  Diagnostics diagnostics;
  EXPECT_FALSE(
      Entities::FromJson(sources, sources.Add("e", "[" + text + "]"), limits, &diagnostics));
  ASSERT_EQ(diagnostics.list().size(), 1U);
  EXPECT_EQ(diagnostics.list()[0].id, DiagId::kTooDeep);
  EXPECT_EQ(diagnostics.list()[0].message, message);
}

TEST(Entities, ParentsAttributesAndTagsAreLimited) {
  Limits limits;
  limits.parents = 2;
  limits.attributes = 1;
  const auto error_of = [&](const Entity& entity) {
    const Result<Entities> made = Entities::Create({entity}, limits);
    if (made.ok()) return std::string();
    EXPECT_EQ(made.error().code, ErrorCode::kLimitExceeded);
    return made.error().message;
  };
  const Entity most{U("u"), {{"a", 1}}, {U("v"), U("w")}, {{"t", 1}}};
  EXPECT_EQ(error_of(most), "");
  Entity more = most;
  more.parents.push_back(U("w"));
  EXPECT_EQ(error_of(more), "the entity U::\"u\" has more than 2 parents (parents)");
  more = most;
  more.attributes.emplace("b", 1);
  EXPECT_EQ(error_of(more), "the entity U::\"u\" has more than 1 attributes (attributes)");
  more = most;
  more.tags.emplace("s", 1);
  EXPECT_EQ(error_of(more), "the entity U::\"u\" has more than 1 tags (attributes)");
}

TEST(Entities, TypesMustBePaths) {
  EXPECT_EQ(ErrorOf({Entity{{"a b", "x"}, {}, {}, {}}}), "`a b` is not the name of an entity type");
  EXPECT_EQ(ErrorOf({Entity{{"U", "x"}, {}, {{"in", "y"}}, {}}}),
            "`in` is not the name of an entity type");
}

TEST(Entities, ParentsOfActionsAreActions) {
  const EntityUid action{"Ns::Action", "a"}, group{"Action", "g"};
  EXPECT_EQ(ErrorOf({Entity{action, {}, {group}, {}}}), "");
  EXPECT_EQ(ErrorOf({Entity{action, {}, {U("u")}, {}}}),
            "the action Ns::Action::\"a\" has the parent U::\"u\", which is no action");
  // `Action` counts as the last part only, and others may have actions as parents.
  EXPECT_EQ(ErrorOf({Entity{{"Action::U", "u"}, {}, {U("u")}, {}}}), "");
  EXPECT_EQ(ErrorOf({Entity{U("u"), {}, {action}, {}}}), "");
}

TEST(Entities, AProblemOfJsonIsShownWhereItStands) {
  Sources sources;
  Diagnostics diagnostics;
  const std::string same = R"({"uid": {"type": "U", "id": "s"}, "attrs": {}, "parents": []})";
  const std::string self =
      R"({"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": [{"type": "U", "id": "a"}]})";
  const std::uint32_t source = sources.Add("e", "[" + same + "," + same + "," + self + "]");
  EXPECT_FALSE(Entities::FromJson(sources, source, Limits{}, &diagnostics));
  ASSERT_EQ(diagnostics.list().size(), 1U);
  EXPECT_EQ(diagnostics.list()[0].id, DiagId::kHierarchyCycle);
  EXPECT_EQ(sources.Slice(diagnostics.list()[0].span), self);  // past the merged duplicate
}

}  // namespace
}  // namespace assay
