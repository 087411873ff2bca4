// Values to cells. What the numbers of names are is the business of `Names`, which has
//   std::uint32_t Name(std::string_view), std::uint32_t Uid(const EntityUid&),
//   Arena& arena(), std::string_view KeepText(std::string_view), const IpAddr* KeepIp(const
//   IpAddr&)
// (KeepText and KeepIp decide whether bytes are copied or borrowed).
#pragma once

#include "assay/value.h"
#include "engine/base/arena.h"
#include "engine/value/cell.h"

namespace assay::rt {

enum class ToCellStatus : std::uint8_t { kOk, kTooDeep, kOutOfMemory };

template <typename Names>
class CellMaker {
 public:
  CellMaker(Names& names, std::uint32_t depth_limit) : names_(names), depth_limit_(depth_limit) {}

  ToCellStatus Make(const Value& value, Cell* out) { return Make(value, 0, out); }

  ToCellStatus MakeRecord(const Record& record, Cell* out) { return MakeRecord(record, 0, out); }

 private:
  ToCellStatus Make(const Value& value, std::uint32_t depth, Cell* out) {
    if (depth > depth_limit_) return ToCellStatus::kTooDeep;
    switch (value.kind()) {
      case Kind::kUndefined: break;
      case Kind::kBool: *out = Cell::Bool(*value.As<bool>()); break;
      case Kind::kLong: *out = Cell::Long(*value.As<std::int64_t>()); break;
      case Kind::kString: return MakeString(*value.As<std::string>(), out);
      case Kind::kEntity: *out = Cell::Entity(names_.Uid(*value.As<EntityUid>())); break;
      case Kind::kSet: return MakeSet(*value.As<Value::Set>(), depth, out);
      case Kind::kRecord: return MakeRecord(*value.As<Record>(), depth, out);
      case Kind::kDatetime:
        *out = Cell::Number(Kind::kDatetime, value.As<Datetime>()->milliseconds);
        break;
      case Kind::kDecimal:
        *out = Cell::Number(Kind::kDecimal, value.As<Decimal>()->ten_thousandths);
        break;
      case Kind::kDuration:
        *out = Cell::Number(Kind::kDuration, value.As<Duration>()->milliseconds);
        break;
      case Kind::kIpAddr: return MakeIp(*value.As<IpAddr>(), out);
    }
    return ToCellStatus::kOk;
  }

  ToCellStatus MakeString(const std::string& value, Cell* out) {
    const std::string_view kept = names_.KeepText(value);
    if (kept.data() == nullptr) return ToCellStatus::kOutOfMemory;
    *out = Cell::String(kept);
    return ToCellStatus::kOk;
  }

  ToCellStatus MakeIp(const IpAddr& value, Cell* out) {
    const IpAddr* kept = names_.KeepIp(value);
    if (kept == nullptr) return ToCellStatus::kOutOfMemory;
    *out = Cell::Ip(kept);
    return ToCellStatus::kOk;
  }

  ToCellStatus MakeSet(const Value::Set& value, std::uint32_t depth, Cell* out) {
    auto* set = names_.arena().template New<SetRep>(1);
    auto* elements = names_.arena().template New<Cell>(value.size() + 1);
    if (set == nullptr || elements == nullptr) return ToCellStatus::kOutOfMemory;
    *set = {static_cast<std::uint32_t>(value.size()), elements};
    for (std::size_t i = 0; i < value.size(); ++i) {
      elements[i] = Cell();
      const ToCellStatus status = Make(value[i], depth + 1, &elements[i]);
      if (status != ToCellStatus::kOk) return status;
    }
    Finish(set);
    *out = Cell::Set(set);
    return ToCellStatus::kOk;
  }

  ToCellStatus MakeRecord(const Record& value, std::uint32_t depth, Cell* out) {
    auto* record = names_.arena().template New<RecordRep>(1);
    auto* names = names_.arena().template New<std::uint32_t>(value.size() + 1);
    auto* values = names_.arena().template New<Cell>(value.size() + 1);
    if (record == nullptr || names == nullptr || values == nullptr) {
      return ToCellStatus::kOutOfMemory;
    }
    *record = {static_cast<std::uint32_t>(value.size()), names, values};
    std::size_t i = 0;
    for (const auto& [name, member] : value) {
      names[i] = names_.Name(name);
      values[i] = Cell();
      const ToCellStatus status = Make(member, depth + 1, &values[i]);
      if (status != ToCellStatus::kOk) return status;
      ++i;
    }
    Finish(record);
    *out = Cell::Record(record);
    return ToCellStatus::kOk;
  }

  Names& names_;
  std::uint32_t depth_limit_;
};

}  // namespace assay::rt
