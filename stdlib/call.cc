#include "stdlib/call.h"

#include <algorithm>

#include "stdlib/types/datetime.h"
#include "stdlib/types/decimal.h"
#include "stdlib/types/duration.h"
#include "stdlib/types/ipaddr.h"

namespace assay::stdlib {

namespace {

using rt::Cell;
using rt::Expected;

struct Want {
  Kind kind;
  Expected expected;
};

constexpr Want kString = {Kind::kString, Expected::kString};
constexpr Want kIp = {Kind::kIpAddr, Expected::kIpAddr};
constexpr Want kDecimal = {Kind::kDecimal, Expected::kDecimal};
constexpr Want kDatetime = {Kind::kDatetime, Expected::kDatetime};
constexpr Want kDuration = {Kind::kDuration, Expected::kDuration};

struct Signature {
  Want first;
  Want second;  // of functions with two arguments
};

Signature SignatureOf(FunctionId function) {
  switch (function) {
    case FunctionId::kIp:
    case FunctionId::kDecimal:
    case FunctionId::kDatetime:
    case FunctionId::kDuration: return {kString, kString};
    case FunctionId::kIsIpv4:
    case FunctionId::kIsIpv6:
    case FunctionId::kIsLoopback:
    case FunctionId::kIsMulticast:
    case FunctionId::kIsInRange: return {kIp, kIp};
    case FunctionId::kLessThan:
    case FunctionId::kLessThanOrEqual:
    case FunctionId::kGreaterThan:
    case FunctionId::kGreaterThanOrEqual: return {kDecimal, kDecimal};
    case FunctionId::kOffset: return {kDatetime, kDuration};
    case FunctionId::kDurationSince:
    case FunctionId::kToDate:
    case FunctionId::kToTime: return {kDatetime, kDatetime};
    case FunctionId::kToMilliseconds:
    case FunctionId::kToSeconds:
    case FunctionId::kToMinutes:
    case FunctionId::kToHours:
    case FunctionId::kToDays: return {kDuration, kDuration};
  }
  return {kString, kString};
}

// Constructors. False if the text is refused.
bool Construct(FunctionId function, std::string_view text, IpAddr* ip, Cell* out) {
  std::int64_t number = 0;
  switch (function) {
    case FunctionId::kDecimal:
      if (ParseDecimal(text, &number) != DecimalError::kNone) return false;
      *out = Cell::Number(Kind::kDecimal, number);
      return true;
    case FunctionId::kDatetime:
      if (ParseDatetime(text, &number) != DatetimeError::kNone) return false;
      *out = Cell::Number(Kind::kDatetime, number);
      return true;
    case FunctionId::kDuration:
      if (ParseDuration(text, &number) != DurationError::kNone) return false;
      *out = Cell::Number(Kind::kDuration, number);
      return true;
    default:
      if (ParseIp(text, ip) != IpError::kNone) return false;
      *out = Cell::Ip(ip);
      return true;
  }
}

bool IsConstructor(FunctionId function) {
  return function == FunctionId::kIp || function == FunctionId::kDecimal ||
         function == FunctionId::kDatetime || function == FunctionId::kDuration;
}

// Everything else. False if the result is out of range.
bool Apply(FunctionId function, std::span<const Cell> arguments, Cell* out) {
  const Cell& a = arguments[0];
  const Cell& b = arguments.back();
  std::int64_t number = 0;
  switch (function) {
    case FunctionId::kIsIpv4: *out = Cell::Bool(!a.ip->is_v6); return true;
    case FunctionId::kIsIpv6: *out = Cell::Bool(a.ip->is_v6); return true;
    case FunctionId::kIsLoopback: *out = Cell::Bool(IsLoopback(*a.ip)); return true;
    case FunctionId::kIsMulticast: *out = Cell::Bool(IsMulticast(*a.ip)); return true;
    case FunctionId::kIsInRange: *out = Cell::Bool(IsInRange(*a.ip, *b.ip)); return true;
    case FunctionId::kLessThan: *out = Cell::Bool(a.number < b.number); return true;
    case FunctionId::kLessThanOrEqual: *out = Cell::Bool(a.number <= b.number); return true;
    case FunctionId::kGreaterThan: *out = Cell::Bool(a.number > b.number); return true;
    case FunctionId::kGreaterThanOrEqual: *out = Cell::Bool(a.number >= b.number); return true;
    case FunctionId::kOffset:
      if (__builtin_add_overflow(a.number, b.number, &number)) return false;
      *out = Cell::Number(Kind::kDatetime, number);
      return true;
    case FunctionId::kDurationSince:
      if (__builtin_sub_overflow(a.number, b.number, &number)) return false;
      *out = Cell::Number(Kind::kDuration, number);
      return true;
    case FunctionId::kToDate: {
      const auto date = ToDate(a.number);
      if (date) *out = Cell::Number(Kind::kDatetime, *date);
      return date.has_value();
    }
    case FunctionId::kToTime: *out = Cell::Number(Kind::kDuration, ToTime(a.number)); return true;
    case FunctionId::kToMilliseconds: *out = Cell::Long(a.number); return true;
    case FunctionId::kToSeconds: *out = Cell::Long(a.number / kMillisecondsPerSecond); return true;
    case FunctionId::kToMinutes: *out = Cell::Long(a.number / kMillisecondsPerMinute); return true;
    case FunctionId::kToHours: *out = Cell::Long(a.number / kMillisecondsPerHour); return true;
    case FunctionId::kToDays: *out = Cell::Long(a.number / kMillisecondsPerDay); return true;
    case FunctionId::kIp:
    case FunctionId::kDecimal:
    case FunctionId::kDatetime:
    case FunctionId::kDuration: break;  // constructors
  }
  return false;
}

}  // namespace

CallOutcome Call(FunctionId function, std::span<const Cell> arguments, Arena* arena,
                 Cell* out) noexcept {
  const Signature signature = SignatureOf(function);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Want& want = i == 0 ? signature.first : signature.second;
    if (arguments[i].kind != want.kind)
      return {CallStatus::kType, static_cast<std::uint8_t>(i), want.expected};
  }
  bool ok = false;
  if (IsConstructor(function)) {
    IpAddr* ip = function == FunctionId::kIp ? arena->New<IpAddr>(1) : nullptr;
    if (function == FunctionId::kIp && ip == nullptr) return {CallStatus::kOutOfMemory};
    ok = Construct(function, arguments[0].string(), ip, out);
  } else {
    ok = Apply(function, arguments, out);
  }
  return {ok ? CallStatus::kOk : CallStatus::kFailed};
}

