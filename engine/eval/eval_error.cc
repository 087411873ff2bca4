#include "engine/eval/eval_error.h"

#include "engine/eval/binding_data.h"
#include "stdlib/call.h"

namespace assay::rt {

namespace {

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string TypeText(const SnapshotData& snapshot, const BindingData& binding, const Cell& cell) {
  switch (cell.kind) {
    case Kind::kUndefined: return "undefined";
    case Kind::kBool: return "bool";
    case Kind::kLong: return "long";
    case Kind::kString: return "string";
    case Kind::kSet: return "set";
    case Kind::kRecord: return "record";
    case Kind::kDatetime: return "datetime";
    case Kind::kDecimal: return "decimal";
    case Kind::kDuration: return "duration";
    case Kind::kIpAddr: return "ipaddr";
    case Kind::kEntity: break;
  }
  const std::uint32_t type = TypeOf(snapshot, binding, cell.aux);
  return "(entity of type " + Quoted(TypeText(snapshot, binding, type)) + ")";
}

std::string OverflowText(bc::Op op, const EvalError& error) {
  const std::string first = Quoted(std::to_string(error.operands[0].number));
  if (op == bc::Op::kNegate) {
    return "integer overflow while attempting to negate the value " + first;
  }
  const std::string verb =
      op == bc::Op::kAdd ? "add" : (op == bc::Op::kSubtract ? "subtract" : "multiply");
  return "integer overflow while attempting to " + verb + " the values " + first + " and " +
         Quoted(std::to_string(error.operands[1].number));
}

}  // namespace

std::string ErrorText(const SnapshotData& snapshot, const BindingData& binding, const BodyRow& body,
                      const EvalError& error) {
  const bc::Inst& inst = body.code[error.pc];
  const auto name = [&] { return Quoted(NameText(snapshot, binding, inst.c)); };
  const auto uid = [&] {
    return Quoted(UidOf(snapshot, binding, error.operands[0].aux).ToCedar());
  };
  switch (error.kind) {
    case EvalErrorKind::kCorruptProgram: return "the program is corrupt";
    case EvalErrorKind::kOutOfMemory:
      return "the decision needs more memory than allowed (decision_bytes)";
    case EvalErrorKind::kType:
      return "type error: expected " +
             std::string(kExpectedTexts[static_cast<std::size_t>(error.expected)]) + ", got " +
             TypeText(snapshot, binding, error.operands[0]);
    case EvalErrorKind::kNoEntity: return "entity " + uid() + " does not exist";
    case EvalErrorKind::kNoEntityAttribute: return uid() + " does not have the attribute " + name();
    case EvalErrorKind::kNoRecordAttribute: return "record does not have the attribute " + name();
    case EvalErrorKind::kNoTag:
      return uid() + " does not have the tag " + Quoted(error.operands[1].string());
    case EvalErrorKind::kOverflow: return OverflowText(inst.op, error);
    case EvalErrorKind::kArity: {
      const stdlib::FunctionInfo& function = stdlib::Functions()[inst.c];
      return "wrong number of arguments provided to extension function " + Quoted(function.name) +
             ": expected " + std::to_string(function.arity) + ", got " + std::to_string(inst.x);
    }
    case EvalErrorKind::kFunction: {
      const stdlib::FunctionInfo& function = stdlib::Functions()[inst.c];
      return "error while evaluating " + Quoted(stdlib::FailureOwner(function.id)) +
             " extension function: " +
             stdlib::FailureText(function.id, {error.operands, function.arity});
    }
  }
  return "";
}

}  // namespace assay::rt
