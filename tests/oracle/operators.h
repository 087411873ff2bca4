// The operators and methods that look at nothing but their operands.
#pragma once

#include <string_view>

#include "compiler/cedar/ast.h"
#include "tests/oracle/value.h"

namespace assay::oracle {

// The type all entity types belong to, as errors name it.
inline constexpr const char* kAnyEntity = "(entity of type `any_entity_type`)";

// Each throws a Failure if the value is of another type.
bool AsBool(const Value& value);
std::int64_t AsLong(const Value& value);
const std::string& AsString(const Value& value);
const Uid& AsEntity(const Value& value);
const Set& AsSet(const Value& value);

Value Negate(const Value& value);
// kAdd, kSubtract, kMultiply.
Value Calculate(cedar::BinaryOp op, const Value& left, const Value& right);
// kLess, kLessEqual, kGreater, kGreaterEqual.
bool CompareOrder(cedar::BinaryOp op, const Value& left, const Value& right);

// `contains`, `containsAll`, `containsAny`.
bool SetMethod(std::string_view method, const Value& left, const Value& right);

}  // namespace assay::oracle
