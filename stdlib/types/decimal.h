// Numbers with four decimal places, counted in ten-thousandths.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::stdlib {

enum class DecimalError : std::uint8_t { kNone, kBadFormat, kTooManyDigits, kOverflow };

// Reads `-?digits.digits` with at most four digits after the point.
DecimalError ParseDecimal(std::string_view text, std::int64_t* ten_thousandths) noexcept;

// `1.5000`: always four digits after the point.
std::string FormatDecimal(std::int64_t ten_thousandths);

// The reference's text for an error of ParseDecimal(text).
std::string DecimalErrorText(DecimalError error, std::string_view text);

}  // namespace assay::stdlib
