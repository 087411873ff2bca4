// Calling functions on values: results, wrong arguments, and the texts of failures.
#include "stdlib/call.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "stdlib/call_values.h"

namespace assay::stdlib {
namespace {

// The result as Cedar text, or the error.
std::string Called(std::string_view name, const std::vector<Value>& arguments) {
  const auto result = CallOnValues(*FindFunction(name), arguments);
  const auto* value = std::get_if<Value>(&result);
  return value != nullptr ? value->ToCedar() : "error: " + std::get<std::string>(result);
}

TEST(Call, GivesValuesOfEveryKind) {
  EXPECT_EQ(Called("ip", {"10.0.0.1"}), "ip(\"10.0.0.1\")");
  EXPECT_EQ(Called("decimal", {"1.5"}), "decimal(\"1.5000\")");
  EXPECT_EQ(Called("duration", {"1m"}), "duration(\"60000ms\")");
  EXPECT_EQ(Called("datetime", {"1970-01-02"}),
            "datetime(\"1970-01-01\").offset(duration(\"86400000ms\"))");
  EXPECT_EQ(Called("toSeconds", {Duration{61'999}}), "61");
  EXPECT_EQ(Called("toSeconds", {Duration{-61'999}}), "-61");  // towards zero
  EXPECT_EQ(Called("toHours", {Duration{-1}}), "0");
  EXPECT_EQ(Called("lessThan", {Decimal{1}, Decimal{2}}), "true");
  EXPECT_EQ(Called("lessThan", {Decimal{2}, Decimal{2}}), "false");
  EXPECT_EQ(Called("lessThanOrEqual", {Decimal{2}, Decimal{2}}), "true");
  EXPECT_EQ(Called("greaterThan", {Decimal{2}, Decimal{2}}), "false");
  EXPECT_EQ(Called("greaterThanOrEqual", {Decimal{2}, Decimal{2}}), "true");
  EXPECT_EQ(Called("isIpv6", {IpAddr{}}), "false");
  EXPECT_EQ(Called("isInRange", {IpAddr{}, IpAddr{}}), "true");
}

TEST(Call, RefusesAWrongNumberOfArguments) {
  EXPECT_EQ(Called("ip", {}), "error: `ip` takes 1 argument, and here are 0");
  EXPECT_EQ(Called("lessThan", {Decimal{1}}),
            "error: `lessThan` takes 2 arguments, and here are 1");
}

TEST(Call, RefusesAValueOfAnotherType) {
  const struct {
    const char* function;
    std::vector<Value> arguments;
    const char* expected;
  } cases[] = {
      {"ip", {1}, "string"},
      {"decimal", {true}, "string"},
      {"datetime", {Value(Value::Set{})}, "string"},
      {"duration", {Record{}}, "string"},
      {"isLoopback", {"127.0.0.1"}, "ipaddr"},
      {"isInRange", {IpAddr{}, "::"}, "ipaddr"},
      {"lessThan", {Decimal{1}, 1}, "decimal"},
      {"offset", {Datetime{1}, Datetime{1}}, "duration"},
      {"offset", {Duration{1}, Duration{1}}, "datetime"},
      {"durationSince", {Datetime{1}, Duration{1}}, "datetime"},
      {"toDate", {EntityUid{"U", "u"}}, "datetime"},
      {"toDays", {Datetime{1}}, "duration"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(
        Called(c.function, c.arguments),
        "error: `" + std::string(c.function) + "` takes a value of type " + c.expected + " here");
  }
}

TEST(Call, SaysWhyAFunctionFailed) {
  EXPECT_EQ(Called("ip", {"x"}), "error: invalid IP address: x");
  EXPECT_EQ(Called("decimal", {"x"}), "error: `x` is not a well-formed decimal value");
  EXPECT_EQ(Called("datetime", {"x"}), "error: invalid date pattern");
  EXPECT_EQ(Called("duration", {"x"}), "error: invalid duration pattern");
  const std::string last = "datetime(\"1970-01-01\").offset(duration(\"9223372036854775807ms\"))";
  const std::string first = "datetime(\"1970-01-01\").offset(duration(\"-9223372036854775808ms\"))";
  EXPECT_EQ(Called("offset", {Datetime{INT64_MAX}, Duration{1}}),
            "error: overflows when adding an offset: " + last + "+(1ms)");
  EXPECT_EQ(Called("offset", {Datetime{INT64_MAX}, Duration{-1}}),
            "datetime(\"1970-01-01\").offset(duration(\"9223372036854775806ms\"))");
  EXPECT_EQ(Called("durationSince", {Datetime{INT64_MIN}, Datetime{INT64_MAX}}),
            "error: overflows when computing the duration between " + first + " and " + last);
  EXPECT_EQ(Called("toDate", {Datetime{INT64_MIN}}),
            "error: overflows when computing the date of " + first);
}

TEST(Call, NamesTheOwnerOfAFailureAsTheReferenceDoes) {
  EXPECT_EQ(FailureOwner(FunctionId::kIp), "ipaddr");
  EXPECT_EQ(FailureOwner(FunctionId::kDecimal), "decimal");
  EXPECT_EQ(FailureOwner(FunctionId::kOffset), "offset");
}

TEST(Call, AnExhaustedArenaIsAStatus) {
  Arena none(0);
  const rt::Cell text = rt::Cell::String("1.1.1.1");
  rt::Cell out;
  EXPECT_EQ(Call(FunctionId::kIp, {&text, 1}, &none, &out).status, CallStatus::kOutOfMemory);
  EXPECT_EQ(out.kind, Kind::kUndefined);
}

}  // namespace
}  // namespace assay::stdlib
