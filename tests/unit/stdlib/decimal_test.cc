// decimal: literals, their errors, and what is printed.
#include "stdlib/types/decimal.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace assay::stdlib {
namespace {

TEST(Decimal, ReadsNumbersWithOneToFourPlaces) {
  const struct {
    const char* text;
    std::int64_t ten_thousandths;
  } cases[] = {
      {"0.0", 0},
      {"-0.0", 0},
      {"1.5", 15'000},
      {"1.50", 15'000},
      {"1.5000", 15'000},
      {"-1.5", -15'000},
      {"0.0001", 1},
      {"-0.0001", -1},
      {"-0.5", -5'000},
      {"00012.34", 123'400},
      {"922337203685477.5807", INT64_MAX},
      {"-922337203685477.5808", INT64_MIN},
      {"-922337203685477.5807", INT64_MIN + 1},
  };
  for (const auto& c : cases) {
    std::int64_t value = 99;
    EXPECT_EQ(ParseDecimal(c.text, &value), DecimalError::kNone) << c.text;
    EXPECT_EQ(value, c.ten_thousandths) << c.text;
  }
}

TEST(Decimal, SaysWhyATextIsRefused) {
  const std::string bad = "` is not a well-formed decimal value";
  const std::string many = "too many digits after the decimal in `";
  const std::string overflow = "overflow when converting to decimal";
  const struct {
    const char* text;
    std::string error;
  } cases[] = {
      {"", "`" + bad},
      {"1", "`1" + bad},
      {".5", "`.5" + bad},
      {"1.", "`1." + bad},
      {"-", "`-" + bad},
      {"-.5", "`-.5" + bad},
      {"+1.5", "`+1.5" + bad},
      {"--1.5", "`--1.5" + bad},
      {"1.-5", "`1.-5" + bad},
      {"1.2.3", "`1.2.3" + bad},
      {" 1.5", "` 1.5" + bad},
      {"1.5 ", "`1.5 " + bad},
      {"1e3.0", "`1e3.0" + bad},
      {"0x1.0", "`0x1.0" + bad},
      {"1,5", "`1,5" + bad},
      {"1.00000", many + "1.00000`"},
      {"0.12345", many + "0.12345`"},
      {"922337203685477.5808", overflow},
      {"-922337203685477.5809", overflow},
      {"922337203685478.0", overflow},
      {"99999999999999999999.0", overflow},
      {"99999999999999999999.00000", overflow},  // the whole part is looked at first
      // Digits of another script have the form, but no value.
      {"\u0661.5", overflow},
      {"1.\u0661", overflow},
  };
  for (const auto& c : cases) {
    std::int64_t value = 99;
    const DecimalError error = ParseDecimal(c.text, &value);
    EXPECT_EQ(DecimalErrorText(error, c.text), c.error) << c.text;
    EXPECT_EQ(value, 99) << c.text << " must not be written to";
  }
  EXPECT_EQ(DecimalErrorText(DecimalError::kNone, "1.0"), "");
}

TEST(Decimal, PrintsFourPlacesThatReadBack) {
  EXPECT_EQ(FormatDecimal(0), "0.0000");
  EXPECT_EQ(FormatDecimal(-1), "-0.0001");
  EXPECT_EQ(FormatDecimal(-15'000), "-1.5000");
  EXPECT_EQ(FormatDecimal(INT64_MAX), "922337203685477.5807");
  EXPECT_EQ(FormatDecimal(INT64_MIN), "-922337203685477.5808");
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-9'999},
                                   std::int64_t{10'000}, INT64_MAX, INT64_MIN}) {
    std::int64_t again = 99;
    EXPECT_EQ(ParseDecimal(FormatDecimal(value), &again), DecimalError::kNone) << value;
    EXPECT_EQ(again, value);
  }
}

}  // namespace
}  // namespace assay::stdlib
