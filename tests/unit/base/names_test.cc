// Identifiers, paths, and suggestions for names that are nearly right.
#include "engine/base/names.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/base/suggest.h"

namespace assay {
namespace {

TEST(Names, IdentifiersAreAsciiAndDoNotStartWithADigit) {
  for (const char* text : {"a", "_", "Z9", "if", "__cedar", "a_b"}) {
    EXPECT_TRUE(IsIdentifier(text)) << text;
  }
  for (const char* text : {"", "9", "a-b", "a b", "\u00e9", "a.b", "A::B", "a\n"}) {
    EXPECT_FALSE(IsIdentifier(text)) << text;
  }
}

TEST(Names, PathsHaveNoReservedPartAndNoSpace) {
  for (const char* text : {"A", "A::B", "A::B::c9", "permit", "principal::when", "cedar", "iff"}) {
    EXPECT_TRUE(IsTypeName(text)) << text;
  }
  for (const char* text : {"", "::", "A::", "::A", "A:B", "A::::B", "A:: B", " A", "A::if",
                           "true::A", "__cedar", "__cedar::A", "A::__cedar"}) {
    EXPECT_FALSE(IsTypeName(text)) << text;
  }
  for (const char* word : {"true", "false", "if", "then", "else", "in", "is", "like", "has"}) {
    EXPECT_TRUE(IsReservedWord(word)) << word;
    EXPECT_FALSE(IsTypeName(word)) << word;
  }
  EXPECT_FALSE(IsReservedWord("permit"));
  EXPECT_FALSE(IsReservedWord("True"));
}

constexpr std::string_view kCandidates[] = {"contains", "containsAll", "containsAny", "ip"};

TEST(DidYouMean, NamesTheNearestWithinAThirdOfItsLength) {
  EXPECT_EQ(DidYouMean("contain", kCandidates), "did you mean `contains`?");
  EXPECT_EQ(DidYouMean("containsall", kCandidates), "did you mean `containsAll`?");
  EXPECT_EQ(DidYouMean("cotnainsAny", kCandidates), "did you mean `containsAny`?");
  EXPECT_EQ(DidYouMean("ip6", kCandidates), "did you mean `ip`?");  // one edit in three
}

TEST(DidYouMean, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(DidYouMean("up", kCandidates), "");
  // Lengths are those of characters, as distances are: "ip" would be two of two away.
  EXPECT_EQ(DidYouMean("\u65e5\u672c", kCandidates), "");
  EXPECT_EQ(DidYouMean("zebra", kCandidates), "");
  EXPECT_EQ(DidYouMean("", kCandidates), "");
  EXPECT_EQ(DidYouMean("x", {}), "");
  const std::string long_name(65, 'a');
  const std::string_view same[] = {long_name};
  EXPECT_EQ(DidYouMean(long_name, same), "");  // too long to be looked at
  const std::string shorter(64, 'a');
  EXPECT_EQ(DidYouMean(shorter, same), "did you mean `" + long_name + "`?");
}

TEST(DidYouMean, TakesTheFirstOfEquals) {
  const std::string_view two[] = {"abcx", "abcy"};
  EXPECT_EQ(DidYouMean("abcz", two), "did you mean `abcx`?");
}

}  // namespace
}  // namespace assay
