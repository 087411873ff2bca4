// Instants in milliseconds since 1970-01-01T00:00:00Z, on the proleptic Gregorian calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::stdlib {

enum class DatetimeError : std::uint8_t {
  kNone,
  kDatePattern,
  kDate,
  kTimePattern,
  kTime,
  kOffsetPattern,
  kOffset,
};

// Reads `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss[.SSS](Z|+hhmm|-hhmm)`.
DatetimeError ParseDatetime(std::string_view text, std::int64_t* milliseconds) noexcept;

// `datetime("1970-01-01").offset(duration("Nms"))`: Cedar text that evaluates to the instant.
std::string FormatDatetime(std::int64_t milliseconds);

// The reference's text for an error of ParseDatetime(text).
std::string DatetimeErrorText(DatetimeError error, std::string_view text);

// The start of the day, and the time since then. The former is nothing if it is out of range.
std::optional<std::int64_t> ToDate(std::int64_t milliseconds) noexcept;
std::int64_t ToTime(std::int64_t milliseconds) noexcept;

}  // namespace assay::stdlib
