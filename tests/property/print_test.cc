// What is printed parses to the same tree, and no pair of parentheses could be left out.
#include "compiler/cedar/print.h"

#include <gtest/gtest.h>

#include <iostream>

#include "compiler/cedar/lex.h"
#include "compiler/cedar/parse.h"
#include "tests/property/harness.h"
#include "tests/support/random_ast.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

using cedar::Ast;
using cedar::TokenKind;

// Nothing, and the errors in `why`, if the text does not parse.
std::optional<Ast> Parse(const std::string& text, std::string* why) {
  Sources sources;
  Diagnostics diagnostics;
  Ast ast;
  const std::uint32_t source = sources.Add("printed", text);
  if (cedar::ParsePolicies(sources, source, Limits{}, &ast, &diagnostics)) return ast;
  *why = diagnostics.Render(sources);
  return std::nullopt;
}

std::string PrintAll(const Ast& ast) {
  std::string text;
  for (const cedar::Policy& policy : ast.policies) text += PrintPolicy(ast, policy) + "\n";
  return text;
}

void ExpectSameAfterPrinting(const Ast& ast) {
  std::string why;
  const std::string text = PrintAll(ast);
  const auto again = Parse(text, &why);
  ASSERT_TRUE(again) << text << why;
  ASSERT_EQ(DumpPolicies(ast), DumpPolicies(*again)) << text;
}

// The texts that are left when one pair of parentheses is taken out.
std::vector<std::string> WithoutOnePair(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto tokens = cedar::Lex(sources, sources.Add("printed", text), Limits{}, &diagnostics);
  std::vector<std::string> texts;
  std::vector<std::uint32_t> open;
  for (const cedar::Token& token : tokens.tokens) {
    if (token.kind == TokenKind::kLeftParen) open.push_back(token.begin);
    if (token.kind != TokenKind::kRightParen) continue;
    texts.push_back(text);
    texts.back()[token.begin] = ' ';
    texts.back()[open.back()] = ' ';
    open.pop_back();
  }
  return texts;
}

TEST(PrintProperty, RandomTreesComeBack) {
  const std::uint64_t count = DecisionsToMake(100'000);
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    Ast ast;
    RandomPolicy(draw, &ast);
    ExpectSameAfterPrinting(ast);
  }
  std::cout << count << " policies" << std::endl;
}

TEST(PrintProperty, ParenthesesAreNeeded) {
  const std::uint64_t count = DecisionsToMake(100'000) / 20;
  std::uint64_t pairs = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Draw draw(Seed() + i);
    Ast ast;
    RandomPolicy(draw, &ast);
    const std::string text = PrintAll(ast);
    for (const std::string& shorter : WithoutOnePair(text)) {
      std::string why;
      const auto other = Parse(shorter, &why);
      ++pairs;
      ASSERT_TRUE(!other || DumpPolicies(ast) != DumpPolicies(*other)) << text << shorter;
    }
  }
  std::cout << pairs << " pairs of parentheses" << std::endl;
  EXPECT_GT(pairs, count);
}

// Policies as people might write them, in random spelling.
TEST(PrintProperty, PoliciesOfWorldsComeBack) {
  std::uint64_t policies = 0;
  const std::uint64_t enough = DecisionsToMake(100'000) / 5;
  for (std::uint64_t i = 0; policies < enough && !HasFailure(); ++i) {
    const World world = RandomWorld(Seed() + i, {300, 0});
    for (const auto* texts : {&world.policies, &world.templates}) {
      for (const auto& [id, text] : *texts) {
        std::string why;
        const auto ast = Parse(text, &why);
        ASSERT_TRUE(ast) << text << why;
        ExpectSameAfterPrinting(*ast);
        ++policies;
      }
    }
  }
  std::cout << policies << " policies" << std::endl;
}

std::string Canonical(const std::string& text) {
  std::string why;
  const auto ast = Parse(text, &why);
  if (!ast) return why;
  return CanonicalPolicy(*ast, ast->policies.at(0));
}

TEST(PrintProperty, CanonicalTextIgnoresSpelling) {
  const std::string canonical = Canonical(
      "@a(\"\") @b(\"x\") permit(principal, action, resource in ?resource)"
      "when { (principal.a && context.b) && 1 < 2 };");
  EXPECT_EQ(canonical, Canonical("// why\n@b(\"\\x78\")@a permit(principal,action,\n"
                                 "resource in ?resource,)when{principal[\"a\"]&&((context).b)//x\n"
                                 "&&(1<2)};"));
  EXPECT_EQ(canonical,
            "@a(\"\") @b(\"x\") permit(principal, action, resource in ?resource) "
            "when { principal.a && context.b && 1 < 2 };");
}

TEST(PrintProperty, CanonicalTextTellsPoliciesApart) {
  const std::vector<std::string> texts = {
      "permit(principal, action, resource);",
      "forbid(principal, action, resource);",
      "permit(principal, action, resource) when { true };",
      "permit(principal, action, resource) unless { true };",
      "permit(principal, action, resource) when { true } when { true };",
      "permit(principal, action, resource) when { true && true };",
      "permit(principal, action, resource) when { 1 - (2 - 3) == 0 };",
      "permit(principal, action, resource) when { 1 - 2 - 3 == 0 };",
      "permit(principal in User::\"a\", action, resource);",
      "permit(principal == User::\"a\", action, resource);",
      "permit(principal in ?principal, action, resource);",
      "permit(principal, action in Action::\"a\", resource);",
      "permit(principal, action in [Action::\"a\"], resource);",
      "@a(\"b\") permit(principal, action, resource);",
      "@b(\"a\") permit(principal, action, resource);",
  };
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(Canonical(texts[i]), Canonical(texts[j]));
  }
}

}  // namespace
}  // namespace assay::testing
