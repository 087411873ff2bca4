#include "stdlib/types/decimal.h"

#include <algorithm>
#include <charconv>

#include "engine/base/utf8.h"

namespace assay::stdlib {

namespace {

constexpr std::int64_t kScale = 10'000;
constexpr std::size_t kPlaces = 4;

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// Digits of any script have the form of a number, as in the reference, but no value.
bool AllDigits(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded decoded = utf8::Decode(text, i);
    if (!utf8::IsDigit(decoded.code_point)) return false;
    i += decoded.length;
  }
  return !text.empty();
}

}  // namespace

DecimalError ParseDecimal(std::string_view text, std::int64_t* ten_thousandths) noexcept {
  const bool is_negative = !text.empty() && text[0] == '-';
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return DecimalError::kBadFormat;
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(point + 1);
  if (!AllDigits(whole.substr(is_negative ? 1 : 0)) || !AllDigits(fraction)) {
    return DecimalError::kBadFormat;
  }
  std::int64_t units = 0;
  const char* const whole_end = whole.data() + whole.size();
  const auto [end, code] = std::from_chars(whole.data(), whole_end, units);
  if (code != std::errc{} || end != whole_end || __builtin_mul_overflow(units, kScale, &units)) {
    return DecimalError::kOverflow;
  }
  if (fraction.size() > kPlaces) return DecimalError::kTooManyDigits;
  if (!std::all_of(fraction.begin(), fraction.end(), IsAsciiDigit)) return DecimalError::kOverflow;
  std::int64_t part = 0;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    part = part * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  // The sign is the text's, since the whole part of -0.5 has none.
  const bool overflow = is_negative ? __builtin_sub_overflow(units, part, &units)
                                    : __builtin_add_overflow(units, part, &units);
  if (overflow) return DecimalError::kOverflow;
  *ten_thousandths = units;
  return DecimalError::kNone;
}

std::string FormatDecimal(std::int64_t ten_thousandths) {
  const bool is_negative = ten_thousandths < 0;
  const std::uint64_t magnitude = is_negative ? 0 - static_cast<std::uint64_t>(ten_thousandths)
                                              : static_cast<std::uint64_t>(ten_thousandths);
  std::string fraction = std::to_string(magnitude % kScale);
  fraction.insert(0, kPlaces - fraction.size(), '0');
  return (is_negative ? "-" : "") + std::to_string(magnitude / kScale) + "." + fraction;
}

std::string DecimalErrorText(DecimalError error, std::string_view text) {
  switch (error) {
    case DecimalError::kNone: break;
    case DecimalError::kBadFormat:
      return "`" + std::string(text) + "` is not a well-formed decimal value";
    case DecimalError::kTooManyDigits:
      return "too many digits after the decimal in `" + std::string(text) + "`";
    case DecimalError::kOverflow: return "overflow when converting to decimal";
  }
  return "";
}

}  // namespace assay::stdlib
