// The reference writes policies as the same JSON, and takes the same JSON for policies. Only where
// the reference program is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "assay/compile.h"
#include "assay/format.h"
#include "compiler/cedar/policy_json.h"
#include "compiler/cedar/print.h"
#include "tests/property/harness.h"
#include "tests/property/mutate.h"
#include "tests/property/reference_fixture.h"
#include "tests/support/random_ast.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

class ReferencePolicyProperty : public ReferenceTest {
 protected:
  void ExpectSameJson(const std::string& cedar) {
    Sources sources;
    Diagnostics diagnostics;
    PolicySet set;
    ASSERT_TRUE(set.AddPolicy("policy0", sources, sources.Add("p", cedar), &diagnostics))
        << cedar << diagnostics.Render(sources);
    std::string error;
    const auto expected = reference_->Translate("to_json", cedar, &error);
    ASSERT_TRUE(expected) << cedar << "\n" << error;
    ASSERT_EQ(*expected, set.ToJson().value()) << cedar;
  }
};

TEST_F(ReferencePolicyProperty, RandomTreesAreTheSameJson) {
  const std::uint64_t count = DecisionsToMake(20'000);
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    cedar::Ast ast;
    RandomPolicy(draw, &ast);
    ExpectSameJson(PrintPolicy(ast, ast.policies[0]));
  }
  std::cout << count << " policies" << std::endl;
}

// What it prints, with its own parentheses and escapes, we read as it does.
TEST_F(ReferencePolicyProperty, TextsThatItPrintsAreTheSameJson) {
  using Json = nlohmann::json;
  std::uint64_t printed = 0;
  for (std::uint64_t i = 0; printed < DecisionsToMake(20'000) && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    cedar::PolicySetSyntax syntax;
    RandomPolicy(draw, &syntax.ast);
    if (syntax.ast.policies[0].is_template()) continue;
    const Json question = {{"op", "to_cedar"}, {"text", WritePolicySetJson(syntax)}};
    const Json answer = Json::parse(reference_->AskJson(question.dump()), nullptr, false);
    ASSERT_TRUE(answer.contains("text")) << question.dump() << answer.dump();
    ExpectSameJson(answer["text"].get<std::string>());
    ++printed;
  }
  std::cout << printed << " policies" << std::endl;
}

TEST_F(ReferencePolicyProperty, PoliciesOfWorldsAreTheSameJson) {
  std::uint64_t policies = 0;
  for (std::uint64_t i = 0; policies < DecisionsToMake(20'000) && !HasFailure(); ++i) {
    const World world = RandomWorld(Seed() + i, {300, 0});
    for (const auto* texts : {&world.policies, &world.templates}) {
      for (const auto& [id, text] : *texts) ExpectSameJson(text);
      policies += texts->size();
    }
  }
  std::cout << policies << " policies" << std::endl;
}

bool IsAscii(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

// It measures lines by the columns of a terminal, and keeps no empty lines between comments.
TEST_F(ReferencePolicyProperty, TextsAreLaidOutAlike) {
  std::uint64_t formatted = 0;
  for (std::uint64_t i = 0; formatted < DecisionsToMake(20'000) && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    cedar::Ast ast;
    RandomPolicy(draw, &ast);
    const std::string text = PrintPolicy(ast, ast.policies[0]);
    if (!IsAscii(text)) continue;
    Sources sources;
    Diagnostics diagnostics;
    const auto ours = FormatPolicies(sources, sources.Add("p", text), {}, Limits{}, &diagnostics);
    ASSERT_TRUE(ours) << text << diagnostics.Render(sources);
    std::string error;
    const auto theirs = reference_->Translate("format", text, &error);
    ASSERT_TRUE(theirs) << text << error;
    EXPECT_EQ(*theirs, *ours) << text;
    ++formatted;
  }
  std::cout << formatted << " policies" << std::endl;
}

// Where we are stricter, on purpose.
bool IsOurs(const Diagnostics& diagnostics) {
  return std::any_of(
      diagnostics.list().begin(), diagnostics.list().end(), [](const Diagnostic& diagnostic) {
        return diagnostic.id == DiagId::kDuplicateMember ||
               diagnostic.id == DiagId::kUnknownMember ||
               diagnostic.id == DiagId::kUnknownFunction || diagnostic.id == DiagId::kInvalidCall;
      });
}

TEST_F(ReferencePolicyProperty, BrokenJson) {
  std::uint64_t accepted = 0;
  const std::uint64_t count = DecisionsToMake(20'000);
  for (std::uint64_t i = 0; i < count; ++i) {
    Draw draw(Seed() + i);
    cedar::PolicySetSyntax syntax;
    RandomPolicy(draw, &syntax.ast);
    const std::string text = MutateJson(draw, WritePolicySetJson(syntax));
    Sources sources;
    Diagnostics diagnostics;
    PolicySet set;
    const bool ours = set.AddJson(&sources, sources.Add("json", text), &diagnostics);
    std::string error;
    const bool theirs = reference_->Translate("to_cedar", text, &error).has_value();
    ASSERT_TRUE(ours == theirs || IsOurs(diagnostics))
        << text << "\n  ours: " << (ours ? "ok" : diagnostics.Render(sources))
        << "\n  reference: " << (theirs ? "ok" : error);
    accepted += ours ? 1 : 0;
  }
  std::cout << accepted << " of " << count << " accepted" << std::endl;
  EXPECT_GT(accepted, 0U);
}

}  // namespace
}  // namespace assay::testing
