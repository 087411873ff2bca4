// Registers are given out like a stack: an expression's value goes to register r, and everything it
// needs on the way lies above r.
#include "compiler/emit/emit.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/bytecode/program_parts.h"

namespace assay::emit {

namespace {

using bc::Op;
using ir::Node;
using ir::NodeId;
using ir::NodeKind;

constexpr std::size_t kMaxArguments = 255;

// The instruction of a node that has one of its own: `a` is its first operand and its result.
Op OpOf(NodeKind kind) {
  switch (kind) {
    case NodeKind::kNot: return Op::kNot;
    case NodeKind::kNegate: return Op::kNegate;
    case NodeKind::kAdd: return Op::kAdd;
    case NodeKind::kSubtract: return Op::kSubtract;
    case NodeKind::kMultiply: return Op::kMultiply;
    case NodeKind::kEqual: return Op::kEqual;
    case NodeKind::kLess: return Op::kLess;
    case NodeKind::kLessEqual: return Op::kLessEqual;
    case NodeKind::kIn: return Op::kIn;
    case NodeKind::kContains: return Op::kContains;
    case NodeKind::kContainsAll: return Op::kContainsAll;
    case NodeKind::kContainsAny: return Op::kContainsAny;
    case NodeKind::kIsEmpty: return Op::kIsEmpty;
    case NodeKind::kGetTag: return Op::kGetTag;
    case NodeKind::kHasTag: return Op::kHasTag;
    case NodeKind::kAttribute: return Op::kGetAttribute;
    case NodeKind::kLike: return Op::kLike;
    case NodeKind::kIs: return Op::kIs;
    default: return Op::kFail;
  }
}

class RuleEmitter {
 public:
  RuleEmitter(const ir::Module& module, bc::ProgramParts* parts)
      : module_(module), parts_(parts), constant_of_(module.constants.size(), kUnused) {}

  void EmitPolicy(const ir::Rule& rule) {
    bc::Rule out;
    out.is_forbid = rule.is_forbid;
    out.digest = rule.digest;
    bc::Constraint* const scope[] = {&out.principal, &out.action, &out.resource};
    for (const ir::ScopeTest& test : rule.scope) Constrain(test, scope[test.variable]);
    for (const ir::Condition& condition : rule.conditions) EmitCondition(condition);
    Put(Op::kSatisfied, 0, 0, rule.span);
    out.body = FinishBody(false);
    out.annotations = rule.annotations;
    out.places = std::move(places_);
    parts_->rules.push_back(std::move(out));
  }

  void EmitExpression(const ir::Rule& rule) {
    EmitNode(rule.conditions.front().body, 0);
    Put(Op::kReturn, 0, 0, rule.span);
    FinishBody(true);
  }

  bool too_large() const { return too_large_; }

 private:
  static constexpr std::uint32_t kUnused = 0xFFFFFFFF;

  // The program's number of a constant. Folding leaves constants that nothing uses any more.
  std::uint32_t Constant(std::uint32_t constant) {
    if (constant_of_[constant] == kUnused) {
      constant_of_[constant] = static_cast<std::uint32_t>(parts_->constants.size());
      parts_->constants.push_back(module_.constants[constant]);
    }
    return constant_of_[constant];
  }

  std::uint32_t Here() const { return static_cast<std::uint32_t>(code_.size()); }

  // Ends the body and gives its number: that of an equal one if there is one.
  std::uint32_t FinishBody(bool is_expression) {
    std::string key(reinterpret_cast<const char*>(code_.data()), code_.size() * sizeof(bc::Inst));
    const auto [known, is_new] =
        bodies_.try_emplace(std::move(key), static_cast<std::uint32_t>(parts_->bodies.size()));
    if (is_new) {
      const auto begin = static_cast<std::uint32_t>(parts_->code.size());
      parts_->code.insert(parts_->code.end(), code_.begin(), code_.end());
      parts_->bodies.push_back({.begin = begin,
                                .end = begin + Here(),
                                .registers = registers_,
                                .is_expression = is_expression});
    }
    code_.clear();
    registers_ = 0;
    return known->second;
  }

