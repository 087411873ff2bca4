// Text for a terminal: how many columns it takes, and breaking it into lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::cli {

// The columns that a character takes: two for those of East Asian scripts and pictures, none for
// those that go on top of another.
std::size_t WidthOf(char32_t code_point);
std::size_t WidthOf(std::string_view text);

// The text on lines of at most `width` columns, without the last line break. `first` and `rest` are
// put before the first line and the others, and count. Broken where Unicode's line breaking (UAX
// 14) allows it, as far as it says that of ASCII; a word that is too long for a line is cut.
std::string Wrap(std::string_view text, std::size_t width, std::string_view first,
                 std::string_view rest);

}  // namespace assay::cli
