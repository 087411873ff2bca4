#include "engine/value/extension.h"

#include "stdlib/datetime.h"
#include "stdlib/decimal.h"
#include "stdlib/duration.h"
#include "stdlib/ipaddr.h"

namespace assay {

std::optional<Value> ConstructExtension(std::string_view constructor, std::string_view literal) {
  std::int64_t number = 0;
  if (constructor == "ip") {
    IpAddr ip;
    if (stdlib::ParseIp(literal, &ip) == stdlib::IpError::kNone) return ip;
  } else if (constructor == "decimal") {
    if (stdlib::ParseDecimal(literal, &number) == stdlib::DecimalError::kNone) {
      return Decimal{number};
    }
  } else if (constructor == "datetime") {
    if (stdlib::ParseDatetime(literal, &number) == stdlib::DatetimeError::kNone) {
      return Datetime{number};
    }
  } else if (constructor == "duration") {
    if (stdlib::ParseDuration(literal, &number) == stdlib::DurationError::kNone) {
      return Duration{number};
    }
  }
  return std::nullopt;
}

}  // namespace assay