  // Returns where the instruction is, for a jump whose target comes later.
  std::uint32_t Put(Op op, std::uint32_t a, std::uint32_t c, Span span, std::uint32_t x = 0) {
    code_.push_back({op, static_cast<std::uint8_t>(x), static_cast<std::uint16_t>(a), c});
    places_.push_back(span);
    return Here() - 1;
  }

  void Land(std::uint32_t jump) { code_[jump].c = Here() - jump; }

  void Use(std::uint32_t reg) {
    registers_ = std::max(registers_, reg + 1);
    too_large_ = too_large_ || registers_ > bc::kMaxRegisters;
  }

  // `is T in E` comes as two tests of one variable.
  void Constrain(const ir::ScopeTest& test, bc::Constraint* out) {
    using From = ir::ScopeTest::Kind;
    using To = bc::Constraint::Kind;
    switch (test.kind) {
      case From::kIs:
        out->kind = To::kIs;
        out->type = test.operand;
        return;
      case From::kEqual: out->kind = To::kEqual; break;
      case From::kIn: out->kind = out->kind == To::kIs ? To::kIsIn : To::kIn; break;
      case From::kInAny: out->kind = To::kInAnyOf; break;
    }
    out->has_slot = test.slot != ir::Slot::kNone;
    if (!out->has_slot) out->constant = Constant(test.operand);
  }

  // A conjunction at the top is a row of requirements: no jumps.
  void EmitCondition(const ir::Condition& condition) {
    const Node& node = module_[condition.body];
    if (!condition.is_negated && node.kind == NodeKind::kAnd) {
      for (const NodeId conjunct : module_.operands(node)) EmitCondition({false, conjunct});
      return;
    }
    EmitNode(condition.body, 0);
    Put(condition.is_negated ? Op::kRequireNot : Op::kRequire, 0, 0, node.span);
  }

  // Puts the value of the node into register r. Recursion is bounded by the depth of expressions.
  void EmitNode(NodeId id, std::uint32_t r) {
    if (too_large_) return;
    Use(r);
    const Node& node = module_[id];
    switch (node.kind) {
      case NodeKind::kConstant: Put(Op::kLoadConstant, r, Constant(node.data), node.span); return;
      case NodeKind::kVariable: Put(Op::kLoadVariable, r, node.data, node.span); return;
      case NodeKind::kIf: return EmitIf(node, r);
      case NodeKind::kAnd: return EmitChain(node, Op::kJumpIfFalse, r);
      case NodeKind::kOr: return EmitChain(node, Op::kJumpIfTrue, r);
      case NodeKind::kHasPath: return EmitHasPath(node, r);
      case NodeKind::kIsIn: return EmitIsIn(node, r);
      case NodeKind::kSet: return EmitSet(node, r);
      case NodeKind::kRecord: return EmitRecord(node, r);
      case NodeKind::kCall: return EmitCall(node, r);
      default: return EmitPlain(node, r);
    }
  }

  void EmitPlain(const Node& node, std::uint32_t r) {
    const auto operands = module_.operands(node);
    for (std::uint32_t i = 0; i < operands.size(); ++i) EmitNode(operands[i], r + i);
    const bool has_data = ir::Info(node.kind).data != ir::Data::kNothing;
    const std::uint32_t c = has_data ? node.data : (operands.size() == 2 ? r + 1 : 0);
    Put(OpOf(node.kind), r, c, node.span);
  }

  void EmitIf(const Node& node, std::uint32_t r) {
    EmitNode(module_.operand(node, 0), r);
    const std::uint32_t to_else =
        Put(Op::kJumpIfFalse, r, 0, module_[module_.operand(node, 0)].span);
    EmitNode(module_.operand(node, 1), r);
    const std::uint32_t to_end = Put(Op::kJump, 0, 0, node.span);
    Land(to_else);
    EmitNode(module_.operand(node, 2), r);
    Land(to_end);
  }

  // `&&` and `||`: each operand but the last may end the chain with its own value.
  void EmitChain(const Node& node, Op leave, std::uint32_t r) {
    const auto operands = module_.operands(node);
    std::vector<std::uint32_t> jumps;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      EmitNode(operands[i], r);
      const Span span = module_[operands[i]].span;
      if (i + 1 < operands.size()) {
        jumps.push_back(Put(leave, r, 0, span));
      } else {
        Put(Op::kCheckBool, r, 0, span);
      }
    }
    for (const std::uint32_t jump : jumps) Land(jump);
  }

