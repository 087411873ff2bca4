#include "engine/eval/operations.h"

#include <algorithm>

#include "engine/value/match.h"
#include "stdlib/call.h"

namespace assay::rt {

using bc::Op;

bool FailType(Machine& m, Expected expected, const Cell& found) noexcept {
  m.error.kind = EvalErrorKind::kType;
  m.error.expected = expected;
  m.error.operands[0] = found;
  return false;
}

bool Fail(Machine& m, EvalErrorKind kind, const Cell& first, const Cell& second) noexcept {
  m.error.kind = kind;
  m.error.operands[0] = first;
  m.error.operands[1] = second;
  return false;
}

namespace {

// Elements of a set are all checked before any is looked up, so that an error does not depend on
// which ones match.
bool CheckEntities(Machine& m, const SetRep& set) noexcept {
  for (const Cell& element : set) {
    if (element.kind != Kind::kEntity) return FailType(m, Expected::kEntity, element);
  }
  return true;
}

// The number that stands for a string used as a tag: tags share the numbers of attribute names.
std::uint32_t NameOf(const Machine& m, std::string_view text) noexcept {
  return m.snapshot.names.Find(0, text);
}

}  // namespace

bool IsInAny(const SnapshotData& snapshot, std::uint32_t uid, const SetRep& targets) noexcept {
  return std::any_of(targets.begin(), targets.end(),
                     [&](const Cell& target) { return IsIn(snapshot, uid, target.aux); });
}

bool Arithmetic(Machine& m, Op op, Cell& left, const Cell& right) noexcept {
  if (left.kind != Kind::kLong) return FailType(m, Expected::kLong, left);
  if (right.kind != Kind::kLong) return FailType(m, Expected::kLong, right);
  std::int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Op::kAdd: overflow = __builtin_add_overflow(left.number, right.number, &result); break;
    case Op::kSubtract:
      overflow = __builtin_sub_overflow(left.number, right.number, &result);
      break;
    default: overflow = __builtin_mul_overflow(left.number, right.number, &result); break;
  }
  if (overflow) return Fail(m, EvalErrorKind::kOverflow, left, right);
  left.number = result;
  return true;
}

bool Negate(Machine& m, Cell& operand) noexcept {
  if (operand.kind != Kind::kLong) return FailType(m, Expected::kLong, operand);
  std::int64_t result = 0;
  if (__builtin_sub_overflow(std::int64_t{0}, operand.number, &result)) {
    return Fail(m, EvalErrorKind::kOverflow, operand);
  }
  operand.number = result;
  return true;
}

// Longs compare with longs, and instants and durations with their own kind. What the error says was
// expected follows the side that is comparable, as in the reference.
bool Order(Machine& m, Op op, Cell& left, const Cell& right) noexcept {
  const auto comparable = [](const Cell& cell) {
    return cell.kind == Kind::kLong || cell.kind == Kind::kDatetime || cell.kind == Kind::kDuration;
  };
  const auto expected_like = [](const Cell& cell) {
    return cell.kind == Kind::kLong
               ? Expected::kLong
               : (cell.kind == Kind::kDatetime ? Expected::kDatetime : Expected::kDuration);
  };
  if (left.kind == right.kind && comparable(left)) {
    left = Cell::Bool(op == Op::kLess ? left.number < right.number : left.number <= right.number);
    return true;
  }
  if (left.kind == Kind::kLong || right.kind == Kind::kLong) {
    return FailType(m, Expected::kLong, left.kind == Kind::kLong ? right : left);
  }
  if (comparable(left)) return FailType(m, expected_like(left), right);
  if (comparable(right)) return FailType(m, expected_like(right), left);
  return FailType(m, Expected::kComparable, left);
}

bool In(Machine& m, Cell& left, const Cell& right) noexcept {
  if (left.kind != Kind::kEntity) return FailType(m, Expected::kEntity, left);
  if (right.kind == Kind::kEntity) {
    left = Cell::Bool(IsIn(m.snapshot, left.aux, right.aux));
    return true;
  }
  if (right.kind != Kind::kSet) return FailType(m, Expected::kSetOrEntity, right);
  if (!CheckEntities(m, *right.set)) return false;
  left = Cell::Bool(IsInAny(m.snapshot, left.aux, *right.set));
  return true;
}

bool Is(Machine& m, Cell& operand, std::uint32_t type) noexcept {
  if (operand.kind != Kind::kEntity) return FailType(m, Expected::kEntity, operand);
  operand = Cell::Bool(TypeOf(m.snapshot, m.binding, operand.aux) == type);
  return true;
}

bool SetOperation(Machine& m, Op op, Cell& left, const Cell& right) noexcept {
  if (left.kind != Kind::kSet) return FailType(m, Expected::kSet, left);
  if (op == Op::kContains) {
    left = Cell::Bool(Contains(*left.set, right));
    return true;
  }
  if (right.kind != Kind::kSet) return FailType(m, Expected::kSet, right);
  const SetRep& all = *left.set;
  const auto contained = [&](const Cell& element) { return Contains(all, element); };
  left = Cell::Bool(op == Op::kContainsAll
                        ? std::all_of(right.set->begin(), right.set->end(), contained)
                        : std::any_of(right.set->begin(), right.set->end(), contained));
  return true;
}

