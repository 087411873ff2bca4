// Bytes as lower-case hexadecimal digits, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay {

std::string ToHex(std::string_view bytes);
// Nothing if there is anything but pairs of lower-case digits.
std::optional<std::string> FromHex(std::string_view text);

}  // namespace assay
