// Tokens: white space, comments, strings, and what is no token.
#include "compiler/cedar/lex.h"

#include <gtest/gtest.h>

#include "engine/base/utf8.h"

namespace assay::cedar {
namespace {

struct Lexed {
  Sources sources;
  Diagnostics diagnostics;
  Tokens tokens;
  std::string texts;  // of all tokens but the last, each followed by `|`
};

Lexed LexText(std::string text) {
  Lexed lexed;
  const std::uint32_t source = lexed.sources.Add("p", std::move(text));
  lexed.tokens = Lex(lexed.sources, source, Limits{}, &lexed.diagnostics);
  for (const Token& token : lexed.tokens.tokens) {
    if (token.kind == TokenKind::kEnd) break;
    lexed.texts += std::string(lexed.sources.Slice({source, token.begin, token.end})) + "|";
  }
  EXPECT_EQ(lexed.tokens.tokens.back().kind, TokenKind::kEnd);
  return lexed;
}

TEST(Lex, TakesTheLongestToken) {
  EXPECT_EQ(LexText("a::b<=c<d==e!=!f&&g||h>=i-1*2+3.x[\"y\"]").texts,
            "a|::|b|<=|c|<|d|==|e|!=|!|f|&&|g||||h|>=|i|-|1|*|2|+|3|.|x|[|\"y\"|]|");
  EXPECT_EQ(LexText("12ab _1 ?principal ?x1;{}@(),:").texts,
            "12|ab|_1|?principal|?x1|;|{|}|@|(|)|,|:|");
}

TEST(Lex, KeywordsAreWholeWords) {
  const Lexed lexed = LexText("permit permits if iff principal _has has");
  const TokenKind kinds[] = {TokenKind::kPermit, TokenKind::kIdent,     TokenKind::kIf,
                             TokenKind::kIdent,  TokenKind::kPrincipal, TokenKind::kIdent,
                             TokenKind::kHas,    TokenKind::kEnd};
  ASSERT_EQ(lexed.tokens.tokens.size(), std::size(kinds));
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    EXPECT_EQ(lexed.tokens.tokens[i].kind, kinds[i]) << i;
  }
}

// The Unicode property White_Space has 25 characters.
TEST(Lex, SkipsExactlyTheWhiteSpaceOfUnicode) {
  std::size_t skipped = 0;
  for (char32_t c = 0x80; c < 0x3100; ++c) {
    std::string text = "a";
    utf8::Append(c, &text);
    text += "b";
    const Lexed lexed = LexText(text);
    if (lexed.texts == "a|b|") ++skipped;
    EXPECT_EQ(lexed.diagnostics.empty(), lexed.texts == "a|b|");
  }
  EXPECT_EQ(skipped, 19U);
  EXPECT_EQ(LexText("a \t\n\v\f\rb").texts, "a|b|");
  EXPECT_EQ(LexText("\u200b").diagnostics.total(), 1U);  // zero width, but no white space
}

TEST(Lex, CommentsEndWithTheirLine) {
  const Lexed lexed = LexText("a// x\nb//\rc \"//\" //");
  EXPECT_EQ(lexed.texts, "a|b|c|\"//\"|");
  ASSERT_EQ(lexed.tokens.comments.size(), 3U);
  EXPECT_EQ(lexed.sources.Slice(lexed.tokens.comments[0]), "// x");
  EXPECT_EQ(lexed.sources.Slice(lexed.tokens.comments[1]), "//");
  EXPECT_EQ(lexed.sources.Slice(lexed.tokens.comments[2]), "//");
}

TEST(Lex, StringsTakeEverythingToTheClosingQuote) {
  using namespace std::string_literals;
  EXPECT_EQ(LexText("\"a\\\"b\" \"\\\\\" \"x\ny\"").texts, "\"a\\\"b\"|\"\\\\\"|\"x\ny\"|");
  EXPECT_EQ(LexText("\"a\0b\"c"s).texts, "\"a\0b\"|c|"s);
  EXPECT_EQ(LexText("\"\\\u00e9\"").texts, "\"\\\u00e9\"|");  // the parser refuses the escape
}

TEST(Lex, AnOpenStringIsOneErrorToTheEnd) {
  for (const char* text : {"a \"b", "a \"b\\", "a \"b\\\"", "a \""}) {
    const Lexed lexed = LexText(text);
    ASSERT_EQ(lexed.diagnostics.list().size(), 1U) << text;
    EXPECT_EQ(lexed.diagnostics.list()[0].id, DiagId::kUnterminatedString);
    EXPECT_EQ(lexed.diagnostics.list()[0].message, "this string has no closing `\"`");
    EXPECT_EQ(lexed.diagnostics.list()[0].span.begin, 2U);
    EXPECT_EQ(lexed.tokens.tokens[1].kind, TokenKind::kBad);
    EXPECT_EQ(lexed.tokens.tokens[1].end, std::string(text).size());
  }
  const Lexed lexed = LexText("\"a\\\n b\"");
  ASSERT_EQ(lexed.diagnostics.list().size(), 1U);
  EXPECT_EQ(lexed.diagnostics.list()[0].message,
            "a string cannot continue after `\\` at a line's end");
}

TEST(Lex, ReportsEachCharacterThatIsNoToken) {
  const struct {
    const char* text;
    DiagId id;
    const char* message;
  } cases[] = {
      {"=", DiagId::kUnsupportedOperator, "`=` is no operator in Cedar"},
      {"/", DiagId::kUnsupportedOperator, "`/` is no operator in Cedar"},
      {"%", DiagId::kUnsupportedOperator, "`%` is no operator in Cedar"},
      {"&", DiagId::kUnsupportedOperator, "`&` is no operator in Cedar"},
      {"|", DiagId::kUnsupportedOperator, "`|` is no operator in Cedar"},
      {"'", DiagId::kUnexpectedCharacter, "strings are written in double quotes"},
      {"#", DiagId::kUnexpectedCharacter, "`#` cannot stand here outside a string"},
      {"?", DiagId::kUnexpectedCharacter, "`?` cannot stand here outside a string"},
      {"\u00e9", DiagId::kUnexpectedCharacter, "`\u00e9` cannot stand here outside a string"},
  };
  for (const auto& c : cases) {
    const Lexed lexed = LexText("a " + std::string(c.text) + " b");
    ASSERT_EQ(lexed.diagnostics.list().size(), 1U) << c.text;
    EXPECT_EQ(lexed.diagnostics.list()[0].id, c.id) << c.text;
    EXPECT_EQ(lexed.diagnostics.list()[0].message, c.message);
    EXPECT_EQ(lexed.tokens.tokens[1].kind, TokenKind::kBad);
    EXPECT_EQ(lexed.tokens.tokens.size(), 4U);
  }
  EXPECT_EQ(LexText("a \xff").diagnostics.list()[0].id, DiagId::kInvalidUtf8);
}

}  // namespace
}  // namespace assay::cedar
