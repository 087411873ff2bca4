#include "engine/image/read_constants.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/image/format.h"

namespace assay::image {

namespace {

constexpr std::size_t kSmallestValue = 2;                    // a bool
constexpr std::size_t kSmallestMember = 4 + kSmallestValue;  // a string and a bool

}  // namespace

template <typename T>
bool ConstantReader::Take(T* number) {
  if (rest_.size() < sizeof(T)) return Fail("a value is cut off");
  *number = Load<T>(rest_.data());
  rest_.remove_prefix(sizeof(T));
  return true;
}

bool ConstantReader::TakeCount(std::size_t bytes, std::uint32_t* count) {
  if (!Take(count)) return false;
  return *count <= rest_.size() / bytes || Fail("more elements than there are bytes");
}

bool ConstantReader::CopyString(std::uint32_t number, std::string* out) {
  switch (strings_.Copy(number, out)) {
    case Strings::Status::kOk: return true;
    case Strings::Status::kOutOfRange: return Fail("string out of range");
    case Strings::Status::kOverBudget: break;
  }
  over_budget_ = true;
  return false;
}

bool ConstantReader::TakeString(std::string* out) {
  std::uint32_t number = 0;
  return Take(&number) && CopyString(number, out);
}

bool ConstantReader::Read(std::vector<Value>* out) {
  std::uint32_t count = 0;
  if (!TakeCount(kSmallestValue, &count)) return false;
  out->assign(count, Value(false));
  for (Value& value : *out) {
    if (!ReadValue(0, &value)) return false;
  }
  return rest_.empty() || Fail("there is something after the values");
}

bool ConstantReader::ReadValue(std::uint32_t depth, Value* out) {
  if (depth > depth_limit_) return Fail("a value is nested too deep (json_depth)");
  std::uint8_t kind = 0;
  std::int64_t number = 0;
  std::string text;
  if (!Take(&kind)) return false;
  switch (static_cast<Kind>(kind)) {
    case Kind::kUndefined: break;
    case Kind::kBool: return ReadBool(out);
    case Kind::kLong: return Take(&number) && (*out = Value(number), true);
    case Kind::kString: return TakeString(&text) && (*out = Value(std::move(text)), true);
    case Kind::kEntity: return ReadEntity(out);
    case Kind::kSet: return ReadSet(depth, out);
    case Kind::kRecord: return ReadRecord(depth, out);
    case Kind::kDatetime: return Take(&number) && (*out = Value(Datetime{number}), true);
    case Kind::kDecimal: return Take(&number) && (*out = Value(Decimal{number}), true);
    case Kind::kDuration: return Take(&number) && (*out = Value(Duration{number}), true);
    case Kind::kIpAddr: return ReadIp(out);
  }
  return Fail("no such kind of value");
}

bool ConstantReader::ReadBool(Value* out) {
  std::uint8_t byte = 0;
  if (!Take(&byte)) return false;
  if (byte > 1) return Fail("a bool is neither 0 nor 1");
  *out = Value(byte == 1);
  return true;
}

bool ConstantReader::ReadEntity(Value* out) {
  std::uint32_t number = 0;
  if (!Take(&number)) return false;
  if (number >= uids_.size()) return Fail("uid out of range");
  EntityUid uid;
  if (!CopyString(uids_[number].type, &uid.type) || !CopyString(uids_[number].id, &uid.id)) {
    return false;
  }
  *out = Value(std::move(uid));
  return true;
}

bool ConstantReader::ReadIp(Value* out) {
  std::uint8_t is_v6 = 0;
  IpAddr ip;
  if (!Take(&is_v6) || !Take(&ip.prefix) || !Take(&ip.bytes)) return false;
  const bool unused_are_zero = is_v6 == 1 || std::all_of(ip.bytes.begin() + 4, ip.bytes.end(),
                                                         [](auto b) { return b == 0; });
  if (is_v6 > 1 || ip.prefix > (is_v6 == 1 ? 128 : 32) || !unused_are_zero) {
    return Fail("no such address");
  }
  ip.is_v6 = is_v6 == 1;
  *out = Value(ip);
  return true;
}

bool ConstantReader::ReadSet(std::uint32_t depth, Value* out) {
  std::uint32_t count = 0;
  if (!TakeCount(kSmallestValue, &count)) return false;
  Value::Set elements;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!ReadValue(depth + 1, &elements.emplace_back(false))) return false;
    if (i > 0 && !(elements[i - 1] < elements[i])) return Fail("a set is not in ascending order");
  }
  *out = Value(std::move(elements));
  return true;
}

bool ConstantReader::ReadRecord(std::uint32_t depth, Value* out) {
  std::uint32_t count = 0;
  if (!TakeCount(kSmallestMember, &count)) return false;
  Record record;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name;
    Value member(false);
    if (!TakeString(&name) || !ReadValue(depth + 1, &member)) return false;
    if (!record.empty() && !(record.rbegin()->first < name)) {
      return Fail("the members of a record are not in ascending order");
    }
    record.emplace_hint(record.end(), std::move(name), std::move(member));
  }
  *out = Value(std::move(record));
  return true;
}

}  // namespace assay::image
