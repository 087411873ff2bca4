// Decimals: digits, a point, one to four digits.
#include <algorithm>
#include <optional>
#include <string>

#include "tests/oracle/checked.h"
#include "tests/oracle/functions.h"
#include "tests/oracle/text.h"

namespace assay::oracle {
namespace {

Failure Wrong(const std::string& why) {
  return {"error while evaluating `decimal` extension function: " + why};
}

bool AllDigits(std::string_view text) {
  const std::u32string decoded = Decode(text);
  return !text.empty() && std::all_of(decoded.begin(), decoded.end(), IsAnyDigit);
}

std::int64_t OrOverflow(std::optional<std::int64_t> value) {
  if (!value) throw Wrong("overflow when converting to decimal");
  return *value;
}

// The digits as a number; a digit that is not ASCII counts as an overflow.
std::int64_t ToNumber(std::string_view digits, int sign) {
  const bool ascii = std::all_of(digits.begin(), digits.end(), IsAsciiDigit);
  return OrOverflow(ascii ? ReadDigits(digits, sign) : std::nullopt);
}

}  // namespace

Decimal ParseDecimal(std::string_view text) {
  const int sign = text.starts_with('-') ? -1 : 1;
  const std::string_view number = text.substr(sign < 0 ? 1 : 0);
  const std::size_t point = number.find('.');
  if (point == std::string_view::npos || !AllDigits(number.substr(0, point)) ||
      !AllDigits(number.substr(point + 1))) {
    throw Wrong("`" + std::string(text) + "` is not a well-formed decimal value");
  }
  // The order of the checks shows in which error a text gets that fails several.
  const std::string_view fraction = number.substr(point + 1);
  const std::int64_t whole =
      OrOverflow(MultiplyAdd(ToNumber(number.substr(0, point), sign), 10'000, 0));
  if (fraction.size() > 4) {  // bytes, not characters
    throw Wrong("too many digits after the decimal in `" + std::string(text) + "`");
  }
  std::int64_t tail = ToNumber(fraction, sign);
  for (std::size_t i = fraction.size(); i < 4; ++i) tail *= 10;
  return {OrOverflow(MultiplyAdd(whole, 1, tail))};
}

}  // namespace assay::oracle
