// `like`.
#pragma once

#include <string_view>

namespace assay::rt {

// Does all of `text` match `pattern`, where the byte 0xFF stands for any text, also none? Both are
// UTF-8, so comparing bytes compares scalar values. No recursion; the time is at most the product
// of the lengths.
bool MatchesPattern(std::string_view text, std::string_view pattern) noexcept;

}  // namespace assay::rt
