// Values as the evaluator sees them: 16 bytes, names replaced by a snapshot's numbers.
//
// A cell borrows what it points to from a snapshot, a bound request or an arena, and is only
// comparable with cells of the same snapshot and request.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "assay/value.h"

namespace assay::rt {

struct SetRep;
struct RecordRep;

struct Cell {
  Kind kind = Kind::kUndefined;
  std::uint32_t aux = 0;  // kString: length; kEntity: number of the uid
  union {
    bool boolean;
    std::int64_t number = 0;  // kLong, kDatetime, kDecimal, kDuration
    const char* text;         // kString
    const SetRep* set;
    const RecordRep* record;
    const IpAddr* ip;
  };

  static Cell Bool(bool value) {
    Cell cell;
    cell.kind = Kind::kBool;
    cell.boolean = value;
    return cell;
  }
  static Cell Number(Kind kind, std::int64_t value) {
    Cell cell;
    cell.kind = kind;
    cell.number = value;
    return cell;
  }
  static Cell Long(std::int64_t value) { return Number(Kind::kLong, value); }
  static Cell String(std::string_view value) {
    Cell cell;
    cell.kind = Kind::kString;
    cell.aux = static_cast<std::uint32_t>(value.size());
    cell.text = value.data();
    return cell;
  }
  static Cell Entity(std::uint32_t uid) {
    Cell cell;
    cell.kind = Kind::kEntity;
    cell.aux = uid;
    return cell;
  }
  static Cell Ip(const IpAddr* value) {
    Cell cell;
    cell.kind = Kind::kIpAddr;
    cell.ip = value;
    return cell;
  }
  static Cell Set(const SetRep* value) {
    Cell cell;
    cell.kind = Kind::kSet;
    cell.set = value;
    return cell;
  }
  static Cell Record(const RecordRep* value) {
    Cell cell;
    cell.kind = Kind::kRecord;
    cell.record = value;
    return cell;
  }

  std::string_view string() const { return {text, aux}; }
};
static_assert(sizeof(Cell) == 16 && std::is_trivially_copyable_v<Cell>);

// INVARIANT: sorted by Compare, no duplicates.
struct SetRep {
  std::uint32_t count = 0;
  Cell* elements = nullptr;
  const Cell* begin() const { return elements; }
  const Cell* end() const { return elements + count; }
};

// INVARIANT: sorted by `names`, no duplicates.
struct RecordRep {
  std::uint32_t count = 0;
  std::uint32_t* names = nullptr;  // numbers of the attribute names
  Cell* values = nullptr;
};

// The total order: by kind, then content. Entities and record keys compare by number.
int Compare(const Cell& a, const Cell& b) noexcept;
bool Equal(const Cell& a, const Cell& b) noexcept;

// Sorts and drops duplicates in place.
void Finish(SetRep* set) noexcept;
// Sorts by name; names must differ.
void Finish(RecordRep* record) noexcept;

bool Contains(const SetRep& set, const Cell& element) noexcept;
// nullptr if the record has no such attribute.
const Cell* Find(const RecordRep& record, std::uint32_t name) noexcept;

}  // namespace assay::rt
