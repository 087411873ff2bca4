// Values as callers and files see them: owning, comparable, independent of any snapshot.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "assay/export.h"

namespace assay {

// Names one entity. `type` is a path such as `User` or `Corp::User`; `id` is any text.
struct EntityUid {
  std::string type;
  std::string id;
  friend bool operator==(const EntityUid&, const EntityUid&) = default;
  friend auto operator<=>(const EntityUid&, const EntityUid&) = default;
  // `Type::"id"`, the id escaped as Cedar text.
  ASSAY_API std::string ToCedar() const;
};

// A number with four decimal places, counted in ten-thousandths.
struct Decimal {
  std::int64_t ten_thousandths = 0;
  friend auto operator<=>(const Decimal&, const Decimal&) = default;
};

// An instant, in milliseconds since 1970-01-01T00:00:00Z.
struct Datetime {
  std::int64_t milliseconds = 0;
  friend auto operator<=>(const Datetime&, const Datetime&) = default;
};

// A span of time in milliseconds; may be negative.
struct Duration {
  std::int64_t milliseconds = 0;
  friend auto operator<=>(const Duration&, const Duration&) = default;
};

// An address with a prefix length, kept as written: host bits are not cleared, and a single address
// is the same as one with the full prefix. IPv4 uses the first four bytes; the rest are zero.
struct IpAddr {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t prefix = 32;
  friend auto operator<=>(const IpAddr&, const IpAddr&) = default;
};

// The kinds of value, in the order in which values of different kinds compare.
enum class Kind : std::uint8_t {
  kUndefined,  // no value; policies in Cedar never see it
  kBool,
  kLong,
  kString,
  kEntity,
  kSet,
  kRecord,
  kDatetime,
  kDecimal,
  kDuration,
  kIpAddr,
};

// An immutable tree. Sets are kept sorted and free of duplicates, so equality is structural.
class ASSAY_API Value {
 public:
  using Set = std::vector<Value>;
  using Record = std::map<std::string, Value, std::less<>>;

  // Implicit, so that `{{"mfa", true}, {"level", 3}}` builds a record.
  Value(bool value) : data_(value) {}
  Value(int value) : data_(std::int64_t{value}) {}
  Value(std::int64_t value) : data_(value) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(EntityUid value) : data_(std::move(value)) {}
  Value(Datetime value) : data_(value) {}
  Value(Decimal value) : data_(value) {}
  Value(Duration value) : data_(value) {}
  Value(IpAddr value) : data_(value) {}
  Value(Record value) : data_(std::move(value)) {}
  // Sorts and drops duplicates.
  explicit Value(Set elements);

  Kind kind() const { return static_cast<Kind>(data_.index() + 1); }
  // nullptr when the value is of another type.
  template <typename T>
  const T* As() const {
    return std::get_if<T>(&data_);
  }

  // The value as Cedar text that evaluates to it, for example `decimal("1.5")`.
  std::string ToCedar() const;

  // One total order over all kinds: by kind, then by content.
  friend ASSAY_API bool operator==(const Value& a, const Value& b);
  friend ASSAY_API std::strong_ordering operator<=>(const Value& a, const Value& b);

 private:
  std::variant<bool, std::int64_t, std::string, EntityUid, Set, Record, Datetime, Decimal, Duration,
               IpAddr>
      data_;
};

using Record = Value::Record;

}  // namespace assay
