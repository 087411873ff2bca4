// UTF-8: what is valid, what is decoded, and the classes of characters.
#include "engine/base/utf8.h"

#include <gtest/gtest.h>

namespace assay::utf8 {
namespace {

TEST(Utf8, EveryScalarValueComesBack) {
  std::string all;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    Append(c, &text);
    const Decoded decoded = Decode(text, 0);
    ASSERT_EQ(decoded.code_point, c);
    ASSERT_EQ(decoded.length, text.size());
    all += text;
  }
  EXPECT_EQ(ValidPrefix(all), all.size());
}

TEST(Utf8, RefusesWhatRfc3629Refuses) {
  using namespace std::string_view_literals;
  for (const std::string_view bad : {
           "\x80"sv,
           "\xBF"sv,
           "\xC0\x80"sv,
           "\xC1\xBF"sv,  // no lead, overlong
           "\xC2"sv,
           "\xC2 "sv,
           "\xC2\xC2"sv,  // cut off
           "\xE0\x9F\xBF"sv,
           "\xE1\x80"sv,
           "\xE1 \x80"sv,  // overlong, cut off
           "\xED\xA0\x80"sv,
           "\xED\xBF\xBF"sv,  // surrogates
           "\xF0\x8F\xBF\xBF"sv,
           "\xF1\x80\x80"sv,
           "\xF1\x80 \x80"sv,
           "\xF4\x90\x80\x80"sv,
           "\xF5\x80\x80\x80"sv,
           "\xFE"sv,
           "\xFF"sv,  // above U+10FFFF
       }) {
    EXPECT_EQ(ValidPrefix(bad), 0U);
    EXPECT_EQ(ValidPrefix("ab" + std::string(bad) + "c"), 2U);
    EXPECT_EQ(Decode(bad, 0).code_point, 0xFFFDU);
    EXPECT_EQ(Decode(bad, 0).length, 1U);
  }
  EXPECT_EQ(ValidPrefix(""), 0U);
  EXPECT_EQ(ValidPrefix("a\0b"sv), 3U);
}

TEST(Utf8, ControlsAndTurnsOfDirectionAreUnsafeToPrint) {
  for (const char32_t c : {0x00, 0x1B, 0x1F, 0x7F, 0x80, 0x9F, 0x061C, 0x200E, 0x200F, 0x2028,
                           0x2029, 0x202A, 0x202E, 0x2066, 0x2069}) {
    EXPECT_TRUE(IsUnsafeToPrint(c)) << static_cast<std::uint32_t>(c);
  }
  for (const char32_t c :
       {0x20, 0x7E, 0xA0, 0x061B, 0x200D, 0x2010, 0x2027, 0x202F, 0x2065, 0x206A, 0x1F600}) {
    EXPECT_FALSE(IsUnsafeToPrint(c)) << static_cast<std::uint32_t>(c);
  }
}

TEST(Utf8, KnowsDigitsOfAllScripts) {
  for (const char32_t zero : {0x30, 0x660, 0x966, 0xFF10, 0x1D7CE, 0x1FBF0}) {
    EXPECT_FALSE(IsDigit(zero - 1) && zero != 0x1D7D8);
    for (char32_t c = zero; c < zero + 10; ++c) EXPECT_TRUE(IsDigit(c));
  }
  EXPECT_TRUE(IsDigit(0x1D7FF));
  for (const char32_t c : {0x2F, 0x3A, 0x00B2, 0x2160, 0x3007, 0x1D800, 0x1FBFA, 0x10FFFF}) {
    EXPECT_FALSE(IsDigit(c)) << static_cast<std::uint32_t>(c);
  }
}

}  // namespace
}  // namespace assay::utf8
