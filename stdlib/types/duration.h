// Spans of time in milliseconds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::stdlib {

enum class DurationError : std::uint8_t { kNone, kPattern, kOverflow };

inline constexpr std::int64_t kMillisecondsPerSecond = 1000;
inline constexpr std::int64_t kMillisecondsPerMinute = 60 * kMillisecondsPerSecond;
inline constexpr std::int64_t kMillisecondsPerHour = 60 * kMillisecondsPerMinute;
inline constexpr std::int64_t kMillisecondsPerDay = 24 * kMillisecondsPerHour;

// Reads `-?[Nd][Nh][Nm][Ns][Nms]`: at least one part, each at most once, in this order.
DurationError ParseDuration(std::string_view text, std::int64_t* milliseconds) noexcept;

// `1500ms`.
std::string FormatDuration(std::int64_t milliseconds);

// The reference's text for an error of ParseDuration.
std::string DurationErrorText(DurationError error);

}  // namespace assay::stdlib
