// Escapes of Cedar's string literals.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

struct EscapeError {
  std::size_t offset = 0;  // of the offending escape within the raw text
  std::size_t length = 0;
  std::string message;
};

enum class StringForm {
  kText,     // string literals, entity ids, annotation values
  kPattern,  // `like`: an unescaped `*`, however spelt, becomes the byte 0xFF; `\*` is a star
};

// Appends to `out` what the text between the quotes stands for. The error, if there is one.
std::optional<EscapeError> Unescape(std::string_view raw, StringForm form, std::string* out);

// The text with Cedar's escapes, without quotes, as the reference prints it.
std::string EscapeText(std::string_view text);
void AppendEscapedText(std::string_view text, std::string* out);

// The text as it is, but for what could drive a terminal or turn the direction of the text: that
// becomes `<U+001B>`, and a tab a space.
std::string Printable(std::string_view text);

}  // namespace assay
