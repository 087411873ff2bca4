// UTF-8 decoding for text that may be hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::utf8 {

struct Decoded {
  char32_t code_point = 0;
  std::uint32_t length = 1;  // bytes
};

// The scalar value that starts at `offset`. `text` must be valid UTF-8 and `offset` at a boundary.
Decoded Decode(std::string_view text, std::size_t offset);

// The length of the longest prefix that is valid UTF-8 (text.size() if all of it is).
std::size_t ValidPrefix(std::string_view text);

void Append(char32_t code_point, std::string* out);

// Control characters and those that change the direction of text: never printed raw.
bool IsUnsafeToPrint(char32_t code_point);

// Decimal digits of any script (general category Nd of Unicode 16).
bool IsDigit(char32_t code_point);

}  // namespace assay::utf8
