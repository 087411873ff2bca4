// Whatever is formatted stays what it was, keeps every comment, and is not changed by formatting it
// again.
#include "assay/format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "compiler/cedar/lex.h"
#include "compiler/cedar/print.h"
#include "tests/property/harness.h"
#include "tests/support/random_ast.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

std::optional<std::string> Formatted(const std::string& text, const FormatOptions& options,
                                     std::string* why) {
  Sources sources;
  Diagnostics diagnostics;
  auto result = FormatPolicies(sources, sources.Add("p", text), options, Limits{}, &diagnostics);
  if (!result) *why = diagnostics.Render(sources);
  return result;
}

cedar::Tokens Lexed(const std::string& text, Sources* sources) {
  Diagnostics diagnostics;
  return cedar::Lex(*sources, sources->Add("p", text), Limits{}, &diagnostics);
}

std::vector<std::string> CommentsOf(const std::string& text) {
  Sources sources;
  std::vector<std::string> comments;
  for (const Span span : Lexed(text, &sources).comments) {
    std::string comment(sources.Slice(span));
    comment.erase(comment.find_last_not_of(" \t\v\f") + 1);
    comments.push_back(std::move(comment));
  }
  return comments;
}

// Of strings with line breaks nothing is asked.
bool HasSpaceAtLineEnd(const std::string& text) {
  for (std::size_t end = text.find('\n'); end != std::string::npos;
       end = text.find('\n', end + 1)) {
    if (end > 0 && text[end - 1] == ' ') return true;
  }
  return false;
}

void ExpectFormats(const std::string& text, const FormatOptions& options) {
  std::string why;
  const auto once = Formatted(text, options, &why);
  ASSERT_TRUE(once) << text << why;
  ASSERT_EQ(CommentsOf(text), CommentsOf(*once)) << text << "\n" << *once;
  const auto twice = Formatted(*once, options, &why);
  ASSERT_TRUE(twice) << *once << why;
  ASSERT_EQ(*once, *twice) << text;
}

FormatOptions AnyOptions(Draw& draw) {
  constexpr std::uint32_t kWidths[] = {80, 80, 80, 1, 20, 40, 1000};
  constexpr std::uint32_t kIndents[] = {2, 2, 2, 0, 1, 4, 100};
  return {kWidths[draw.Below(7)], kIndents[draw.Below(7)]};
}

std::string RandomText(Draw& draw) {
  cedar::Ast ast;
  RandomPolicy(draw, &ast);
  return PrintPolicy(ast, ast.policies[0]);
}

// The text with comments before some of its tokens, or before all. A comment stands on the line of
// the token before it or on one of its own.
std::string WithComments(Draw& draw, const std::string& text, unsigned chance) {
  Sources sources;
  std::string out;
  std::uint32_t end = 0;
  std::size_t count = 0;
  for (const cedar::Token& token : Lexed(text, &sources).tokens) {
    out += text.substr(end, token.begin - end);
    end = token.begin;
    if (draw.Percent(chance)) {
      out += draw.Pick({"", " ", "\n", "\n\n", "\n\n\n  "});
      out += "// " + std::to_string(count++) + draw.Pick({"", " \t", " permit", " // \""});
      out += draw.Pick({"\n", "\n\n", "\r\n", "\r", "\n  \n"});
    }
  }
  return out + text.substr(end);
}

TEST(FormatProperty, RandomTrees) {
  const std::uint64_t count = DecisionsToMake(100'000) / 20;
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    const std::string text = RandomText(draw) + RandomText(draw);
    ExpectFormats(text, AnyOptions(draw));
  }
  std::cout << count << " texts" << std::endl;
}

TEST(FormatProperty, CommentsStay) {
  const std::uint64_t count = DecisionsToMake(100'000) / 20;
  std::uint64_t comments = 0;
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    const std::string policies = RandomText(draw) + RandomText(draw);
    const std::string text = WithComments(draw, policies, draw.Percent(30) ? 100 : 20);
    comments += CommentsOf(text).size();
    ExpectFormats(text, AnyOptions(draw));
  }
  std::cout << count << " texts, " << comments << " comments" << std::endl;
}

// One comment in each place where one can stand, by itself.
TEST(FormatProperty, OneCommentAnywhere) {
  std::uint64_t places = 0;
  for (std::uint64_t i = 0; i < DecisionsToMake(100'000) / 2000 && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    const std::string text = RandomText(draw);
    Sources sources;
    for (const cedar::Token& token : Lexed(text, &sources).tokens) {
      for (const char* comment : {"// c\n", "\n// c\n"}) {
        ExpectFormats(text.substr(0, token.begin) + comment + text.substr(token.begin), {});
        ++places;
      }
    }
  }
  std::cout << places << " comments" << std::endl;
}

TEST(FormatProperty, PoliciesOfWorlds) {
  std::uint64_t policies = 0;
  for (std::uint64_t i = 0; policies < DecisionsToMake(100'000) / 20 && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    const World world = RandomWorld(Seed() + i, {300, 0});
    for (const auto* texts : {&world.policies, &world.templates}) {
      for (const auto& [id, text] : *texts) ExpectFormats(text, AnyOptions(draw));
      policies += texts->size();
    }
  }
  std::cout << policies << " policies" << std::endl;
}

TEST(FormatProperty, LinesEndWithoutSpace) {
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Draw draw(Seed() + i);
    const std::string text = WithComments(draw, RandomText(draw), 30);
    const bool has_break_in_string = text.find("\\n") != std::string::npos;
    std::string why;
    const auto result = Formatted(text, AnyOptions(draw), &why);
    ASSERT_TRUE(result) << text << why;
    EXPECT_TRUE(has_break_in_string || !HasSpaceAtLineEnd(*result)) << *result;
  }
}

}  // namespace
}  // namespace assay::testing
