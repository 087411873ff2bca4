// One function for each kind of expression. Operands are evaluated from left to right before any of
// them is looked at; only `&&`, `||`, `if`, `has` chains and `is … in` leave some out.
#include "tests/oracle/evaluator.h"

#include <map>
#include <utility>

#include "tests/oracle/functions.h"
#include "tests/oracle/operators.h"
#include "tests/oracle/text.h"

namespace assay::oracle {

using cedar::BinaryOp;
using cedar::ExprKind;

namespace {

constexpr const char* kRecordOrEntity = "one of [record, (entity of type `any_entity_type`)]";

Failure NoEntity(const Uid& uid) { return {"entity `" + Show(uid) + "` does not exist"}; }

Failure NoMember(const Uid& uid, const char* what, const std::string& name) {
  return {"`" + Show(uid) + "` does not have the " + what + " `" + name + "`"};
}

}  // namespace

Value Evaluator::Evaluate(cedar::ExprId id) const {
  const Expr& expr = ast_[id];
  switch (expr.kind) {
    case ExprKind::kBool: return {expr.number != 0};
    case ExprKind::kLong: return {expr.number};
    case ExprKind::kString: return {std::string(expr.text)};
    case ExprKind::kUid: return {Uid{std::string(expr.type), std::string(expr.text)}};
    case ExprKind::kVar: return EvaluateVar(expr.var);
    case ExprKind::kIf: return Operand(expr, EvaluateBool(ast_.operand(expr, 0)) ? 1 : 2);
    case ExprKind::kAnd: return {EvaluateAnd(expr)};
    case ExprKind::kOr: return {EvaluateOr(expr)};
    case ExprKind::kNot: return {!EvaluateBool(ast_.operand(expr, 0))};
    case ExprKind::kNegate: return Negate(Operand(expr, 0));
    case ExprKind::kBinary: return EvaluateBinary(expr);
    case ExprKind::kHas: return {EvaluateHas(expr)};
    case ExprKind::kLike: return {EvaluateLike(expr)};
    case ExprKind::kIs: return {EvaluateIs(expr)};
    case ExprKind::kAttribute: return Attribute(Operand(expr, 0), std::string(expr.text));
    case ExprKind::kMethod: return EvaluateMethod(expr);
    case ExprKind::kFunction: return CallExtension(expr.text, Operands(expr));
    case ExprKind::kSet: {
      const std::vector<Value> elements = Operands(expr);
      return MakeSet(Set(elements.begin(), elements.end()));
    }
    case ExprKind::kRecord: return EvaluateRecord(expr);
  }
  throw Failure{"unknown kind of expression"};
}

bool Evaluator::EvaluateBool(cedar::ExprId id) const { return AsBool(Evaluate(id)); }

Value Evaluator::Operand(const Expr& expr, std::uint32_t i) const {
  return Evaluate(ast_.operand(expr, i));
}

std::vector<Value> Evaluator::Operands(const Expr& expr) const {
  std::vector<Value> values;
  for (const cedar::ExprId id : ast_.operands(expr)) values.push_back(Evaluate(id));
  return values;
}

Value Evaluator::EvaluateVar(cedar::Var var) const {
  switch (var) {
    case cedar::Var::kPrincipal: return {request_.principal};
    case cedar::Var::kAction: return {request_.action};
    case cedar::Var::kResource: return {request_.resource};
    case cedar::Var::kContext: return request_.context;
  }
  throw Failure{"unknown variable"};
}

bool Evaluator::EvaluateAnd(const Expr& expr) const {
  for (const cedar::ExprId id : ast_.operands(expr)) {
    if (!EvaluateBool(id)) return false;
  }
  return true;
}

bool Evaluator::EvaluateOr(const Expr& expr) const {
  for (const cedar::ExprId id : ast_.operands(expr)) {
    if (EvaluateBool(id)) return true;
  }
  return false;
}

Value Evaluator::EvaluateBinary(const Expr& expr) const {
  const Value left = Operand(expr, 0);
  const Value right = Operand(expr, 1);
  switch (expr.op) {
    case BinaryOp::kEqual: return {left == right};
    case BinaryOp::kNotEqual: return {!(left == right)};
    case BinaryOp::kIn: return {In(left, right)};
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
    case BinaryOp::kMultiply: return Calculate(expr.op, left, right);
    default: return {CompareOrder(expr.op, left, right)};
  }
}

bool Evaluator::In(const Value& left, const Value& right) const {
  const Uid& descendant = AsEntity(left);
  if (const Uid* ancestor = right.As<Uid>()) return store_.IsIn(descendant, *ancestor);
  if (right.AsSet() == nullptr) {
    throw WrongType(std::string("one of [set, ") + kAnyEntity + "]", right);
  }
  // An element that is no entity is an error also behind one that would be enough.
  for (const Value& element : *right.AsSet()) AsEntity(element);
  for (const Value& element : *right.AsSet()) {
    if (store_.IsIn(descendant, AsEntity(element))) return true;
  }
  return false;
}

bool Evaluator::Has(const Value& value, const std::string& name) const {
  if (const Record* record = value.AsRecord()) return record->contains(name);
  if (const Uid* uid = value.As<Uid>()) {
    const Entity* entity = store_.Find(*uid);
    return entity != nullptr && entity->attributes.contains(name);
  }
  throw WrongType(kRecordOrEntity, value);
}

// `a has b.c` is `a has b && a.b has c`.
bool Evaluator::EvaluateHas(const Expr& expr) const {
  Value value = Operand(expr, 0);
  const auto names = ast_.names(expr);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name(names[i]);
    if (!Has(value, name)) return false;
    if (i + 1 < names.size()) value = Attribute(value, name);
  }
  return true;
}

