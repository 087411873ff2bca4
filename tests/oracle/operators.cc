// Which operand an error is about, and which type it names, follows the reference to the letter.
#include "tests/oracle/operators.h"

#include <algorithm>
#include <string>

namespace assay::oracle {
namespace {

using cedar::BinaryOp;

Failure Overflow(const std::string& what, std::int64_t left, std::int64_t right) {
  return {"integer overflow while attempting to " + what + " the values `" + std::to_string(left) +
          "` and `" + std::to_string(right) + "`"};
}

bool Holds(BinaryOp op, std::int64_t left, std::int64_t right) {
  switch (op) {
    case BinaryOp::kLess: return left < right;
    case BinaryOp::kLessEqual: return left <= right;
    case BinaryOp::kGreater: return left > right;
    default: return left >= right;
  }
}

bool IsTime(const Value& value) {
  return value.As<Datetime>() != nullptr || value.As<Duration>() != nullptr;
}

}  // namespace

bool AsBool(const Value& value) {
  if (const bool* content = value.As<bool>()) return *content;
  throw WrongType("bool", value);
}

std::int64_t AsLong(const Value& value) {
  if (const auto* content = value.As<std::int64_t>()) return *content;
  throw WrongType("long", value);
}

const std::string& AsString(const Value& value) {
  if (const auto* content = value.As<std::string>()) return *content;
  throw WrongType("string", value);
}

const Uid& AsEntity(const Value& value) {
  if (const Uid* content = value.As<Uid>()) return *content;
  throw WrongType(kAnyEntity, value);
}

const Set& AsSet(const Value& value) {
  if (const Set* content = value.AsSet()) return *content;
  throw WrongType("set", value);
}

Value Negate(const Value& value) {
  const std::int64_t number = AsLong(value);
  std::int64_t result = 0;
  if (__builtin_sub_overflow(0, number, &result)) {
    throw Failure{"integer overflow while attempting to negate the value `" +
                  std::to_string(number) + "`"};
  }
  return {result};
}

Value Calculate(BinaryOp op, const Value& left, const Value& right) {
  const std::int64_t a = AsLong(left);
  const std::int64_t b = AsLong(right);
  std::int64_t result = 0;
  if (op == BinaryOp::kAdd && __builtin_add_overflow(a, b, &result)) throw Overflow("add", a, b);
  if (op == BinaryOp::kSubtract && __builtin_sub_overflow(a, b, &result)) {
    throw Overflow("subtract", a, b);
  }
  if (op == BinaryOp::kMultiply && __builtin_mul_overflow(a, b, &result)) {
    throw Overflow("multiply", a, b);
  }
  return {result};
}

bool CompareOrder(BinaryOp op, const Value& left, const Value& right) {
  // A long on either side wants a long on the other; else a time does, the left one first.
  if (left.As<std::int64_t>() != nullptr || right.As<std::int64_t>() != nullptr) {
    const std::int64_t a = AsLong(left);
    return Holds(op, a, AsLong(right));
  }
  if (!IsTime(left) && !IsTime(right)) {
    throw WrongType("one of [long, datetime, duration]", left);
  }
  const Value& wanted = IsTime(left) ? left : right;
  const Value& other = IsTime(left) ? right : left;
  if (TypeName(other) != TypeName(wanted)) throw WrongType(TypeName(wanted), other);
  if (left.As<Datetime>() != nullptr) {
    return Holds(op, left.As<Datetime>()->ms, right.As<Datetime>()->ms);
  }
  return Holds(op, left.As<Duration>()->ms, right.As<Duration>()->ms);
}

bool SetMethod(std::string_view method, const Value& left, const Value& right) {
  const Set& set = AsSet(left);
  if (method == "contains") return set.contains(right);
  const Set& wanted = AsSet(right);
  const auto is_there = [&set](const Value& element) { return set.contains(element); };
  return method == "containsAll" ? std::all_of(wanted.begin(), wanted.end(), is_there)
                                 : std::any_of(wanted.begin(), wanted.end(), is_there);
}

}  // namespace assay::oracle
