// A schema that is formatted keeps every comment, wherever it stands, and is not changed by
// formatting it again.
#include <gtest/gtest.h>

#include <iostream>

#include "assay/format.h"
#include "compiler/schema/lex.h"
#include "tests/property/harness.h"
#include "tests/support/world_schema_text.h"

namespace assay::testing {
namespace {

// What random schemas have not.
constexpr const char* kRest =
    "@doc(\"all of it\") @beta namespace A::B { entity U, V in [V, A::B::W] = {a?: Set<Set<{}>>, "
    "@x \"b c\": {d: __cedar::Long,},} tags Bool; entity W; type T = {}; "
    "action v, \"w x\" in [y, A::B::Action::\"z\"] appliesTo { principal: U, resource: [V, W], "
    "context: T, } attributes {}; action y, z; } namespace C {} ";

struct Text {
  std::vector<schema::Token> tokens;
  std::vector<std::string> comments;
};

Text Lexed(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  auto lexed = schema::Lex(sources, sources.Add("s", text), Limits{}, &diagnostics);
  Text out{std::move(lexed.tokens), {}};
  for (const Span span : lexed.comments) out.comments.emplace_back(sources.Slice(span));
  return out;
}

void ExpectFormats(const std::string& text, const FormatOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const auto once = FormatSchema(sources, sources.Add("s", text), options, Limits{}, &diagnostics);
  ASSERT_TRUE(once) << text << diagnostics.Render(sources);
  ASSERT_EQ(Lexed(text).comments, Lexed(*once).comments) << text << "\n" << *once;
  const auto twice =
      FormatSchema(sources, sources.Add("s", *once), options, Limits{}, &diagnostics);
  ASSERT_EQ(once, twice) << text;
  EXPECT_EQ(once->find(" \n"), std::string::npos) << *once;
}

// The text with a comment before each token that is chosen.
template <typename Choose>
std::string WithComments(Draw& draw, const std::string& text, const Choose& choose) {
  std::string out;
  std::uint32_t end = 0;
  std::size_t i = 0;
  for (const schema::Token& token : Lexed(text).tokens) {
    out += text.substr(end, token.begin - end);
    end = token.begin;
    if (!choose(i++)) continue;
    out += draw.Pick({"", " ", "\n", "\n\n", "\n\n\n  "});
    out += draw.Pick({"// c", "//", "// } ; {"});
    out += draw.Pick({"\n", "\n\n", "\r\n", "\r", "\n  \n"});
  }
  return out + text.substr(end);
}

TEST(FormatSchemaProperty, OneCommentAnywhere) {
  const std::string text = kRest;
  Draw draw(Seed());
  const std::size_t places = Lexed(text).tokens.size();
  for (std::size_t place = 0; place < places && !HasFailure(); ++place) {
    for (int i = 0; i < 20; ++i) {
      ExpectFormats(WithComments(draw, text, [&](std::size_t at) { return at == place; }), {});
    }
  }
  std::cout << places << " places" << std::endl;
}

TEST(FormatSchemaProperty, RandomSchemas) {
  constexpr std::uint32_t kWidths[] = {80, 1, 20, 40, 1000};
  constexpr std::uint32_t kIndents[] = {2, 0, 1, 4, 100};
  const std::uint64_t count = DecisionsToMake(100'000) / 100;
  std::uint64_t comments = 0;
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    Draw draw(Seed() + i);
    Draw dice(Seed() + i);
    const std::string schema = DrawSchemaText(dice, DrawSchema(draw));
    const unsigned chance = draw.Percent(30) ? 100 : 20;
    const std::string text =
        WithComments(draw, schema, [&](std::size_t) { return draw.Percent(chance); });
    comments += Lexed(text).comments.size();
    ExpectFormats(text, {kWidths[draw.Below(5)], kIndents[draw.Below(5)]});
  }
  std::cout << count << " schemas, " << comments << " comments" << std::endl;
}

}  // namespace
}  // namespace assay::testing
