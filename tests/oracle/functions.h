// The extension functions and methods: `ip`, `decimal`, `datetime`, `duration` and what goes with
// them, each written here once more from the specification.
#pragma once

#include <span>
#include <string_view>

#include "tests/oracle/value.h"

namespace assay::oracle {

// Each reads the text its constructor takes, or throws a Failure.
Ip ParseIp(std::string_view text);
Decimal ParseDecimal(std::string_view text);
Datetime ParseDatetime(std::string_view text);
Duration ParseDuration(std::string_view text);

bool IsLoopback(const Ip& ip);
bool IsMulticast(const Ip& ip);
// Whether every address of `inner` is one of `outer`.
bool IsInRange(const Ip& inner, const Ip& outer);

Datetime Offset(Datetime start, Duration length);
Duration DurationSince(Datetime end, Datetime start);
// Midnight of the day, and the time since then.
Datetime ToDate(Datetime time);
Duration ToTime(Datetime time);

// Calls an extension function, or a method whose receiver is the first argument. Throws a Failure.
Value CallExtension(std::string_view name, std::span<const Value> arguments);

}  // namespace assay::oracle
