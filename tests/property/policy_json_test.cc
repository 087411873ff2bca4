// Policies in JSON: what is written can be read and is the same policy, also to the machine.
#include "compiler/cedar/policy_json.h"

#include <gtest/gtest.h>

#include <iostream>

#include "compiler/cedar/parse.h"
#include "compiler/cedar/print.h"
#include "tests/property/harness.h"
#include "tests/support/random_ast.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

using cedar::Ast;
using cedar::ScopeConstraint;

// `action in [E]` and `action in E` are one in JSON.
void MergeLists(Ast* ast) {
  for (cedar::Policy& policy : ast->policies) {
    ScopeConstraint& action = policy.action;
    const bool is_list = action.kind == ScopeConstraint::Kind::kInAnyOf;
    if (is_list && action.entities.size() == 1) action.kind = ScopeConstraint::Kind::kIn;
  }
}

// The policies of the world without lists of one action.
World WithMergedLists(World world) {
  for (auto* texts : {&world.policies, &world.templates}) {
    for (auto& [id, text] : *texts) {
      Sources sources;
      Diagnostics diagnostics;
      Ast ast;
      cedar::ParsePolicies(sources, sources.Add("p", text), Limits{}, &ast, &diagnostics);
      EXPECT_TRUE(diagnostics.empty()) << diagnostics.Render(sources);
      MergeLists(&ast);
      text = PrintPolicy(ast, ast.policies.at(0));
    }
  }
  return world;
}

Ast ReadJson(const std::string& text, std::string* why) {
  Sources sources;
  Diagnostics diagnostics;
  Ast ast;
  const auto node = json::Parse(sources, sources.Add("json", text), Limits{}, &diagnostics);
  if (!node || !cedar::ReadPolicyJson(*node, Limits{}, &ast, &diagnostics)) {
    *why = diagnostics.Render(sources);
  }
  return ast;
}

TEST(PolicyJsonProperty, RandomTreesComeBack) {
  const std::uint64_t count = DecisionsToMake(100'000) / 5;
  for (std::uint64_t i = 0; i < count; ++i) {
    Draw draw(Seed() + i);
    Ast ast;
    RandomPolicy(draw, &ast);
    MergeLists(&ast);
    const std::string text = WritePolicyJson(ast, ast.policies[0]);
    std::string why;
    const Ast again = ReadJson(text, &why);
    ASSERT_EQ(DumpPolicies(ast), DumpPolicies(again)) << text << why;
  }
  std::cout << count << " policies" << std::endl;
}

std::string Disassembled(const PolicySet& set) {
  const Result<Program> program = set.Compile();
  return program.ok() ? program.value().Disassemble() : program.error().message;
}

// Policies as people might write them compile to the same program, which is all that a decision
// depends on.
TEST(PolicyJsonProperty, WorldsCompileToTheSamePrograms) {
  const std::uint64_t enough = DecisionsToMake(100'000) / 20;
  std::uint64_t policies = 0;
  for (std::uint64_t i = 0; policies < enough; ++i) {
    const World world = WithMergedLists(RandomWorld(Seed() + i, {300, 0}));
    std::string error;
    const auto parsed = ParseWorld(world, &error);
    ASSERT_TRUE(parsed) << error;
    const std::string text = parsed->policies.ToJson().value();
    Sources sources;
    Diagnostics diagnostics;
    PolicySet again;
    ASSERT_TRUE(again.AddJson(&sources, sources.Add("json", text), &diagnostics))
        << diagnostics.Render(sources);
    ASSERT_EQ(text, again.ToJson().value());
    ASSERT_TRUE(Disassembled(parsed->policies) == Disassembled(again)) << text;
    policies += parsed->policies.syntax().ast.policies.size();
  }
  std::cout << policies << " policies" << std::endl;
}

}  // namespace
}  // namespace assay::testing
