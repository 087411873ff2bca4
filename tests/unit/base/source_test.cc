// Sources: lines, columns, slices.
#include "assay/source.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Sources, CountsLinesAndCharacters) {
  Sources sources;
  const std::uint32_t s = sources.Add("f", "ab\n\u00e9\U0001F600x\r\n\nend");
  const struct {
    std::uint32_t offset, line, column;
    const char* text;
  } cases[] = {
      {0, 1, 1, "ab"},
      {2, 1, 3, "ab"},  // the line break belongs to its line
      {3, 2, 1, "\u00e9\U0001F600x"},
      {5, 2, 2, "\u00e9\U0001F600x"},
      {9, 2, 3, "\u00e9\U0001F600x"},
      {12, 3, 1, ""},
      {13, 4, 1, "end"},
      {16, 4, 4, "end"},  // the end of the text
  };
  for (const auto& c : cases) {
    const LineColumn place = sources.Locate(s, c.offset);
    EXPECT_EQ(place.line, c.line) << c.offset;
    EXPECT_EQ(place.column, c.column) << c.offset;
    EXPECT_EQ(sources.Line(s, c.offset), c.text) << c.offset;
  }
}

TEST(Sources, AnEmptyTextHasOneEmptyLine) {
  Sources sources;
  const std::uint32_t s = sources.Add("f", "");
  EXPECT_EQ(sources.Locate(s, 0).line, 1U);
  EXPECT_EQ(sources.Locate(s, 0).column, 1U);
  EXPECT_EQ(sources.Line(s, 0), "");
}

TEST(Sources, ATextThatEndsInALineBreakHasAnEmptyLastLine) {
  Sources sources;
  const std::uint32_t s = sources.Add("f", "a\n");
  EXPECT_EQ(sources.Locate(s, 2).line, 2U);
  EXPECT_EQ(sources.Line(s, 2), "");
}

TEST(Sources, ATextMayBeginInsideAFile) {
  Sources sources;
  const std::uint32_t s = sources.Add("f", "a\nb", 7);
  EXPECT_EQ(sources.Locate(s, 0).line, 7U);
  EXPECT_EQ(sources.Locate(s, 2).line, 8U);
  EXPECT_EQ(sources.Line(s, 2), "b");
}

TEST(Sources, ViewsLiveOnWhenSourcesMoveAndGrow) {
  Sources sources;
  const std::uint32_t first = sources.Add("one", "text");
  const std::string_view text = sources.text(first), name = sources.name(first);
  for (int i = 0; i < 1000; ++i) sources.Add("more", "x");
  const Sources moved = std::move(sources);
  EXPECT_EQ(moved.size(), 1001U);
  EXPECT_EQ(moved.text(first).data(), text.data());
  EXPECT_EQ(moved.name(first).data(), name.data());
  EXPECT_EQ(moved.Slice({first, 1, 3}), "ex");
  EXPECT_EQ(Cover({first, 0, 1}, {first, 3, 4}), (Span{first, 0, 4}));
}

}  // namespace
}  // namespace assay
