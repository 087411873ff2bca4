#include "engine/base/json_text.h"

#include <gmock/gmock.h>

#include <string>

namespace assay::json {
namespace {

std::string Written(std::string_view text) {
  std::string out = "[";
  AppendString(text, &out);
  return out.substr(1);
}

TEST(JsonText, EscapesWhatJsonWantsEscapedAndNothingElse) {
  EXPECT_EQ(Written(""), "\"\"");
  EXPECT_EQ(Written("a/b \x7f\xc3\xa9\xf0\x9f\x98\x80"), "\"a/b \x7f\xc3\xa9\xf0\x9f\x98\x80\"");
  EXPECT_EQ(Written("\b\f\n\r\t\"\\"), R"("\b\f\n\r\t\"\\")");
  EXPECT_EQ(Written(std::string_view("\0\x1b\x1f ", 4)), R"("\u0000\u001b\u001f ")");
}

// Eight characters are looked at together: each that is special must be seen wherever it stands,
// beside each neighbour.
TEST(JsonText, FindsWhatIsSpecialAtEveryPlace) {
  for (int c = 0; c < 0x80; ++c) {
    const bool is_special = c < 0x20 || c == '"' || c == '\\';
    const std::string alone = Written(std::string(1, static_cast<char>(c)));
    EXPECT_EQ(alone.size() == 3, !is_special) << c;
    for (const char* filler : {"a", "!", "#", " ", "]", "\x7f"}) {
      std::string rest;
      while (rest.size() < 19) rest += filler;
      for (std::size_t place = 0; place <= rest.size(); ++place) {
        std::string text = rest;
        text.insert(place, 1, static_cast<char>(c));
        std::string expected = "\"" + rest + "\"";
        expected.insert(1 + place, alone.substr(1, alone.size() - 2));
        ASSERT_EQ(Written(text), expected) << c << " at " << place;
      }
    }
  }
}

}  // namespace
}  // namespace assay::json
