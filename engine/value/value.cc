#include "assay/value.h"

#include <algorithm>

#include "engine/base/escape.h"
#include "stdlib/types/datetime.h"
#include "stdlib/types/decimal.h"
#include "stdlib/types/duration.h"
#include "stdlib/types/ipaddr.h"

namespace assay {

namespace {

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

std::string SetText(const Value::Set& set) {
  std::string out = "[";
  for (const Value& element : set) {
    if (out.size() > 1) out += ", ";
    out += element.ToCedar();
  }
  return out + "]";
}

std::string RecordText(const Record& record) {
  std::string out = "{";
  for (const auto& [name, value] : record) {
    if (out.size() > 1) out += ", ";
    out += Quoted(name) + ": " + value.ToCedar();
  }
  return out + "}";
}

}  // namespace

std::string EntityUid::ToCedar() const {
  std::string out;
  out.reserve(type.size() + id.size() + 4);
  out.append(type).append("::\"");
  AppendEscapedText(id, &out);
  return out.append("\"");
}

Value::Value(Set elements) : data_(std::move(elements)) {
  Set& set = std::get<Set>(data_);
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

std::string Value::ToCedar() const {
  switch (kind()) {
    case Kind::kUndefined: break;
    case Kind::kBool: return *As<bool>() ? "true" : "false";
    case Kind::kLong: return std::to_string(*As<std::int64_t>());
    case Kind::kString: return Quoted(*As<std::string>());
    case Kind::kEntity: return As<EntityUid>()->ToCedar();
    case Kind::kSet: return SetText(*As<Set>());
    case Kind::kRecord: return RecordText(*As<Record>());
    case Kind::kDatetime: return stdlib::FormatDatetime(As<Datetime>()->milliseconds);
    case Kind::kDecimal:
      return "decimal(\"" + stdlib::FormatDecimal(As<Decimal>()->ten_thousandths) + "\")";
    case Kind::kDuration:
      return "duration(\"" + stdlib::FormatDuration(As<Duration>()->milliseconds) + "\")";
    case Kind::kIpAddr: return "ip(\"" + stdlib::FormatIp(*As<IpAddr>()) + "\")";
  }
  return "";
}

bool operator==(const Value& a, const Value& b) { return (a <=> b) == 0; }

std::strong_ordering operator<=>(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return a.kind() <=> b.kind();
  switch (a.kind()) {
    case Kind::kUndefined: break;
    case Kind::kBool: return *a.As<bool>() <=> *b.As<bool>();
    case Kind::kLong: return *a.As<std::int64_t>() <=> *b.As<std::int64_t>();
    case Kind::kString: return *a.As<std::string>() <=> *b.As<std::string>();
    case Kind::kEntity: return *a.As<EntityUid>() <=> *b.As<EntityUid>();
    case Kind::kSet: {
      const Value::Set& x = *a.As<Value::Set>();
      const Value::Set& y = *b.As<Value::Set>();
      return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end());
    }
    case Kind::kRecord: {
      const Record& x = *a.As<Record>();
      const Record& y = *b.As<Record>();
      return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end());
    }
    case Kind::kDatetime: return *a.As<Datetime>() <=> *b.As<Datetime>();
    case Kind::kDecimal: return *a.As<Decimal>() <=> *b.As<Decimal>();
    case Kind::kDuration: return *a.As<Duration>() <=> *b.As<Duration>();
    case Kind::kIpAddr: return *a.As<IpAddr>() <=> *b.As<IpAddr>();
  }
  return std::strong_ordering::equal;
}

}  // namespace assay