bool IsEmpty(Machine& m, Cell& operand) noexcept {
  if (operand.kind != Kind::kSet) return FailType(m, Expected::kSet, operand);
  operand = Cell::Bool(operand.set->count == 0);
  return true;
}

bool Tag(Machine& m, Op op, Cell& left, const Cell& right) noexcept {
  if (left.kind != Kind::kEntity) return FailType(m, Expected::kEntity, left);
  if (right.kind != Kind::kString) return FailType(m, Expected::kString, right);
  const EntityRow* row = m.snapshot.Existing(left.aux);
  if (op == Op::kGetTag && row == nullptr) return Fail(m, EvalErrorKind::kNoEntity, left);
  const std::uint32_t name = NameOf(m, right.string());
  const Cell* tag = row != nullptr && name != kNoSymbol ? Find(*row->tags, name) : nullptr;
  if (op == Op::kHasTag) {
    left = Cell::Bool(tag != nullptr);
    return true;
  }
  if (tag == nullptr) return Fail(m, EvalErrorKind::kNoTag, left, right);
  left = *tag;
  return true;
}

bool GetAttribute(Machine& m, Cell& operand, std::uint32_t name) noexcept {
  const Cell* attribute = nullptr;
  if (operand.kind == Kind::kRecord) {
    attribute = Find(*operand.record, name);
    if (attribute == nullptr) return Fail(m, EvalErrorKind::kNoRecordAttribute);
  } else if (operand.kind == Kind::kEntity) {
    const EntityRow* row = m.snapshot.Existing(operand.aux);
    if (row == nullptr) return Fail(m, EvalErrorKind::kNoEntity, operand);
    attribute = Find(*row->attributes, name);
    if (attribute == nullptr) return Fail(m, EvalErrorKind::kNoEntityAttribute, operand);
  } else {
    return FailType(m, Expected::kRecordOrEntity, operand);
  }
  operand = *attribute;
  return true;
}

bool HasAttribute(Machine& m, Cell& operand, std::uint32_t name) noexcept {
  if (operand.kind == Kind::kRecord) {
    operand = Cell::Bool(Find(*operand.record, name) != nullptr);
    return true;
  }
  if (operand.kind != Kind::kEntity) return FailType(m, Expected::kRecordOrEntity, operand);
  const EntityRow* row = m.snapshot.Existing(operand.aux);
  operand = Cell::Bool(row != nullptr && Find(*row->attributes, name) != nullptr);
  return true;
}

bool Like(Machine& m, Cell& operand, std::string_view pattern) noexcept {
  if (operand.kind != Kind::kString) return FailType(m, Expected::kString, operand);
  operand = Cell::Bool(MatchesPattern(operand.string(), pattern));
  return true;
}

bool NewSet(Machine& m, Cell& target, std::uint32_t room) noexcept {
  auto* set = m.arena->New<SetRep>(1);
  auto* elements = m.arena->New<Cell>(room + std::size_t{1});
  if (set == nullptr || elements == nullptr) return Fail(m, EvalErrorKind::kOutOfMemory);
  *set = {0, elements};
  target = Cell::Set(set);
  return true;
}

// The arena gave out the memory as writable; cells see it as constant only once it is finished.
void SetPut(Cell& target, const Cell& element) noexcept {
  auto* set = const_cast<SetRep*>(target.set);
  set->elements[set->count++] = element;
}

void SetEnd(Cell& target) noexcept { Finish(const_cast<SetRep*>(target.set)); }

bool NewRecord(Machine& m, Cell& target, std::uint32_t room) noexcept {
  auto* record = m.arena->New<RecordRep>(1);
  auto* names = m.arena->New<std::uint32_t>(room + std::size_t{1});
  auto* values = m.arena->New<Cell>(room + std::size_t{1});
  if (record == nullptr || names == nullptr || values == nullptr) {
    return Fail(m, EvalErrorKind::kOutOfMemory);
  }
  *record = {0, names, values};
  target = Cell::Record(record);
  return true;
}

void RecordPut(Cell& target, std::uint32_t name, const Cell& value) noexcept {
  auto* record = const_cast<RecordRep*>(target.record);
  record->names[record->count] = name;
  record->values[record->count++] = value;
}

void RecordEnd(Cell& target) noexcept { Finish(const_cast<RecordRep*>(target.record)); }

bool Call(Machine& m, std::uint32_t function, Cell* arguments, std::uint32_t count) noexcept {
  const stdlib::FunctionInfo& info = stdlib::Functions()[function];
  if (count != info.arity) {
    return Fail(m, EvalErrorKind::kArity, Cell::Long(count));
  }
  const std::span<const Cell> values(arguments, count);
  Cell result;
  const stdlib::CallOutcome outcome = stdlib::Call(info.id, values, m.arena, &result);
  switch (outcome.status) {
    case stdlib::CallStatus::kOk: arguments[0] = result; return true;
    case stdlib::CallStatus::kType:
      return FailType(m, outcome.expected, arguments[outcome.argument]);
    case stdlib::CallStatus::kFailed:
      return Fail(m, EvalErrorKind::kFunction, arguments[0], count > 1 ? arguments[1] : Cell());
    case stdlib::CallStatus::kOutOfMemory: break;
  }
  return Fail(m, EvalErrorKind::kOutOfMemory);
}

}  // namespace assay::rt
