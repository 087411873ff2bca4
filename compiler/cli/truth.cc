#include "compiler/cli/truth.h"

#include <algorithm>
#include <string>
#include <utility>

#include "assay/evaluator.h"
#include "compiler/cedar/lower.h"
#include "compiler/cedar/print.h"
#include "compiler/emit/emit.h"
#include "compiler/passes/fold.h"

namespace assay::cli {

namespace {

using cedar::Ast;
using cedar::BinaryOp;
using cedar::Expr;
using cedar::ExprId;
using cedar::ExprKind;

bool IsAnyOf(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

Truth Negated(Truth truth) {
  std::swap(truth.can_be_true, truth.can_be_false);
  return truth;
}

// Operands are asked in order until one is false; for `||`, all is negated.
Truth OfChain(const Ast& ast, const Expr& e) {
  const bool is_or = e.kind == ExprKind::kOr;
  Truth all{true, false, false};
  for (const ExprId operand : ast.operands(e)) {
    const Truth truth = is_or ? Negated(TruthOf(ast, operand)) : TruthOf(ast, operand);
    if (!all.can_be_true) break;
    all = {truth.can_be_true, all.can_be_false || truth.can_be_false,
           all.can_fail || truth.can_fail};
  }
  return is_or ? Negated(all) : all;
}

Truth OfIf(const Ast& ast, const Expr& e) {
  const Truth condition = TruthOf(ast, ast.operand(e, 0));
  Truth all{false, false, condition.can_fail};
  const auto add = [&](bool reached, ExprId branch) {
    if (!reached) return;
    const Truth truth = TruthOf(ast, branch);
    all = {all.can_be_true || truth.can_be_true, all.can_be_false || truth.can_be_false,
           all.can_fail || truth.can_fail};
  };
  add(condition.can_be_true, ast.operand(e, 1));
  add(condition.can_be_false, ast.operand(e, 2));
  return all;
}

// `==`, and negated `!=`.
Truth OfEqual(const Ast& ast, const Expr& e) {
  const ExprId left = ast.operand(e, 0), right = ast.operand(e, 1);
  Truth truth;
  const auto left_kind = KindOf(ast, left), right_kind = KindOf(ast, right);
  if (PrintExpr(ast, left) == PrintExpr(ast, right)) truth.can_be_false = false;
  if (left_kind && right_kind && *left_kind != *right_kind) truth.can_be_true = false;
  return e.op == BinaryOp::kNotEqual ? Negated(truth) : truth;
}

// Whether an operand has a kind that is none of these.
bool IsNone(const Ast& ast, ExprId operand, std::initializer_list<Kind> kinds) {
  const auto kind = KindOf(ast, operand);
  return kind && std::find(kinds.begin(), kinds.end(), *kind) == kinds.end();
}

bool BinaryFails(const Ast& ast, const Expr& e) {
  const ExprId left = ast.operand(e, 0), right = ast.operand(e, 1);
  switch (e.op) {
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual: return false;
    case BinaryOp::kIn:
      return IsNone(ast, left, {Kind::kEntity}) || IsNone(ast, right, {Kind::kEntity, Kind::kSet});
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
    case BinaryOp::kMultiply:
      return IsNone(ast, left, {Kind::kLong}) || IsNone(ast, right, {Kind::kLong});
    default: break;
  }
  const auto left_kind = KindOf(ast, left), right_kind = KindOf(ast, right);
  const std::initializer_list<Kind> ordered = {Kind::kLong, Kind::kDatetime, Kind::kDuration};
  return IsNone(ast, left, ordered) || IsNone(ast, right, ordered) ||
         (left_kind && right_kind && *left_kind != *right_kind);
}

// Whether the operator fails whatever the values are, by their kinds alone.
bool OperatorFails(const Ast& ast, const Expr& e) {
  switch (e.kind) {
    case ExprKind::kBinary: return BinaryFails(ast, e);
    case ExprKind::kNegate: return IsNone(ast, ast.operand(e, 0), {Kind::kLong});
    case ExprKind::kLike: return IsNone(ast, ast.operand(e, 0), {Kind::kString});
    case ExprKind::kIs: return IsNone(ast, ast.operand(e, 0), {Kind::kEntity});
    case ExprKind::kHas:
    case ExprKind::kAttribute:
      return IsNone(ast, ast.operand(e, 0), {Kind::kEntity, Kind::kRecord});
    case ExprKind::kMethod:
      if (IsAnyOf(e.text, {"contains", "containsAll", "containsAny", "isEmpty"})) {
        return IsNone(ast, ast.operand(e, 0), {Kind::kSet});
      }
      return IsAnyOf(e.text, {"getTag", "hasTag"}) &&
             IsNone(ast, ast.operand(e, 0), {Kind::kEntity});
    default: return false;
  }
}

// An operator that evaluates all of its operands, one of which, or itself, always fails.
bool Fails(const Ast& ast, ExprId id) {
  const Expr& e = ast[id];
  if (e.kind == ExprKind::kAnd || e.kind == ExprKind::kOr || e.kind == ExprKind::kIf) {
    return TruthOf(ast, id).only_fails();
  }
  if (OperatorFails(ast, e)) return true;
  if (e.kind == ExprKind::kFunction && IsConstant(ast, id) && !ConstantValue(ast, id)) return true;
  const auto operands = ast.operands(e);
  return std::any_of(operands.begin(), operands.end(),
                     [&](ExprId operand) { return Fails(ast, operand); });
}

}  // namespace

bool IsConstant(const Ast& ast, ExprId id) {
  const Expr& e = ast[id];
  const bool reads = e.kind == ExprKind::kVar || e.kind == ExprKind::kAttribute ||
                     e.kind == ExprKind::kHas ||
                     (e.kind == ExprKind::kBinary && e.op == BinaryOp::kIn) ||
                     (e.kind == ExprKind::kIs && ast.operands(e).size() > 1) ||
                     (e.kind == ExprKind::kMethod && IsAnyOf(e.text, {"getTag", "hasTag"}));
  if (reads) return false;
  const auto operands = ast.operands(e);
  return std::all_of(operands.begin(), operands.end(),
                     [&](ExprId operand) { return IsConstant(ast, operand); });
}

std::optional<Value> ConstantValue(const Ast& ast, ExprId id) {
  ir::Module module = cedar::LowerExpression(ast, id);
  passes::Fold(&module);
  const Result<Program> program = emit::Emit(std::move(module), emit::What::kExpression);
  if (!program.ok()) return std::nullopt;
  const Result<Snapshot> snapshot = Snapshot::Create(program.value(), Entities());
  if (!snapshot.ok()) return std::nullopt;
  Scratch scratch;
  const Result<Value> value = Evaluate(snapshot.value(), Request(), scratch);
  if (!value.ok()) return std::nullopt;
  return value.value();
}

std::optional<Kind> KindOf(const Ast& ast, ExprId id) {
  const Expr& e = ast[id];
  switch (e.kind) {
    case ExprKind::kLong:
    case ExprKind::kNegate: return Kind::kLong;
    case ExprKind::kString: return Kind::kString;
    case ExprKind::kUid: return Kind::kEntity;
    case ExprKind::kVar: return e.var == cedar::Var::kContext ? Kind::kRecord : Kind::kEntity;
    case ExprKind::kSet: return Kind::kSet;
    case ExprKind::kRecord: return Kind::kRecord;
    case ExprKind::kBool:
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kNot:
    case ExprKind::kHas:
    case ExprKind::kLike:
    case ExprKind::kIs: return Kind::kBool;
    case ExprKind::kBinary: {
      const bool is_arithmetic =
          e.op == BinaryOp::kAdd || e.op == BinaryOp::kSubtract || e.op == BinaryOp::kMultiply;
      return is_arithmetic ? Kind::kLong : Kind::kBool;
    }
    case ExprKind::kFunction:
      if (e.text == "decimal") return Kind::kDecimal;
      if (e.text == "ip") return Kind::kIpAddr;
      if (e.text == "datetime") return Kind::kDatetime;
      if (e.text == "duration") return Kind::kDuration;
      return std::nullopt;
    case ExprKind::kMethod:
      if (IsAnyOf(e.text, {"getTag", "offset", "durationSince", "toDate", "toTime",
                           "toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"})) {
        return std::nullopt;
      }
      return Kind::kBool;
    case ExprKind::kIf:
    case ExprKind::kAttribute: return std::nullopt;
  }
  return std::nullopt;
}

Truth TruthOf(const Ast& ast, ExprId id) {
  const Expr& e = ast[id];
  if (IsNone(ast, id, {Kind::kBool})) return Truth::OnlyFails();
  if (IsConstant(ast, id)) {
    const std::optional<Value> value = ConstantValue(ast, id);
    if (value == Value(true)) return {true, false, false};
    if (value == Value(false)) return {false, true, false};
    return Truth::OnlyFails();
  }
  switch (e.kind) {
    case ExprKind::kAnd:
    case ExprKind::kOr: return OfChain(ast, e);
    case ExprKind::kNot: return Negated(TruthOf(ast, ast.operand(e, 0)));
    case ExprKind::kIf: return OfIf(ast, e);
    default: break;
  }
  if (Fails(ast, id)) return Truth::OnlyFails();
  const bool is_equality =
      e.kind == ExprKind::kBinary && (e.op == BinaryOp::kEqual || e.op == BinaryOp::kNotEqual);
  return is_equality ? OfEqual(ast, e) : Truth();
}

}  // namespace assay::cli
