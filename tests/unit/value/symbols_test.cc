// Numbers for names; and `like`.
#include "engine/value/symbols.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/value/match.h"

namespace assay::rt {
namespace {

TEST(SymbolTable, GivesEqualNamesEqualNumbers) {
  SymbolTable table;
  EXPECT_EQ(table.Find(0, "a"), kNoSymbol);
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("name" + std::to_string(i));
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(table.Intern(0, texts[i]), i);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(table.Intern(0, texts[i]), i);
    EXPECT_EQ(table.Find(0, std::string(texts[i])), i);
    EXPECT_EQ(table.text(i), texts[i]);
  }
  EXPECT_EQ(table.size(), 1000U);
  EXPECT_EQ(table.Find(0, "other"), kNoSymbol);
  // The qualifier is part of the name.
  EXPECT_EQ(table.Find(1, texts[0]), kNoSymbol);
  EXPECT_EQ(table.Intern(1, texts[0]), 1000U);
  EXPECT_EQ(table.qualifier(1000), 1U);
}

TEST(SymbolTable, ClearForgetsEverything) {
  SymbolTable table;
  table.Clear();
  table.Intern(0, "a");
  table.Intern(0, "b");
  table.Clear();
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.Find(0, "a"), kNoSymbol);
  EXPECT_EQ(table.Intern(0, "b"), 0U);
}

// `*` stands for the wildcard.
bool Matches(std::string_view text, std::string pattern) {
  for (char& c : pattern) c = c == '*' ? '\xff' : c;
  return MatchesPattern(text, pattern);
}

TEST(MatchesPattern, AWildcardTakesAnyText) {
  const struct {
    const char* text;
    const char* pattern;
    bool matches;
  } cases[] = {
      {"", "", true},
      {"", "*", true},
      {"a", "", false},
      {"a", "*", true},
      {"abc", "abc", true},
      {"abc", "ab", false},
      {"ab", "abc", false},
      {"abc", "a*c", true},
      {"ac", "a*c", true},
      {"abcbc", "a*bc", true},
      {"abcbd", "a*bc", false},
      {"aaa", "*a*a*", true},
      {"a", "*a*a*", false},
      {"xaxbx", "*a*b*", true},
      {"xbxax", "*a*b*", false},
      {"abc", "***", true},
      {"abc", "abc**", true},
      {"mississippi", "m*iss*ip*", true},
      {"a\u00e9b", "a*b", true},
      {"\u00e9", "*\u00e9", true},
  };
  for (const auto& c : cases)
    EXPECT_EQ(Matches(c.text, c.pattern), c.matches) << c.text << c.pattern;
}

TEST(MatchesPattern, AStarIsOnlyItself) {
  EXPECT_TRUE(MatchesPattern("a*b", "a*b"));
  EXPECT_FALSE(MatchesPattern("axb", "a*b"));
}

TEST(MatchesPattern, ManyWildcardsDoNotExplode) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "a*";
  EXPECT_FALSE(Matches(std::string(10'000, 'a'), pattern + "b"));
}

}  // namespace
}  // namespace assay::rt
