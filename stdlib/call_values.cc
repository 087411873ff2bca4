#include "stdlib/call_values.h"

#include <vector>

#include "stdlib/call.h"

namespace assay::stdlib {

namespace {

using rt::Cell;

// No function takes an entity, a set or a record, so for those the kind alone is enough.
Cell ToCell(const Value& value) {
  Cell cell;
  cell.kind = value.kind();
  if (const auto* text = value.As<std::string>()) cell = Cell::String(*text);
  if (const auto* ip = value.As<IpAddr>()) cell = Cell::Ip(ip);
  if (const auto* flag = value.As<bool>()) cell = Cell::Bool(*flag);
  if (const auto* number = value.As<std::int64_t>()) cell = Cell::Long(*number);
  if (const auto* decimal = value.As<Decimal>()) cell.number = decimal->ten_thousandths;
  if (const auto* datetime = value.As<Datetime>()) cell.number = datetime->milliseconds;
  if (const auto* duration = value.As<Duration>()) cell.number = duration->milliseconds;
  return cell;
}

Value ToValue(const Cell& cell) {
  switch (cell.kind) {
    case Kind::kBool: return cell.boolean;
    case Kind::kDatetime: return Datetime{cell.number};
    case Kind::kDecimal: return Decimal{cell.number};
    case Kind::kDuration: return Duration{cell.number};
    case Kind::kIpAddr: return *cell.ip;
    default: return cell.number;
  }
}

}  // namespace

std::variant<Value, std::string> CallOnValues(const FunctionInfo& function,
                                              std::span<const Value> arguments) {
  const std::string name = "`" + std::string(function.name) + "`";
  if (arguments.size() != function.arity) {
    return name + " takes " + std::to_string(function.arity) +
           (function.arity == 1 ? " argument" : " arguments") + ", and here are " +
           std::to_string(arguments.size());
  }
  std::vector<Cell> cells;
  for (const Value& argument : arguments) cells.push_back(ToCell(argument));
  Arena arena;
  Cell result;
  const CallOutcome outcome = Call(function.id, cells, &arena, &result);
  switch (outcome.status) {
    case CallStatus::kOk: return ToValue(result);
    case CallStatus::kType:
      return name + " takes a value of type " +
             std::string(rt::kExpectedTexts[static_cast<std::size_t>(outcome.expected)]) + " here";
    case CallStatus::kFailed: return FailureText(function.id, cells);
    case CallStatus::kOutOfMemory: break;
  }
  return std::string("out of memory");
}

}  // namespace assay::stdlib