std::string_view FailureOwner(FunctionId function) {
  if (function == FunctionId::kIp) return "ipaddr";
  return Functions()[static_cast<std::size_t>(function)].name;
}

std::string FailureText(FunctionId function, std::span<const Cell> arguments) {
  const Cell& a = arguments[0];
  const Cell& b = arguments.back();
  std::int64_t number = 0;
  IpAddr ip;
  switch (function) {
    case FunctionId::kIp: return IpErrorText(ParseIp(a.string(), &ip), a.string());
    case FunctionId::kDecimal:
      return DecimalErrorText(ParseDecimal(a.string(), &number), a.string());
    case FunctionId::kDatetime:
      return DatetimeErrorText(ParseDatetime(a.string(), &number), a.string());
    case FunctionId::kDuration: return DurationErrorText(ParseDuration(a.string(), &number));
    case FunctionId::kOffset:
      return "overflows when adding an offset: " + FormatDatetime(a.number) + "+(" +
             FormatDuration(b.number) + ")";
    case FunctionId::kDurationSince:
      return "overflows when computing the duration between " + FormatDatetime(a.number) + " and " +
             FormatDatetime(b.number);
    case FunctionId::kToDate:
      return "overflows when computing the date of " + FormatDatetime(a.number);
    default: return "";
  }
}

}  // namespace assay::stdlib