  // r + 1 walks along the path; r says whether the next step is there.
  void EmitHasPath(const Node& node, std::uint32_t r) {
    const auto names = module_.node_names(node);
    EmitNode(module_.operand(node, 0), r);
    if (names.size() > 1) Walk(r, node.span);
    std::vector<std::uint32_t> jumps;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) Put(Op::kMove, r, r + 1, node.span);
      Put(Op::kHasAttribute, r, names[i], node.span);
      if (i + 1 == names.size()) break;
      jumps.push_back(Put(Op::kJumpIfFalse, r, 0, node.span));
      Put(Op::kGetAttribute, r + 1, names[i], node.span);
    }
    for (const std::uint32_t jump : jumps) Land(jump);
  }

  void Walk(std::uint32_t r, Span span) {
    Use(r + 1);
    Put(Op::kMove, r + 1, r, span);
  }

  void EmitIsIn(const Node& node, std::uint32_t r) {
    EmitNode(module_.operand(node, 0), r);
    Walk(r, node.span);
    Put(Op::kIs, r, node.data, node.span);
    const std::uint32_t to_end = Put(Op::kJumpIfFalse, r, 0, node.span);
    EmitNode(module_.operand(node, 1), r + 2);
    Put(Op::kIn, r + 1, r + 2, node.span);
    Put(Op::kMove, r, r + 1, node.span);
    Land(to_end);
  }

  void EmitSet(const Node& node, std::uint32_t r) {
    const auto operands = module_.operands(node);
    Put(Op::kNewSet, r, static_cast<std::uint32_t>(operands.size()), node.span);
    for (const NodeId operand : operands) {
      EmitNode(operand, r + 1);
      Put(Op::kSetPut, r, 0, node.span);
    }
    Put(Op::kSetEnd, r, 0, node.span);
  }

  void EmitRecord(const Node& node, std::uint32_t r) {
    const auto operands = module_.operands(node);
    const auto names = module_.node_names(node);
    Put(Op::kNewRecord, r, static_cast<std::uint32_t>(operands.size()), node.span);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      EmitNode(operands[i], r + 1);
      Put(Op::kRecordPut, r, names[i], node.span);
    }
    Put(Op::kRecordEnd, r, 0, node.span);
  }

  void EmitCall(const Node& node, std::uint32_t r) {
    const auto operands = module_.operands(node);
    too_large_ = too_large_ || operands.size() > kMaxArguments;
    if (too_large_) return;
    for (std::uint32_t i = 0; i < operands.size(); ++i) EmitNode(operands[i], r + i);
    Put(Op::kCall, r, node.data, node.span, static_cast<std::uint32_t>(operands.size()));
  }

  const ir::Module& module_;
  bc::ProgramParts* parts_;
  std::vector<std::uint32_t> constant_of_;                 // by the module's number
  std::vector<bc::Inst> code_;                             // of the body being emitted
  std::vector<Span> places_;                               // of its instructions
  std::unordered_map<std::string, std::uint32_t> bodies_;  // by the bytes of their code
  std::uint32_t registers_ = 0;
  bool too_large_ = false;
};

}  // namespace

Result<Program> Emit(ir::Module module, What what) {
  bc::ProgramParts parts;
  RuleEmitter emitter(module, &parts);
  for (const ir::Rule& rule : module.rules) {
    if (what == What::kExpression) {
      emitter.EmitExpression(rule);
    } else {
      emitter.EmitPolicy(rule);
    }
    if (emitter.too_large()) {
      return Error{ErrorCode::kLimitExceeded, "a condition needs more than " +
                                                  std::to_string(bc::kMaxRegisters) +
                                                  " registers, or a call has more than " +
                                                  std::to_string(kMaxArguments) + " arguments"};
    }
  }
  for (ir::Policy& policy : module.policies) {
    parts.policies.push_back({std::move(policy.id), policy.rule, std::move(policy.principal_slot),
                              std::move(policy.resource_slot)});
  }
  parts.templates = std::move(module.templates);
  parts.names = std::move(module.names);
  parts.types = std::move(module.types);
  parts.patterns = std::move(module.patterns);
  return Program::Load(std::move(parts));
}

}  // namespace assay::emit
