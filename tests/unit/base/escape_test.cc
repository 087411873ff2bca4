// Escapes of string literals, both ways.
#include "engine/base/escape.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::string_view_literals;

TEST(Unescape, ReadsTheEscapesOfRust) {
  const struct {
    std::string_view raw;
    std::string_view text;
  } cases[] = {
      {"", ""},
      {"plain \u00e9", "plain \u00e9"},
      {R"(\n\r\t\0\\\"\')", "\n\r\t\0\\\"'"sv},
      {R"(\x00\x41\x7f\x7F)", "\0A\x7f\x7f"sv},
      {R"(\u{41}\u{e9}\u{1F600})", "A\u00e9\U0001F600"},
      {R"(\u{0}\u{00004_1}\u{1_0_}\u{10FFFF})", "\0A\x10\U0010FFFF"sv},
      {"tab\tand\nline", "tab\tand\nline"},
      {"*", "*"},
  };
  for (const auto& c : cases) {
    std::string text;
    EXPECT_FALSE(Unescape(c.raw, StringForm::kText, &text)) << c.raw;
    EXPECT_EQ(text, c.text) << c.raw;
  }
}

TEST(Unescape, InAPatternAnUnescapedStarIsAWildcard) {
  std::string pattern;
  EXPECT_FALSE(Unescape(R"(a*\*\x2a\u{2a}b)", StringForm::kPattern, &pattern));
  EXPECT_EQ(pattern,
            "a\xff*\xff\xff"
            "b");
}

TEST(Unescape, SaysWhichEscapeIsWrongAndWhy) {
  const std::string no_escape =
      "this is no escape; there are \\n \\r \\t \\0 \\\\ \\\" \\' \\x41 \\u{41}";
  const std::string two_digits = "`\\x` takes two hexadecimal digits";
  const std::string braces = "`\\u` takes hexadecimal digits in braces, as in `\\u{1F600}`";
  const std::string six_digits = "`\\u{…}` takes one to six hexadecimal digits";
  const std::string no_scalar = "this is not a Unicode scalar value";
  const struct {
    std::string_view raw;
    std::size_t offset, length;
    std::string message;
  } cases[] = {
      {R"(ab\q)", 2, 2, no_escape},
      {"a\\\u00e9", 1, 3, no_escape},
      {"a\\", 1, 1, "a `\\` must be followed by an escape"},
      {R"(\*)", 0, 2, "`\\*` is an escape in a `like` pattern only"},
      {"x\r\n", 1, 1, "a raw carriage return cannot stand in a string"},
      {R"(\x)", 0, 2, two_digits},
      {R"(\x4)", 0, 2, two_digits},
      {R"(\x4g)", 0, 2, two_digits},
      {R"(\xg4)", 0, 2, two_digits},
      {R"(\x80)", 0, 4, "`\\x` goes up to 7F; write `\\u{…}` for others"},
      {R"(\u)", 0, 2, braces},
      {R"(\u41)", 0, 2, braces},
      {R"(\u{41)", 0, 2, braces},
      {R"(\u41})", 0, 2, braces},
      {R"(\u{})", 0, 4, six_digits},
      {R"(\u{_1})", 0, 6, six_digits},
      {R"(\u{g})", 0, 5, six_digits},
      {R"(\u{1 })", 0, 6, six_digits},
      {R"(\u{0000041})", 0, 11, six_digits},
      {R"(\u{110000})", 0, 10, no_scalar},
      {R"(.\u{D800})", 1, 8, no_scalar},
      {R"(\u{dfff})", 0, 8, no_scalar},
  };
  for (const auto& c : cases) {
    std::string text;
    const auto error = Unescape(c.raw, StringForm::kText, &text);
    ASSERT_TRUE(error.has_value()) << c.raw;
    EXPECT_EQ(error->message, c.message) << c.raw;
    EXPECT_EQ(error->offset, c.offset) << c.raw;
    EXPECT_EQ(error->length, c.length) << c.raw;
  }
}

TEST(EscapeText, EscapesWhatCannotBeSeen) {
  EXPECT_EQ(EscapeText("plain * \u00e9\u4e2d\U0001F600"), "plain * \u00e9\u4e2d\U0001F600");
  EXPECT_EQ(EscapeText("\t\r\n\"'\\\0"sv), R"(\t\r\n\"\'\\\0)");
  EXPECT_EQ(EscapeText("\x01\x7f"), R"(\u{1}\u{7f})");
  EXPECT_EQ(EscapeText("\u200b\u202e\U000E0001"), R"(\u{200b}\u{202e}\u{e0001})");
  // A combining mark would join the quote when it comes first.
  EXPECT_EQ(EscapeText("\u0301a\u0301"), "\\u{301}a\u0301");
}

TEST(EscapeText, IsReadBack) {
  std::string all;
  for (int c = 0; c < 0x80; ++c) all += static_cast<char>(c);
  all += "\u0301\u200b\u00ad\ufeff\U0010FFFF\u4e2d";
  std::string again;
  EXPECT_FALSE(Unescape(EscapeText(all), StringForm::kText, &again));
  EXPECT_EQ(again, all);
}

}  // namespace
}  // namespace assay
