#include "stdlib/types/datetime.h"

namespace assay::stdlib {

namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::size_t kDateLength = 10;  // YYYY-MM-DD
constexpr std::size_t kTimeLength = 9;   // Thh:mm:ss

// `text` against a picture in which 9 stands for a digit and all else for itself.
bool LooksLike(std::string_view text, std::string_view picture) {
  if (text.size() < picture.size()) return false;
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const bool fits = picture[i] == '9' ? text[i] >= '0' && text[i] <= '9' : text[i] == picture[i];
    if (!fits) return false;
  }
  return true;
}

int Number(std::string_view text, std::size_t begin, std::size_t length) {
  int value = 0;
  for (const char c : text.substr(begin, length)) value = value * 10 + (c - '0');
  return value;
}

bool IsLeapYear(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool IsDate(int year, int month, int day) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= kDays[month - 1] + (month == 2 && IsLeapYear(year) ? 1 : 0);
}

// Days since 1970-01-01. Counts years from March, so that the leap day is the last of its year.
std::int64_t DaysSinceEpoch(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  constexpr std::int64_t kDaysOfEra = 146'097;
  constexpr std::int64_t kEpochDay = 719'468;
  return era * kDaysOfEra + day_of_era - kEpochDay;
}

// What follows the seconds: `[.SSS](Z|±hhmm)`.
struct Tail {
  bool is_valid = false;
  int milliseconds = 0;
  int sign = 0;  // 0: Z
  int hours = 0, minutes = 0;
};

Tail ReadTail(std::string_view text) {
  Tail tail;
  if (LooksLike(text, ".999")) {
    tail.milliseconds = Number(text, 1, 3);
    text.remove_prefix(4);
  }
  if (text == "Z") {
    tail.is_valid = true;
  } else if (text.size() == 5 && (LooksLike(text, "+9999") || LooksLike(text, "-9999"))) {
    tail.is_valid = true;
    tail.sign = text[0] == '+' ? 1 : -1;
    tail.hours = Number(text, 1, 2);
    tail.minutes = Number(text, 3, 2);
  }
  return tail;
}

}  // namespace

// The shape of the whole text is checked before any of its numbers, as in the reference: which
// error comes first shows.
DatetimeError ParseDatetime(std::string_view text, std::int64_t* milliseconds) noexcept {
  if (!LooksLike(text, "9999-99-99")) return DatetimeError::kDatePattern;
  const int year = Number(text, 0, 4), month = Number(text, 5, 2), day = Number(text, 8, 2);
  const bool is_date = IsDate(year, month, day);
  const std::int64_t date = is_date ? DaysSinceEpoch(year, month, day) * kDay : 0;
  if (text.size() == kDateLength) {
    if (!is_date) return DatetimeError::kDate;
    *milliseconds = date;
    return DatetimeError::kNone;
  }
  const std::string_view time = text.substr(kDateLength);
  if (!LooksLike(time, "T99:99:99")) return DatetimeError::kTimePattern;
  const Tail tail = ReadTail(time.substr(kTimeLength));
  if (!tail.is_valid) return DatetimeError::kOffsetPattern;
  if (!is_date) return DatetimeError::kDate;
  const int hours = Number(time, 1, 2), minutes = Number(time, 4, 2), seconds = Number(time, 7, 2);
  if (hours >= 24 || minutes >= 60 || seconds >= 60) return DatetimeError::kTime;
  if (tail.hours >= 24 || tail.minutes >= 60) return DatetimeError::kOffset;
  *milliseconds = date + (hours - tail.sign * tail.hours) * kHour +
                  (minutes - tail.sign * tail.minutes) * kMinute + seconds * kSecond +
                  tail.milliseconds;
  return DatetimeError::kNone;
}

std::string FormatDatetime(std::int64_t milliseconds) {
  return "datetime(\"1970-01-01\").offset(duration(\"" + std::to_string(milliseconds) + "ms\"))";
}

std::string DatetimeErrorText(DatetimeError error, std::string_view text) {
  switch (error) {
    case DatetimeError::kNone: break;
    case DatetimeError::kDatePattern: return "invalid date pattern";
    case DatetimeError::kDate: return "invalid date: " + std::string(text.substr(0, kDateLength));
    case DatetimeError::kTimePattern: return "invalid hour/minute/second pattern";
    case DatetimeError::kTime:
      return "invalid hour/minute/second: " +
             std::string(text.substr(kDateLength + 1, kTimeLength - 1));
    case DatetimeError::kOffsetPattern: return "invalid millisecond and/or offset pattern";
    case DatetimeError::kOffset: {
      const Tail tail = ReadTail(text.substr(kDateLength + kTimeLength));
      return "invalid offset range: " + std::to_string(tail.hours) + std::to_string(tail.minutes);
    }
  }
  return "";
}

std::int64_t ToTime(std::int64_t milliseconds) noexcept {
  const std::int64_t remainder = milliseconds % kDay;
  return remainder < 0 ? remainder + kDay : remainder;
}

std::optional<std::int64_t> ToDate(std::int64_t milliseconds) noexcept {
  std::int64_t date = 0;
  if (__builtin_sub_overflow(milliseconds, ToTime(milliseconds), &date)) return std::nullopt;
  return date;
}

}  // namespace assay::stdlib
