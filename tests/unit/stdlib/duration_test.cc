// duration: literals, their errors, and what is printed.
#include "stdlib/types/duration.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace assay::stdlib {
namespace {

TEST(Duration, AddsItsParts) {
  const struct {
    const char* text;
    std::int64_t milliseconds;
  } cases[] = {
      {"0ms", 0},
      {"-0ms", 0},
      {"1ms", 1},
      {"1s", 1'000},
      {"1m", 60'000},
      {"1h", 3'600'000},
      {"1d", 86'400'000},
      {"1d2h3m4s5ms", 93'784'005},
      {"-1d2h3m4s5ms", -93'784'005},
      {"1d5ms", 86'400'005},
      {"25h", 90'000'000},
      {"007s", 7'000},
      {"9223372036854775807ms", INT64_MAX},
      {"-9223372036854775808ms", INT64_MIN},
      {"106751991167d7h12m55s807ms", INT64_MAX},
      {"-106751991167d7h12m55s808ms", INT64_MIN},
  };
  for (const auto& c : cases) {
    std::int64_t value = 99;
    EXPECT_EQ(ParseDuration(c.text, &value), DurationError::kNone) << c.text;
    EXPECT_EQ(value, c.milliseconds) << c.text;
  }
}

TEST(Duration, RefusesWhatIsNotOfThePattern) {
  for (const char* text : {"",      "-",    "1",         "ms",  "d",    "1x",  "1sm",    "1s1m",
                           "1ms1s", "1d1d", "1h 2m",     " 1h", "1h ",  "+1h", "--1h",   "1h-2m",
                           "1.5h",  "1H",   "1d2h3m4s5", "-d",  "1mss", "d1",  "\u0661h"}) {
    std::int64_t value = 99;
    const DurationError error = ParseDuration(text, &value);
    EXPECT_EQ(DurationErrorText(error), "invalid duration pattern") << text;
    EXPECT_EQ(value, 99) << text;
  }
}

TEST(Duration, RefusesWhatDoesNotFit) {
  for (const char* text :
       {"9223372036854775808ms", "-9223372036854775809ms", "18446744073709551616ms",
        "99999999999999999999999999d", "106751991168d", "-106751991168d",
        "106751991167d7h12m55s808ms", "-106751991167d7h12m55s809ms", "9223372036854775807d1ms"}) {
    std::int64_t value = 99;
    const DurationError error = ParseDuration(text, &value);
    EXPECT_EQ(DurationErrorText(error), "Duration overflows internal representation") << text;
    EXPECT_EQ(value, 99) << text;
  }
  // The pattern is looked at first, to its end.
  std::int64_t value = 0;
  EXPECT_EQ(ParseDuration("99999999999999999999d1x", &value), DurationError::kPattern);
  EXPECT_EQ(DurationErrorText(DurationError::kNone), "");
}

TEST(Duration, PrintsMillisecondsThatReadBack) {
  EXPECT_EQ(FormatDuration(90'000'000), "90000000ms");
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{86'400'000}, INT64_MAX, INT64_MIN}) {
    std::int64_t again = 99;
    EXPECT_EQ(ParseDuration(FormatDuration(value), &again), DurationError::kNone) << value;
    EXPECT_EQ(again, value);
  }
}

}  // namespace
}  // namespace assay::stdlib
