// The oracle's own values. It shares nothing with the engine's, so that a mistake in one cannot
// hide in the other.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace assay::oracle {

// What a failing evaluation throws inside the oracle; `text` is the reference's text. It never
// leaves the oracle: the functions of oracle.h catch it.
struct Failure {
  std::string text;
};

struct Uid {
  std::string type;
  std::string id;
  friend auto operator<=>(const Uid&, const Uid&) = default;
};

struct Decimal {
  std::int64_t units = 0;  // ten-thousandths
  friend auto operator<=>(const Decimal&, const Decimal&) = default;
};

struct Datetime {
  std::int64_t ms = 0;  // since 1970-01-01T00:00:00Z
  friend auto operator<=>(const Datetime&, const Datetime&) = default;
};

struct Duration {
  std::int64_t ms = 0;
  friend auto operator<=>(const Duration&, const Duration&) = default;
};

struct Ip {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4 uses the first four
  int prefix = 0;
  friend auto operator<=>(const Ip&, const Ip&) = default;
};

struct Value;
using Set = std::set<Value>;
using Record = std::map<std::string, Value>;

// Ordered by kind first. The order of the kinds shows: `x in [1, true]` complains about the first
// element in this order.
struct Value {
  using Data = std::variant<bool, std::int64_t, std::string, Uid, std::shared_ptr<const Set>,
                            std::shared_ptr<const Record>, Datetime, Decimal, Duration, Ip>;
  Data data;

  template <typename T>
  const T* As() const {
    return std::get_if<T>(&data);
  }
  const Set* AsSet() const;        // nullptr when it is no set
  const Record* AsRecord() const;  // nullptr when it is no record

  friend bool operator<(const Value& a, const Value& b) { return Compare(a, b) < 0; }
  friend bool operator==(const Value& a, const Value& b) { return Compare(a, b) == 0; }
  static int Compare(const Value& a, const Value& b);
};

Value MakeSet(Set elements);
Value MakeRecord(Record members);

// The name of the value's type as errors write it.
std::string TypeName(const Value& value);

// "type error: expected EXPECTED, got …".
Failure WrongType(const std::string& expected, const Value& got);

}  // namespace assay::oracle
