// The engine, and the oracle with it, answers as the reference implementation does: every decision,
// all reasons, all errors, every text. Only where the reference program is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "tests/property/disagreement.h"
#include "tests/property/enumerate.h"
#include "tests/property/mutate.h"
#include "tests/property/reference_fixture.h"
#include "tests/support/world_schema.h"

namespace assay::testing {
namespace {

class ReferenceProperty : public ReferenceTest {
 protected:
  std::vector<Answerer> Answerers() {
    return {{"reference", [this](const World& world,
                                 std::string* error) { return reference_->Ask(world, error); }},
            OracleAnswerer(),
            EngineAnswerer()};
  }
};

TEST_F(ReferenceProperty, RandomWorlds) {
  ExpectAgreement(Answerers(), DecisionsToMake(20'000), {}, "reference-difference");
}

TEST_F(ReferenceProperty, SmallExpressions) {
  const std::vector<Answerer> answerers = Answerers();
  const std::uint64_t checked = ForEachSmallWorld(97, [&](const World& world) {
    return ExpectAgreementOn(world, answerers, "reference-small-difference");
  });
  std::cout << checked << " policies, " << SmallWorld({}).requests.size() << " requests each"
            << std::endl;
  EXPECT_GT(checked, 10'000U);
}

// Whether a text is a policy at all, and what it then means.
TEST_F(ReferenceProperty, BrokenPolicies) {
  const std::vector<Answerer> answerers = Answerers();
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; accepted + refused < DecisionsToMake(20'000); ++i) {
    Draw draw(Seed() + i);
    World world = RandomWorld(draw.Next(), {10, 4});
    const World::Texts policies = std::exchange(world.policies, {});
    world.templates.clear();
    world.links.clear();
    for (const auto& [id, text] : policies) {
      world.policies = {{id, Mutate(draw, text)}};
      std::string error;
      const auto parsed = ParseWorld(world, &error);
      // The reference takes no template for a policy.
      if (parsed != nullptr && parsed->policies.syntax().ast.policies[0].is_template()) continue;
      ++(parsed == nullptr ? refused : accepted);
      if (!ExpectAgreementOn(world, answerers, "reference-broken-difference")) return;
    }
  }
  std::cout << accepted << " accepted, " << refused << " refused" << std::endl;
  EXPECT_GT(accepted, refused / 100);
}

bool RefusesDuplicate(const Diagnostics& diagnostics) {
  return std::any_of(
      diagnostics.list().begin(), diagnostics.list().end(),
      [](const Diagnostic& diagnostic) { return diagnostic.id == DiagId::kDuplicateMember; });
}

// Whether a text is a list of entities.
TEST_F(ReferenceProperty, BrokenEntities) {
  std::uint64_t accepted = 0;
  std::uint64_t forgotten = 0;
  for (std::uint64_t i = 0; i < DecisionsToMake(20'000); ++i) {
    Draw draw(Seed() + i);
    World world = RandomWorld(draw.Next(), {2, 0});
    world.entities.resize(std::min<std::size_t>(world.entities.size(), 3));
    Sources sources;
    const std::uint32_t source = sources.Add("", MutateJson(draw, world.EntitiesJson()));
    Diagnostics diagnostics;
    const bool ours = Entities::FromJson(sources, source, Limits{}, &diagnostics).has_value();
    std::string error;
    const bool theirs = reference_->Accepts("entities", std::string(sources.text(source)), &error);
    // Some places let the reference forget a member that is given twice; none does ours.
    ASSERT_TRUE(ours == theirs || RefusesDuplicate(diagnostics))
        << sources.text(source) << "\n  engine: " << (ours ? "ok" : diagnostics.Render(sources))
        << "\n  reference: " << (theirs ? "ok" : error);
    accepted += ours ? 1 : 0;
    forgotten += theirs && !ours ? 1 : 0;
  }
  std::cout << accepted << " accepted, " << forgotten
            << " refused here alone, for a member given twice" << std::endl;
  EXPECT_GT(accepted, 0U);
}

// Whether a text is a context.
TEST_F(ReferenceProperty, BrokenContexts) {
  std::uint64_t accepted = 0;
  std::uint64_t forgotten = 0;
  for (std::uint64_t i = 0; i < DecisionsToMake(20'000); ++i) {
    Draw draw(Seed() + i);
    const std::string context = DrawContext(draw, DrawSchema(draw));
    Sources sources;
    const std::uint32_t source = sources.Add("", MutateJson(draw, context));
    Diagnostics diagnostics;
    const bool ours = ParseContextJson(sources, source, Limits{}, &diagnostics).has_value();
    std::string error;
    const bool theirs = reference_->Accepts("context", std::string(sources.text(source)), &error);
    ASSERT_TRUE(ours == theirs || RefusesDuplicate(diagnostics))
        << sources.text(source) << "\n  engine: " << (ours ? "ok" : diagnostics.Render(sources))
        << "\n  reference: " << (theirs ? "ok" : error);
    accepted += ours ? 1 : 0;
    forgotten += theirs && !ours ? 1 : 0;
  }
  std::cout << accepted << " accepted, " << forgotten
            << " refused here alone, for a member given twice" << std::endl;
  EXPECT_GT(accepted, 0U);
}

}  // namespace
}  // namespace assay::testing
