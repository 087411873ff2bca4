#include "stdlib/types/duration.h"

#include <charconv>

namespace assay::stdlib {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

constexpr Unit kUnits[] = {{"d", kMillisecondsPerDay},
                           {"h", kMillisecondsPerHour},
                           {"m", kMillisecondsPerMinute},
                           {"s", kMillisecondsPerSecond},
                           {"ms", 1}};

__extension__ using Wide = __int128;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TakeWhile(std::string_view* text, bool digits) {
  std::size_t length = 0;
  while (length < text->size() && IsDigit((*text)[length]) == digits) ++length;
  const std::string_view taken = text->substr(0, length);
  text->remove_prefix(length);
  return taken;
}

// Adds `digits` times `unit` towards `sign`. False on overflow.
bool Add(std::string_view digits, std::int64_t unit, bool is_negative, std::int64_t* total) {
  std::uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{}) {
    return false;
  }
  const Wide amount = static_cast<Wide>(value) * unit;
  const Wide sum = *total + (is_negative ? -amount : amount);
  *total = static_cast<std::int64_t>(sum);
  return sum == *total;
}

}  // namespace

// The pattern is checked to its end before overflow is reported, as in the reference.
DurationError ParseDuration(std::string_view text, std::int64_t* milliseconds) noexcept {
  const bool is_negative = !text.empty() && text[0] == '-';
  if (is_negative) text.remove_prefix(1);
  if (text.empty()) return DurationError::kPattern;
  std::int64_t total = 0;
  bool overflow = false;
  const Unit* next = kUnits;
  while (!text.empty()) {
    const std::string_view digits = TakeWhile(&text, true);
    const std::string_view name = TakeWhile(&text, false);
    while (next != std::end(kUnits) && next->name != name) ++next;
    if (digits.empty() || next == std::end(kUnits)) return DurationError::kPattern;
    overflow = overflow || !Add(digits, next->milliseconds, is_negative, &total);
    ++next;
  }
  if (overflow) return DurationError::kOverflow;
  *milliseconds = total;
  return DurationError::kNone;
}

std::string FormatDuration(std::int64_t milliseconds) {
  return std::to_string(milliseconds) + "ms";
}

std::string DurationErrorText(DurationError error) {
  switch (error) {
    case DurationError::kNone: break;
    case DurationError::kPattern: return "invalid duration pattern";
    case DurationError::kOverflow: return "Duration overflows internal representation";
  }
  return "";
}

}  // namespace assay::stdlib
