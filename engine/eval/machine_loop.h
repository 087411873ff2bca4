// The loop. Everything that is more than a few instructions of machine code is in operations.cc.
//
// There is one loop for deciding and for tracing, so that a trace cannot tell another story.
#pragma once

#include "engine/eval/machine.h"
#include "engine/eval/operations.h"

namespace assay::rt {

// Nobody looks: costs nothing.
struct Unobserved {
  static void At(const bc::Inst&) noexcept {}
};

// A bool that is needed: kError is set if the cell is none.
inline bool IsBool(Machine& m, const Cell& cell) noexcept {
  return cell.kind == Kind::kBool || FailType(m, Expected::kBool, cell);
}

// See Run. `observer.At(inst)` is called before each instruction that is run.
template <typename Observer>
// NOLINTNEXTLINE(readability-function-size): the one loop.
Verdict RunObserved(Machine& m, const BodyRow& body, Observer& observer) noexcept {
  using bc::Inst;
  using bc::Op;
  const Cell* variables = m.binding.variables;
  Cell* r = m.registers;
  const Inst* inst = body.code;
  bool ok = true;
  for (;; ++inst) {
    observer.At(*inst);
    Cell& a = r[inst->a];
    const std::uint32_t c = inst->c;
    switch (inst->op) {
      case Op::kFail: ok = Fail(m, EvalErrorKind::kCorruptProgram); break;
      case Op::kLoadConstant: a = body.constants[c]; continue;
      case Op::kLoadVariable: a = variables[c]; continue;
      case Op::kMove: a = r[c]; continue;

      case Op::kJump: inst += c - 1; continue;
      case Op::kJumpIfFalse:
        if (!(ok = IsBool(m, a))) break;
        if (!a.boolean) inst += c - 1;
        continue;
      case Op::kJumpIfTrue:
        if (!(ok = IsBool(m, a))) break;
        if (a.boolean) inst += c - 1;
        continue;
      case Op::kCheckBool: ok = IsBool(m, a); break;
      case Op::kRequire:
        if (!(ok = IsBool(m, a))) break;
        if (!a.boolean) return Verdict::kNotSatisfied;
        continue;
      case Op::kRequireNot:
        if (!(ok = IsBool(m, a))) break;
        if (a.boolean) return Verdict::kNotSatisfied;
        continue;
      case Op::kSatisfied: return Verdict::kSatisfied;
      case Op::kReturn: r[0] = a; return Verdict::kValue;

      case Op::kNot:
        if (!(ok = IsBool(m, a))) break;
        a.boolean = !a.boolean;
        continue;
      case Op::kNegate: ok = Negate(m, a); break;
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply: ok = Arithmetic(m, inst->op, a, r[c]); break;
      case Op::kEqual: a = Cell::Bool(Equal(a, r[c])); continue;
      case Op::kLess:
      case Op::kLessEqual: ok = Order(m, inst->op, a, r[c]); break;
      case Op::kIn: ok = In(m, a, r[c]); break;
      case Op::kIs: ok = Is(m, a, c); break;
      case Op::kContains:
      case Op::kContainsAll:
      case Op::kContainsAny: ok = SetOperation(m, inst->op, a, r[c]); break;
      case Op::kIsEmpty: ok = IsEmpty(m, a); break;
      case Op::kGetTag:
      case Op::kHasTag: ok = Tag(m, inst->op, a, r[c]); break;
      case Op::kGetAttribute: ok = GetAttribute(m, a, c); break;
      case Op::kHasAttribute: ok = HasAttribute(m, a, c); break;
      case Op::kLike: ok = Like(m, a, body.patterns[c]); break;

      case Op::kNewSet: ok = NewSet(m, a, c); break;
      case Op::kSetPut: SetPut(a, r[inst->a + 1]); continue;
      case Op::kSetEnd: SetEnd(a); continue;
      case Op::kNewRecord: ok = NewRecord(m, a, c); break;
      case Op::kRecordPut: RecordPut(a, c, r[inst->a + 1]); continue;
      case Op::kRecordEnd: RecordEnd(a); continue;
      case Op::kCall: ok = Call(m, c, &a, inst->x); break;
    }
    if (!ok) {
      m.error.pc = static_cast<std::uint32_t>(inst - body.code);
      return Verdict::kError;
    }
  }
}

}  // namespace assay::rt
