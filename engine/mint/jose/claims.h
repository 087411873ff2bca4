// Claims that all tokens share (RFC 7519), read strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "assay/mint/limits.h"
#include "assay/mint/refusal.h"
#include "engine/base/json.h"

namespace assay::mint::jose {

// The last second of the year 9999: sums with skews and lifetimes cannot overflow.
inline constexpr std::int64_t kMostTime = 253'402'300'799;

// A string that is not empty and not too long.
Checked<std::string> ReadText(const json::Node& claims, std::string_view name);

// Seconds since 1970: a whole number that is not negative. RFC 7519 allows fractions; nobody who
// issues the tokens accepted here writes them.
Checked<std::int64_t> ReadTime(const json::Node& claims, std::string_view name);

// `aud`, which must be `audience` alone: a text, or an array of that one text.
std::optional<Refusal> CheckAudience(const json::Node& claims, std::string_view audience);

struct TimeRules {
  std::int64_t skew = 0;           // seconds by which clocks may differ
  std::int64_t most_lifetime = 0;  // seconds from `iat` (or now, without) to `exp`
  bool issued_at_required = false;
};

struct Times {
  std::int64_t issued_at = 0;  // now, if the token does not say
  std::int64_t expires_at = 0;
};

// Checks `exp`, `nbf` and `iat` against `now`. A token is expired from `exp` on.
Checked<Times> CheckTimes(const json::Node& claims, std::int64_t now, const TimeRules& rules);

}  // namespace assay::mint::jose
