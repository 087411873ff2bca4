// Diagnostics: how they are printed, sorted and limited.
#include "assay/diagnostics.h"

#include <gtest/gtest.h>

#include <set>

namespace assay {
namespace {

std::string Rendered(const std::string& text, std::uint32_t begin, std::uint32_t end) {
  Sources sources;
  const std::uint32_t s = sources.Add("f.cedar", text);
  Diagnostics diagnostics;
  diagnostics.Add(DiagId::kUnexpectedToken, {s, begin, end}, "message");
  return diagnostics.Render(sources);
}

constexpr const char* kHead = "error: message [unexpected-token]\n";

TEST(Diagnostics, ShowTheLineWithACaretAndTheHint) {
  Sources sources;
  const std::uint32_t s = sources.Add("f.cedar", "one\ntwo three\n");
  Diagnostics diagnostics;
  EXPECT_TRUE(diagnostics.empty());
  diagnostics.Add(DiagId::kUnknownName, {s, 8, 13}, "no such name", "write another");
  diagnostics.AddWithoutPlace(DiagId::kNoSuchTemplate, "no template", "add one");
  EXPECT_EQ(diagnostics.Render(sources),
            "f.cedar:2:5: error: no such name [unknown-name]\n"
            "  two three\n"
            "      ^~~~~\n"
            "  hint: write another\n"
            "error: no template [no-such-template]\n"
            "  hint: add one\n");
  EXPECT_FALSE(diagnostics.empty());
  EXPECT_EQ(diagnostics.total(), 2U);
}

TEST(Diagnostics, TheCaretCountsCharactersAndStaysInTheLine) {
  EXPECT_EQ(Rendered("\u00e9\u00e9x", 4, 5),
            "f.cedar:1:3: " + std::string(kHead) + "  \u00e9\u00e9x\n    ^\n");
  // A place that goes on in the next line is marked to the end of the first.
  EXPECT_EQ(Rendered("ab\ncd", 1, 5), "f.cedar:1:2: " + std::string(kHead) + "  ab\n   ^\n");
  // At the end of the text there is nothing to mark.
  EXPECT_EQ(Rendered("ab", 2, 2), "f.cedar:1:3: " + std::string(kHead) + "  ab\n    ^\n");
  EXPECT_EQ(Rendered("", 0, 0), "f.cedar:1:1: " + std::string(kHead) + "  \n  ^\n");
}

TEST(Diagnostics, PrintNothingThatDrivesATerminal) {
  EXPECT_EQ(Rendered("a\x1b[31m\tb\u202e", 0, 1),
            "f.cedar:1:1: " + std::string(kHead) + "  a<U+001B>[31m b<U+202E>\n  ^\n");
  Sources sources;
  const std::uint32_t s = sources.Add("evil\nname", "x");
  Diagnostics diagnostics;
  diagnostics.Add(DiagId::kInvalidUid, {s, 0, 1}, "bad \x07", "hint \x7f");
  EXPECT_EQ(diagnostics.Render(sources),
            "evil<U+000A>name:1:1: error: bad <U+0007> [invalid-uid]\n  x\n  ^\n"
            "  hint: hint <U+007F>\n");
  // Bytes that are no UTF-8 are shown as replacements.
  EXPECT_EQ(Rendered("a\xff", 1, 2), "f.cedar:1:2: " + std::string(kHead) + "  a\uFFFD\n   ^\n");
}

TEST(Diagnostics, CutLongLinesAroundThePlace) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "\u00e9";  // 600 bytes
  const std::string shown = Rendered(text, 400, 402);
  const std::size_t line = shown.find('\n') + 1;
  EXPECT_EQ(shown.substr(line, 5), "  \u2026");
  EXPECT_NE(shown.find("\u00e9\u2026\n"), std::string::npos);
  EXPECT_EQ(shown.find("\uFFFD"), std::string::npos) << "a character was cut in two";
  EXPECT_LT(shown.size(), 400U);
  // 40 characters and the ellipsis before the caret.
  EXPECT_NE(shown.find("\n  " + std::string(41, ' ') + "^\n"), std::string::npos) << shown;
  // Odd offsets of the window fall between the bytes of a character.
  EXPECT_EQ(Rendered("x" + text, 401, 403).find("\uFFFD"), std::string::npos);
}

TEST(Diagnostics, SortFromLeavesWhatCameBefore) {
  Diagnostics diagnostics;
  diagnostics.Add(DiagId::kTooDeep, {0, 9, 9}, "first");
  diagnostics.Add(DiagId::kTooDeep, {1, 5, 5}, "d");
  diagnostics.Add(DiagId::kTooDeep, {0, 7, 7}, "c");
  diagnostics.Add(DiagId::kTooDeep, {0, 2, 2}, "a");
  diagnostics.Add(DiagId::kTooDeep, {0, 2, 9}, "b");  // same place: in the order added
  diagnostics.SortFrom(1);
  std::string order;
  for (const Diagnostic& d : diagnostics.list()) order += d.message + " ";
  EXPECT_EQ(order, "first a b c d ");
  diagnostics.SortFrom(99);  // nothing there
  EXPECT_EQ(diagnostics.list().size(), 5U);
}

TEST(Diagnostics, KeepAHundredAndCountTheRest) {
  Diagnostics diagnostics;
  for (int i = 0; i < 70; ++i) {
    diagnostics.AddWithoutPlace(DiagId::kWrongSlots, "m");
    diagnostics.Add(DiagId::kWrongSlots, {}, "m");
  }
  EXPECT_EQ(diagnostics.list().size(), 100U);
  EXPECT_EQ(diagnostics.total(), 140U);
  Sources sources;
  sources.Add("f", "x");
  const std::string text = diagnostics.Render(sources);
  EXPECT_EQ(text.substr(text.size() - 19), "error: and 40 more\n");
  Diagnostics none(0);
  none.AddWithoutPlace(DiagId::kWrongSlots, "m");
  EXPECT_FALSE(none.empty());
  EXPECT_EQ(none.Render(sources), "error: and 1 more\n");
}

// Cut between characters, of which each here has two bytes.
TEST(Diagnostics, RepeatNoMoreOfTheInputThanPeopleRead) {
  std::string flood;
  for (int i = 0; i < 10'000; ++i) flood += "é";
  Diagnostics diagnostics;
  diagnostics.Add(DiagId::kUnknownName, {}, flood, "x" + flood);
  diagnostics.AddWithoutPlace(DiagId::kUnknownName, flood.substr(0, 10'000));
  EXPECT_EQ(diagnostics.list()[0].message, flood.substr(0, 10'000) + "…");
  EXPECT_EQ(diagnostics.list()[0].hint, "x" + flood.substr(0, 9'998) + "…");
  EXPECT_EQ(diagnostics.list()[1].message, flood.substr(0, 10'000));
}

TEST(Diagnostics, OutOfMemoryIsAnError) {
  Diagnostics diagnostics;
  diagnostics.OutOfMemory();
  EXPECT_FALSE(diagnostics.empty());
  EXPECT_TRUE(diagnostics.out_of_memory());
  EXPECT_EQ(diagnostics.total(), 0U);
  EXPECT_EQ(diagnostics.Render(Sources()), "error: out of memory [out-of-memory]\n");
}

TEST(Diagnostics, NamesDiffer) {
  std::set<std::string_view> names;
  std::size_t count = 0;
#define DIAG(Name, text)                   \
  EXPECT_EQ(DiagName(DiagId::Name), text); \
  names.insert(text);                      \
  ++count;
#include "assay/diagnostics.def"
  EXPECT_EQ(names.size(), count);
}

}  // namespace
}  // namespace assay