Value Evaluator::Attribute(const Value& value, const std::string& name) const {
  if (const Record* record = value.AsRecord()) {
    const auto found = record->find(name);
    if (found != record->end()) return found->second;
    throw Failure{"record does not have the attribute `" + name + "`"};
  }
  const Uid* uid = value.As<Uid>();
  if (uid == nullptr) throw WrongType(kRecordOrEntity, value);
  const Entity* entity = store_.Find(*uid);
  if (entity == nullptr) throw NoEntity(*uid);
  const auto found = entity->attributes.find(name);
  if (found == entity->attributes.end()) throw NoMember(*uid, "attribute", name);
  return found->second;
}

Value Evaluator::Tag(bool get, const Value& value, const Value& name) const {
  const Uid& uid = AsEntity(value);
  const std::string& key = AsString(name);
  const Entity* entity = store_.Find(uid);
  if (!get) return {entity != nullptr && entity->tags.contains(key)};
  if (entity == nullptr) throw NoEntity(uid);
  const auto found = entity->tags.find(key);
  if (found == entity->tags.end()) throw NoMember(uid, "tag", key);
  return found->second;
}

bool Evaluator::EvaluateLike(const Expr& expr) const {
  const Value text = Operand(expr, 0);
  return Like(AsString(text), expr.text, cedar::kWildcard);
}

bool Evaluator::EvaluateIs(const Expr& expr) const {
  const Value value = Operand(expr, 0);
  if (AsEntity(value).type != expr.type) return false;
  return ast_.operands(expr).size() == 1 || In(value, Operand(expr, 1));
}

Value Evaluator::EvaluateMethod(const Expr& expr) const {
  const std::vector<Value> values = Operands(expr);
  if (expr.text == "isEmpty") return {AsSet(values[0]).empty()};
  if (expr.text == "getTag") return Tag(true, values[0], values[1]);
  if (expr.text == "hasTag") return Tag(false, values[0], values[1]);
  if (expr.text.starts_with("contains")) return {SetMethod(expr.text, values[0], values[1])};
  return CallExtension(expr.text, values);
}

// The reference keeps the members sorted by key and evaluates them in that order.
Value Evaluator::EvaluateRecord(const Expr& expr) const {
  std::map<std::string, cedar::ExprId> sorted;
  const auto names = ast_.names(expr);
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    sorted.emplace(names[i], ast_.operand(expr, i));
  }
  Record members;
  for (const auto& [name, id] : sorted) members.emplace(name, Evaluate(id));
  return MakeRecord(std::move(members));
}

}  // namespace assay::oracle
