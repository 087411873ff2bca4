// What must hold of the engine whatever the policies are; no second implementation is needed to
// say.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <utility>

#include "tests/property/disagreement.h"
#include "tests/property/harness.h"
#include "tests/support/world_draw.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

constexpr std::uint64_t kWorlds = 250;
constexpr WorldSize kSize = {40, 10};

// Calls `check` with random worlds and a source of chance, until one fails.
void ForRandomWorlds(const std::function<void(const World&, Draw&)>& check) {
  std::cout << "seed " << Seed() << std::endl;
  for (std::uint64_t i = 0; i < kWorlds && !::testing::Test::HasFailure(); ++i) {
    Draw draw(Seed() + i);
    const std::uint64_t seed = draw.Next();
    check(RandomWorld(seed, kSize), draw);
  }
}

std::vector<oracle::Answer> Answers(const World& world) {
  std::string error;
  const Answerer::Answers answers = EngineAnswerer().ask(world, &error);
  if (!answers) ADD_FAILURE() << error << "\n" << world.ToJson();
  return answers.value_or(std::vector<oracle::Answer>(world.requests.size()));
}

template <typename T>
void Shuffle(Draw& draw, std::vector<T>* elements) {
  for (std::size_t i = elements->size(); i > 1; --i) {
    std::swap((*elements)[i - 1], (*elements)[draw.Below(i)]);
  }
}

TEST(LawsProperty, OrderOfPoliciesDoesNotMatter) {
  ForRandomWorlds([](const World& world, Draw& draw) {
    World shuffled = world;
    Shuffle(draw, &shuffled.policies);
    Shuffle(draw, &shuffled.templates);
    Shuffle(draw, &shuffled.links);
    Shuffle(draw, &shuffled.entities);
    EXPECT_EQ(Answers(world), Answers(shuffled)) << world.ToJson();
  });
}

TEST(LawsProperty, AForbidNeverTurnsDenyIntoAllow) {
  std::uint64_t turned = 0;
  ForRandomWorlds([&turned](const World& world, Draw& draw) {
    const World other = RandomWorld(draw.Next(), kSize);
    std::string error;
    const std::unique_ptr<EngineWorld> parsed = ParseWorld(other, &error);
    ASSERT_NE(parsed, nullptr) << error;
    World stricter = world;
    for (std::size_t i = 0; i < other.policies.size(); ++i) {
      const cedar::Policy& policy = parsed->policies.syntax().ast.policies[i];
      if (policy.effect != cedar::Effect::kForbid) continue;
      stricter.policies.emplace_back("forbid" + std::to_string(i), other.policies[i].second);
    }
    const std::vector<oracle::Answer> before = Answers(world);
    const std::vector<oracle::Answer> after = Answers(stricter);
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_FALSE(after[i].allow && !before[i].allow) << stricter.ToJson();
      turned += before[i].allow && !after[i].allow ? 1 : 0;
    }
  });
  EXPECT_GT(turned, 0U) << "no forbid ever applied";
}

// `text` with the only mention of `slot` replaced by the uid.
std::string Substitute(std::string text, const std::string& slot,
                       const std::optional<EntityUid>& uid) {
  if (!uid) return text;
  const std::size_t at = text.find(slot);
  EXPECT_NE(at, std::string::npos);
  EXPECT_EQ(text.find(slot, at + 1), std::string::npos);
  return text.replace(at, slot.size(), uid->ToCedar());
}

TEST(LawsProperty, LinkingIsSubstitution) {
  std::uint64_t links = 0;
  ForRandomWorlds([&links](const World& world, Draw&) {
    World substituted = world;
    substituted.templates.clear();
    substituted.links.clear();
    for (const World::Link& link : world.links) {
      const auto found =
          std::find_if(world.templates.begin(), world.templates.end(),
                       [&link](const auto& t) { return t.first == link.template_id; });
      ASSERT_NE(found, world.templates.end());
      std::string text = Substitute(found->second, "?principal", link.principal);
      text = Substitute(std::move(text), "?resource", link.resource);
      substituted.policies.emplace_back(link.new_id, std::move(text));
      ++links;
    }
    EXPECT_EQ(Answers(world), Answers(substituted)) << world.ToJson();
  });
  EXPECT_GT(links, kWorlds);
}

TEST(LawsProperty, TemplatesAloneDecideNothing) {
  ForRandomWorlds([](const World& world, Draw&) {
    World unlinked = world;
    unlinked.policies.clear();
    unlinked.links.clear();
    for (const oracle::Answer& answer : Answers(unlinked)) {
      EXPECT_EQ(answer, oracle::Answer{}) << unlinked.ToJson();
    }
  });
}

}  // namespace
}  // namespace assay::testing
