// The table of extension functions: how many arguments, of which types, and what they do.
#include "tests/oracle/functions.h"

#include <string>
#include <vector>

namespace assay::oracle {
namespace {

enum class Type { kString, kIp, kDecimal, kDatetime, kDuration };

using Arguments = std::span<const Value>;

struct Function {
  std::vector<Type> parameters;
  Value (*call)(Arguments);
};

template <typename T>
const T& Get(Arguments arguments, std::size_t i) {
  return *arguments[i].As<T>();
}

void CheckType(Type type, const Value& value) {
  const auto check = [&value](const auto* content, const char* name) {
    if (content == nullptr) throw WrongType(name, value);
  };
  switch (type) {
    case Type::kString: return check(value.As<std::string>(), "string");
    case Type::kIp: return check(value.As<Ip>(), "ipaddr");
    case Type::kDecimal: return check(value.As<Decimal>(), "decimal");
    case Type::kDatetime: return check(value.As<Datetime>(), "datetime");
    case Type::kDuration: return check(value.As<Duration>(), "duration");
  }
}

template <std::int64_t kUnit>
Value InUnits(Arguments a) {
  return {Get<Duration>(a, 0).ms / kUnit};
}

std::map<std::string, Function, std::less<>> MakeFunctions() {
  const std::vector<Type> text = {Type::kString};
  const std::vector<Type> ip = {Type::kIp};
  const std::vector<Type> decimals = {Type::kDecimal, Type::kDecimal};
  const std::vector<Type> time = {Type::kDatetime};
  const std::vector<Type> length = {Type::kDuration};
  return {
      {"ip", {text, [](Arguments a) -> Value { return {ParseIp(Get<std::string>(a, 0))}; }}},
      {"decimal",
       {text, [](Arguments a) -> Value { return {ParseDecimal(Get<std::string>(a, 0))}; }}},
      {"datetime",
       {text, [](Arguments a) -> Value { return {ParseDatetime(Get<std::string>(a, 0))}; }}},
      {"duration",
       {text, [](Arguments a) -> Value { return {ParseDuration(Get<std::string>(a, 0))}; }}},
      {"isIpv4", {ip, [](Arguments a) -> Value { return {!Get<Ip>(a, 0).v6}; }}},
      {"isIpv6", {ip, [](Arguments a) -> Value { return {Get<Ip>(a, 0).v6}; }}},
      {"isLoopback", {ip, [](Arguments a) -> Value { return {IsLoopback(Get<Ip>(a, 0))}; }}},
      {"isMulticast", {ip, [](Arguments a) -> Value { return {IsMulticast(Get<Ip>(a, 0))}; }}},
      {"isInRange",
       {{Type::kIp, Type::kIp},
        [](Arguments a) -> Value { return {IsInRange(Get<Ip>(a, 0), Get<Ip>(a, 1))}; }}},
      {"lessThan",
       {decimals, [](Arguments a) -> Value { return {Get<Decimal>(a, 0) < Get<Decimal>(a, 1)}; }}},
      {"lessThanOrEqual",
       {decimals, [](Arguments a) -> Value { return {Get<Decimal>(a, 0) <= Get<Decimal>(a, 1)}; }}},
      {"greaterThan",
       {decimals, [](Arguments a) -> Value { return {Get<Decimal>(a, 0) > Get<Decimal>(a, 1)}; }}},
      {"greaterThanOrEqual",
       {decimals, [](Arguments a) -> Value { return {Get<Decimal>(a, 0) >= Get<Decimal>(a, 1)}; }}},
      {"offset",
       {{Type::kDatetime, Type::kDuration},
        [](Arguments a) -> Value { return {Offset(Get<Datetime>(a, 0), Get<Duration>(a, 1))}; }}},
      {"durationSince",
       {{Type::kDatetime, Type::kDatetime},
        [](Arguments a) -> Value {
          return {DurationSince(Get<Datetime>(a, 0), Get<Datetime>(a, 1))};
        }}},
      {"toDate", {time, [](Arguments a) -> Value { return {ToDate(Get<Datetime>(a, 0))}; }}},
      {"toTime", {time, [](Arguments a) -> Value { return {ToTime(Get<Datetime>(a, 0))}; }}},
      {"toMilliseconds", {length, InUnits<1>}},
      {"toSeconds", {length, InUnits<1000>}},
      {"toMinutes", {length, InUnits<60'000>}},
      {"toHours", {length, InUnits<3'600'000>}},
      {"toDays", {length, InUnits<86'400'000>}},
  };
}

}  // namespace

Value CallExtension(std::string_view name, std::span<const Value> arguments) {
  static const std::map<std::string, Function, std::less<>> functions = MakeFunctions();
  const auto found = functions.find(name);
  if (found == functions.end()) throw Failure{"unknown function " + std::string(name)};
  const std::vector<Type>& parameters = found->second.parameters;
  if (arguments.size() != parameters.size()) {
    throw Failure{"wrong number of arguments provided to extension function `" + std::string(name) +
                  "`: expected " + std::to_string(parameters.size()) + ", got " +
                  std::to_string(arguments.size())};
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) CheckType(parameters[i], arguments[i]);
  return found->second.call(arguments);
}

}  // namespace assay::oracle
