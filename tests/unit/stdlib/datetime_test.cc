// datetime: literals, their errors, the calendar, and what is printed.
#include "stdlib/types/datetime.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace assay::stdlib {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

TEST(Datetime, ReadsDatesAndTimes) {
  const struct {
    const char* text;
    std::int64_t milliseconds;
  } cases[] = {
      {"1970-01-01", 0},
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.001Z", 1},
      {"1969-12-31T23:59:59.999Z", -1},
      {"1970-01-02", kDay},
      {"2000-02-29", 11'016 * kDay},
      {"2024-10-15T11:38:02.101Z", 1'728'992'282'101},
      {"2024-10-15T11:38:02Z", 1'728'992'282'000},
      {"0000-01-01", -719'528 * kDay},
      {"9999-12-31T23:59:59.999Z", 2'932'897 * kDay - 1},
      // An offset says how far ahead of UTC the clock is.
      {"1970-01-01T01:00:00+0100", 0},
      {"1970-01-01T00:00:00-0100", kHour},
      {"1970-01-01T00:00:00.500+0000", 500},
      {"1970-01-01T00:00:00+2359", -24 * kHour + 60'000},
      {"1970-01-01T00:00:00-2359", 24 * kHour - 60'000},
  };
  for (const auto& c : cases) {
    std::int64_t value = 99;
    EXPECT_EQ(ParseDatetime(c.text, &value), DatetimeError::kNone) << c.text;
    EXPECT_EQ(value, c.milliseconds) << c.text;
  }
}

TEST(Datetime, SaysWhyATextIsRefused) {
  const std::string date = "invalid date pattern";
  const std::string time = "invalid hour/minute/second pattern";
  const std::string offset = "invalid millisecond and/or offset pattern";
  const struct {
    const char* text;
    std::string error;
  } cases[] = {
      {"", date},
      {"2024", date},
      {"2024-1-01", date},
      {"24-01-01", date},
      {"2024/01/01", date},
      {"-2024-01-01", date},
      {"+2024-01-01", date},
      {" 2024-01-01", date},
      {"2024-00-01", "invalid date: 2024-00-01"},
      {"2024-13-01", "invalid date: 2024-13-01"},
      {"2024-01-00", "invalid date: 2024-01-00"},
      {"2024-04-31", "invalid date: 2024-04-31"},
      {"2023-02-29", "invalid date: 2023-02-29"},
      {"1900-02-29", "invalid date: 1900-02-29"},
      {"2023-02-29T00:00:00Z", "invalid date: 2023-02-29"},
      {"2024-01-01 ", time},
      {"2024-01-01T", time},
      {"2024-01-01t00:00:00Z", time},
      {"2024-01-01T1:00:00Z", time},
      {"2024-01-01T00:00Z", time},
      {"2024-01-01T24:00:00Z", "invalid hour/minute/second: 24:00:00"},
      {"2024-01-01T00:60:00Z", "invalid hour/minute/second: 00:60:00"},
      {"2024-01-01T00:00:60Z", "invalid hour/minute/second: 00:00:60"},
      {"2024-01-01T00:00:00", offset},
      {"2024-01-01T00:00:00z", offset},
      {"2024-01-01T00:00:00Z ", offset},
      {"2024-01-01T00:00:00.1Z", offset},
      {"2024-01-01T00:00:00.1234Z", offset},
      {"2024-01-01T00:00:00.000", offset},
      {"2024-01-01T00:00:00+01:00", offset},
      {"2024-01-01T00:00:00+01", offset},
      {"2024-01-01T00:00:00*0100", offset},
      {"2024-01-01T00:00:00+2400", "invalid offset range: 240"},
      {"2024-01-01T00:00:00-0160", "invalid offset range: 160"},
      // The shape of the whole text comes before its numbers, and the date before the time.
      {"2023-02-29T00:00", time},
      {"2023-02-29T99:00:00+9999", "invalid date: 2023-02-29"},
      {"2024-01-01T99:00:00+9999", "invalid hour/minute/second: 99:00:00"},
  };
  for (const auto& c : cases) {
    std::int64_t value = 99;
    const DatetimeError error = ParseDatetime(c.text, &value);
    EXPECT_EQ(DatetimeErrorText(error, c.text), c.error) << c.text;
    EXPECT_EQ(value, 99) << c.text;
  }
  EXPECT_EQ(DatetimeErrorText(DatetimeError::kNone, "2024-01-01"), "");
}

// Counts days one by one, as a second opinion on the calendar.
TEST(Datetime, DaysFollowOneAnotherThroughAllYears) {
  std::int64_t expected = -719'528 * kDay;
  for (int year = 0; year <= 9999; ++year) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    for (int month = 1; month <= 12; ++month) {
      const int days =
          month == 2 ? 28 + (leap ? 1 : 0) : 30 + ((month <= 7) == (month % 2 == 1) ? 1 : 0);
      char text[32];
      for (const int day : {1, days}) {
        snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
        std::int64_t value = 0;
        ASSERT_EQ(ParseDatetime(text, &value), DatetimeError::kNone) << text;
        ASSERT_EQ(value, expected + (day - 1) * kDay) << text;
      }
      snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, days + 1);
      std::int64_t value = 0;
      ASSERT_EQ(ParseDatetime(text, &value), DatetimeError::kDate) << text;
      expected += days * kDay;
    }
  }
}

TEST(Datetime, SplitsIntoDateAndTime) {
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, kDay, -kDay,
                                   kDay - 1, -kDay - 1, INT64_MAX}) {
    const auto date = ToDate(value);
    ASSERT_TRUE(date.has_value()) << value;
    EXPECT_EQ(*date % kDay, 0) << value;
    EXPECT_EQ(*date + ToTime(value), value);
    EXPECT_TRUE(ToTime(value) >= 0 && ToTime(value) < kDay) << value;
  }
  EXPECT_EQ(ToDate(INT64_MIN), std::nullopt);  // its day begins before the first instant
  EXPECT_EQ(ToTime(INT64_MIN), 60'424'192);
}

TEST(Datetime, PrintsAnExpressionForEveryInstant) {
  EXPECT_EQ(FormatDatetime(-5), "datetime(\"1970-01-01\").offset(duration(\"-5ms\"))");
  EXPECT_EQ(FormatDatetime(INT64_MIN),
            "datetime(\"1970-01-01\").offset(duration(\"-9223372036854775808ms\"))");
}

}  // namespace
}  // namespace assay::stdlib
