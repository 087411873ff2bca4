// Instants and durations, in milliseconds.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "tests/oracle/checked.h"
#include "tests/oracle/functions.h"
#include "tests/oracle/text.h"

namespace assay::oracle {
namespace {

constexpr std::int64_t kDay = 86'400'000;

Failure Wrong(const std::string& function, const std::string& why) {
  return {"error while evaluating `" + function + "` extension function: " + why};
}

std::string ShowMs(std::int64_t ms) { return std::to_string(ms) + "ms"; }

// An instant as errors write it.
std::string ShowInstant(Datetime time) {
  return "datetime(\"1970-01-01\").offset(duration(\"" + ShowMs(time.ms) + "\"))";
}

// Whether `text` begins with the shape, in which `0` stands for a digit. If so, takes it off the
// text, and its digits, read in one, come back.
std::optional<std::string> TakeShape(std::string_view* text, std::string_view shape) {
  if (text->size() < shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !IsAsciiDigit((*text)[i]) : (*text)[i] != shape[i]) return std::nullopt;
  }
  const std::string taken(text->substr(0, shape.size()));
  text->remove_prefix(shape.size());
  return taken;
}

int Number(const std::string& text, std::size_t begin, std::size_t length) {
  return std::stoi(text.substr(begin, length));
}

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int DaysOfMonth(int year, int month) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Counted day by day from the epoch's year: slow and plain.
std::int64_t DaysSinceEpoch(int year, int month, int day) {
  std::int64_t days = day - 1;
  for (int m = 1; m < month; ++m) days += DaysOfMonth(year, m);
  for (int y = 1970; y < year; ++y) days += IsLeap(y) ? 366 : 365;
  for (int y = year; y < 1970; ++y) days -= IsLeap(y) ? 366 : 365;
  return days;
}

// The milliseconds of `YYYY-MM-DD`.
std::int64_t DateMs(const std::string& date) {
  const int year = Number(date, 0, 4);
  const int month = Number(date, 5, 2);
  const int day = Number(date, 8, 2);
  if (month < 1 || month > 12 || day < 1 || day > DaysOfMonth(year, month)) {
    throw Wrong("datetime", "invalid date: " + date);
  }
  return DaysSinceEpoch(year, month, day) * kDay;
}

// The milliseconds of `hh:mm:ss`.
std::int64_t ClockMs(const std::string& clock) {
  const int hour = Number(clock, 0, 2);
  const int minute = Number(clock, 3, 2);
  const int second = Number(clock, 6, 2);
  if (hour > 23 || minute > 59 || second > 59) {
    throw Wrong("datetime", "invalid hour/minute/second: " + clock);
  }
  return ((hour * 60 + minute) * 60 + second) * std::int64_t{1000};
}

// The milliseconds of `+hhmm` or `-hhmm`.
std::int64_t ZoneMs(const std::string& zone) {
  const int hour = Number(zone, 1, 2);
  const int minute = Number(zone, 3, 2);
  if (hour > 23 || minute > 59) {
    // Without leading zeros, as the reference writes it.
    throw Wrong("datetime",
                "invalid offset range: " + std::to_string(hour) + std::to_string(minute));
  }
  const std::int64_t ms = (hour * 60 + minute) * std::int64_t{60'000};
  return zone[0] == '-' ? -ms : ms;
}

// Takes digits and then `unit` off the text and returns the digits; takes nothing unless both are
// there.
std::optional<std::string_view> TakePart(std::string_view* text, std::string_view unit) {
  const auto* end = std::find_if_not(text->begin(), text->end(), IsAsciiDigit);
  const std::string_view digits = text->substr(0, static_cast<std::size_t>(end - text->begin()));
  const std::string_view rest = text->substr(digits.size());
  // `1m` is a minute only if no `s` makes it milliseconds.
  if (digits.empty() || !rest.starts_with(unit) || (unit == "m" && rest.starts_with("ms"))) {
    return std::nullopt;
  }
  text->remove_prefix(digits.size() + unit.size());
  return digits;
}

}  // namespace

Datetime ParseDatetime(std::string_view text) {
  const auto date = TakeShape(&text, "0000-00-00");
  if (!date) throw Wrong("datetime", "invalid date pattern");
  if (text.empty()) return {DateMs(*date)};
  const auto clock = TakeShape(&text, "T00:00:00");
  if (!clock) throw Wrong("datetime", "invalid hour/minute/second pattern");
  const auto fraction = TakeShape(&text, ".000");
  auto zone = TakeShape(&text, "Z");
  if (!zone) zone = TakeShape(&text, "+0000");
  if (!zone) zone = TakeShape(&text, "-0000");
  if (!zone || !text.empty()) throw Wrong("datetime", "invalid millisecond and/or offset pattern");
  std::int64_t ms = DateMs(*date);
  ms += ClockMs(clock->substr(1));
  if (fraction) ms += Number(*fraction, 1, 3);
  if (zone != "Z") ms -= ZoneMs(*zone);
  return {ms};
}

Duration ParseDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t ms;
  };
  constexpr std::array<Unit, 5> kUnits = {
      {{"d", kDay}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
  const int sign = text.starts_with('-') ? -1 : 1;
  if (sign < 0) text.remove_prefix(1);
  bool any = false;
  std::optional<std::int64_t> total = 0;
  for (const Unit& unit : kUnits) {
    const auto digits = TakePart(&text, unit.name);
    if (!digits) continue;
    any = true;
    const auto value = ReadDigits(*digits, sign);
    total = value && total ? MultiplyAdd(*value, unit.ms, *total) : std::nullopt;
  }
  if (!any || !text.empty()) throw Wrong("duration", "invalid duration pattern");
  if (!total) throw Wrong("duration", "Duration overflows internal representation");
  return {*total};
}

Datetime Offset(Datetime start, Duration length) {
  Datetime result;
  if (__builtin_add_overflow(start.ms, length.ms, &result.ms)) {
    throw Wrong("offset", "overflows when adding an offset: " + ShowInstant(start) + "+(" +
                              ShowMs(length.ms) + ")");
  }
  return result;
}

Duration DurationSince(Datetime end, Datetime start) {
  Duration result;
  if (__builtin_sub_overflow(end.ms, start.ms, &result.ms)) {
    throw Wrong("durationSince", "overflows when computing the duration between " +
                                     ShowInstant(end) + " and " + ShowInstant(start));
  }
  return result;
}

Duration ToTime(Datetime time) {
  const std::int64_t rest = time.ms % kDay;
  return {rest < 0 ? rest + kDay : rest};
}

Datetime ToDate(Datetime time) {
  Datetime result;
  if (__builtin_sub_overflow(time.ms, ToTime(time).ms, &result.ms)) {
    throw Wrong("toDate", "overflows when computing the date of " + ShowInstant(time));
  }
  return result;
}

}  // namespace assay::oracle
