// Arithmetic that says when it overflows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::oracle {

// a * b + c, if neither step leaves the range.
inline std::optional<std::int64_t> MultiplyAdd(std::int64_t a, std::int64_t b, std::int64_t c) {
  std::int64_t product = 0;
  std::int64_t sum = 0;
  if (__builtin_mul_overflow(a, b, &product) || __builtin_add_overflow(product, c, &sum)) {
    return std::nullopt;
  }
  return sum;
}

// The number that ASCII digits spell, times `sign` (1 or -1). The sign comes in at each digit, so
// that the least number needs no care.
inline std::optional<std::int64_t> ReadDigits(std::string_view digits, int sign) {
  std::optional<std::int64_t> value = 0;
  for (const char c : digits) {
    if (value) value = MultiplyAdd(*value, 10, sign * (c - '0'));
  }
  return value;
}

}  // namespace assay::oracle
