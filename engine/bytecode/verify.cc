#include "engine/bytecode/verify.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "engine/base/names.h"
#include "engine/value/symbols.h"
#include "stdlib/functions.h"

namespace assay::bc {

namespace {

// What a register holds on every path to a place.
enum class Content : std::uint8_t {
  kNothing,
  kValue,
  kSetUnderConstruction,
  kRecordUnderConstruction,
};

struct Register {
  Content content = Content::kNothing;
  std::uint32_t room = 0;  // elements that a set or record under construction still takes
  friend bool operator==(const Register&, const Register&) = default;
};
using Registers = std::vector<Register>;

// Registers kept for jumps that have not arrived, 128 MiB of them. The compiler comes nowhere near:
// expressions are at most 400 deep. Without it, code of a few megabytes would take gigabytes.
constexpr std::size_t kMaxPending = std::size_t{16} << 20;

// Registers that all jumps of a program carry to where they go, about a second of work. Without it,
// code of a few megabytes, of jumps in bodies with many registers, would take hours.
constexpr std::uint64_t kMaxCarried = std::uint64_t{1} << 29;

std::string At(std::uint32_t pc, std::string_view rule) {
  return "instruction " + std::to_string(pc) + ": " + std::string(rule);
}

// Verifies one body after another; what they take memory for is kept for the next.
class BodyVerifier {
 public:
  explicit BodyVerifier(const ProgramParts& parts) : parts_(parts) {}

  std::optional<std::string> Run(const Body& body) {
    body_ = body;
    registers_.assign(body_.registers, {});
    reachable_ = true;
    for (pc_ = body_.begin; pc_ < body_.end; ++pc_) {
      Arrive();
      if (!reachable_) return At(pc_, "unreachable");
      const Inst& inst = parts_.code[pc_];
      if (static_cast<std::size_t>(inst.op) >= kOpCount) return At(pc_, "no such opcode");
      if (inst.op == Op::kFail) return At(pc_, "zeroed memory is no code");
      if (const char* rule = CheckOperands(inst)) return At(pc_, rule);
      if (const char* rule = CheckRegisters(inst)) return At(pc_, rule);
      if (const char* rule = CheckControl(inst)) return At(pc_, rule);
    }
    if (reachable_) return At(body_.end, "control runs off the end");
    return std::nullopt;
  }

 private:
  // Merges in the states of the jumps that come here: a register keeps only what all agree on.
  void Arrive() {
    const auto pending = pending_.find(pc_);
    if (pending == pending_.end()) return;
    if (reachable_) {
      Merge(pending->second, &registers_);
    } else {
      registers_ = std::move(pending->second);
    }
    reachable_ = true;
    pending_.erase(pending);
  }

  static void Merge(const Registers& from, Registers* into) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if ((*into)[i] != from[i]) (*into)[i] = {};
    }
  }

  const char* CheckRange(std::uint32_t index, std::size_t count, const char* rule) {
    return index < count ? nullptr : rule;
  }

  const char* CheckOperands(const Inst& inst) {
    const Format format = Info(inst.op).format;
    const bool has_register = format >= Format::kReg && format <= Format::kRegTarget;
    if (has_register ? inst.a >= body_.registers : inst.a != 0) return "register out of range";
    if (format != Format::kRegFunction && inst.x != 0) return "unused operand is not zero";
    switch (format) {
      case Format::kNone:
      case Format::kReg: return inst.c == 0 ? nullptr : "unused operand is not zero";
      case Format::kRegReg: return CheckRange(inst.c, body_.registers, "register out of range");
      case Format::kRegConstant:
        return CheckRange(inst.c, parts_.constants.size(), "constant out of range");
      case Format::kRegVariable: return CheckRange(inst.c, kVariableCount, "variable out of range");
      case Format::kRegName: return CheckRange(inst.c, parts_.names.size(), "name out of range");
      case Format::kRegType: return CheckRange(inst.c, parts_.types.size(), "type out of range");
      case Format::kRegPattern:
        return CheckRange(inst.c, parts_.patterns.size(), "pattern out of range");
      case Format::kRegCount: return nullptr;
      case Format::kRegFunction: return CheckCall(inst);
      case Format::kRegTarget:
      case Format::kTarget: break;
    }
    return inst.c > 0 && inst.c < body_.end - pc_ ? nullptr : "jump is not forward in its body";
  }

  const char* CheckCall(const Inst& inst) {
    if (inst.c >= stdlib::Functions().size()) return "function out of range";
    return inst.a + std::uint32_t{inst.x} <= body_.registers ? nullptr : "register out of range";
  }

  const char* CheckRegisters(const Inst& inst) {
    const std::uint8_t flags = Info(inst.op).flags;
    if ((flags & kBuilds) != 0) return CheckBuilder(inst);
    const std::uint32_t count = Info(inst.op).format == Format::kRegFunction ? inst.x : 1;
    for (std::uint32_t i = 0; (flags & kReads) != 0 && i < count; ++i) {
      if (!HoldsValue(inst.a + i)) return "register read before it is written";
    }
    if (Info(inst.op).format == Format::kRegReg && !HoldsValue(inst.c)) {
      return "register read before it is written";
    }
    if ((flags & kWrites) != 0) registers_[inst.a] = {Content::kValue, 0};
    return nullptr;
  }

  const char* CheckBuilder(const Inst& inst) {
    const bool is_set = inst.op == Op::kNewSet || inst.op == Op::kSetPut || inst.op == Op::kSetEnd;
    const Content builder =
        is_set ? Content::kSetUnderConstruction : Content::kRecordUnderConstruction;
    if (inst.op == Op::kNewSet || inst.op == Op::kNewRecord) {
      if (inst.c > parts_.code.size()) return "count exceeds the code";
      registers_[inst.a] = {builder, inst.c};
      return nullptr;
    }
    Register& target = registers_[inst.a];
    if (target.content != builder) return "register is not under construction";
    if (inst.op == Op::kSetEnd || inst.op == Op::kRecordEnd) {
      target = {Content::kValue, 0};
      return nullptr;
    }
    if (target.room == 0) return "more elements than announced";
    --target.room;
    if (inst.a + 1U >= body_.registers) return "register out of range";
    return HoldsValue(inst.a + 1U) ? nullptr : "register read before it is written";
  }

  bool HoldsValue(std::uint32_t index) const {
    return registers_[index].content == Content::kValue;
  }

  const char* CheckControl(const Inst& inst) {
    const std::uint8_t flags = Info(inst.op).flags;
    if (inst.op == Op::kSatisfied && body_.is_expression) return "an expression must return";
    if (inst.op == Op::kReturn && !body_.is_expression) return "a policy cannot return";
    if (inst.op == Op::kRequire || inst.op == Op::kRequireNot) {
      // Nothing goes from one requirement to the next: a trace may begin behind any.
      registers_.assign(body_.registers, {});
    }
    if ((flags & kJumps) != 0) {
      carried_ += registers_.size();
      if (carried_ > kMaxCarried) return "too many registers at jumps";
      const auto [target, is_new] = pending_.try_emplace(pc_ + inst.c, registers_);
      if (!is_new) Merge(registers_, &target->second);
      if (pending_.size() * registers_.size() > kMaxPending) return "too many jumps are pending";
    }
    if ((flags & kEnds) != 0) reachable_ = false;
    return nullptr;
  }

  const ProgramParts& parts_;
  Body body_;
  std::uint64_t carried_ = 0;  // by the jumps of all bodies
  std::uint32_t pc_ = 0;
  Registers registers_;
  bool reachable_ = true;
  std::map<std::uint32_t, Registers> pending_;  // empty after each body: jumps stay within it
};

std::optional<std::string> VerifyBodies(const ProgramParts& parts) {
  std::uint32_t next = 0;
  BodyVerifier verifier(parts);
  for (const Body& body : parts.bodies) {
    if (body.begin != next || body.end <= body.begin || body.end > parts.code.size()) {
      return "bodies do not lie one after another in the code";
    }
    if (body.registers > kMaxRegisters || body.registers > body.end - body.begin) {
      return At(body.begin, "too many registers");
    }
    if (auto broken = verifier.Run(body)) return broken;
    next = body.end;
  }
  if (next != parts.code.size()) return "code outside of every body";
  return std::nullopt;
}

// The rule that a constraint breaks, or nullptr. `is_action`: it constrains the action.
const char* CheckConstraint(const ProgramParts& parts, const Constraint& constraint,
                            bool is_action) {
  using ConstraintKind = Constraint::Kind;
  const ConstraintKind kind = constraint.kind;
  if (kind > ConstraintKind::kInAnyOf) return "no such constraint";
  const bool has_type = kind == ConstraintKind::kIs || kind == ConstraintKind::kIsIn;
  const bool has_entity = kind == ConstraintKind::kEqual || kind == ConstraintKind::kIn ||
                          kind == ConstraintKind::kIsIn;
  if (is_action && (has_type || constraint.has_slot)) return "constraint is not for actions";
  if (!is_action && kind == ConstraintKind::kInAnyOf) return "constraint is for actions only";
  if (has_type ? constraint.type >= parts.types.size() : constraint.type != 0) {
    return "type out of range";
  }
  if (constraint.has_slot && !has_entity) return "slot without a use";
  if (constraint.has_slot || kind == ConstraintKind::kAny || kind == ConstraintKind::kIs) {
    return constraint.constant == 0 ? nullptr : "unused operand is not zero";
  }
  if (constraint.constant >= parts.constants.size()) return "constant out of range";
  const Value& constant = parts.constants[constraint.constant];
  if (has_entity) {
    return constant.kind() == Kind::kEntity ? nullptr : "constant is not an entity";
  }
  const auto* set = constant.As<Value::Set>();
  if (set == nullptr) return "constant is not a set";
  for (const Value& element : *set) {
    if (element.kind() != Kind::kEntity) return "constant is not a set of entities";
  }
  return nullptr;
}

const char* CheckRule(const ProgramParts& parts, const Rule& rule) {
  if (rule.body >= parts.bodies.size()) return "no such body";
  const Body& body = parts.bodies[rule.body];
  if (body.is_expression) return "the body is an expression";
  if (!rule.places.empty() && rule.places.size() != body.end - body.begin) {
    return "places do not match the code";
  }
  if (const char* broken = CheckConstraint(parts, rule.principal, false)) return broken;
  if (const char* broken = CheckConstraint(parts, rule.action, true)) return broken;
  return CheckConstraint(parts, rule.resource, false);
}

std::optional<std::string> VerifyRules(const ProgramParts& parts) {
  for (std::size_t i = 0; i < parts.rules.size(); ++i) {
    if (const char* broken = CheckRule(parts, parts.rules[i])) {
      return "rule " + std::to_string(i) + ": " + broken;
    }
  }
  return std::nullopt;
}

// Remembers the last good name, since most entities beside each other have the same type.
class TypeNames {
 public:
  bool Check(std::string_view name) {
    if (!last_.empty() && name == last_) return true;
    if (!IsTypeName(name)) return false;
    last_ = name;
    return true;
  }

 private:
  std::string_view last_;
};

// Ids, each of which may be used once. Seeded, so that nobody can prepare ids that collide.
class Ids {
 public:
  explicit Ids(std::size_t count) { table_.Reserve(count); }
  bool Take(std::string_view id) { return table_.Intern(0, id) + 1 == ++taken_; }

 private:
  rt::SymbolTable table_;
  std::uint32_t taken_ = 0;
};

std::optional<std::string> VerifyPolicies(const ProgramParts& parts) {
  Ids ids(parts.policies.size() + parts.templates.size());
  TypeNames principals, resources;
  for (const PolicyEntry& policy : parts.policies) {
    if (policy.rule >= parts.rules.size()) return "policy without a rule";
    const Rule& rule = parts.rules[policy.rule];
    if (policy.principal_slot.has_value() != rule.principal.has_slot ||
        policy.resource_slot.has_value() != rule.resource.has_slot) {
      return "policy whose slots are not those of its rule";
    }
    if ((policy.principal_slot && !principals.Check(policy.principal_slot->type)) ||
        (policy.resource_slot && !resources.Check(policy.resource_slot->type))) {
      return "slot with a type that is no path";
    }
    if (!ids.Take(policy.id)) return "policy whose id is taken";
  }
  for (const TemplateEntry& entry : parts.templates) {
    if (entry.rule >= parts.rules.size()) return "template without a rule";
    if (!parts.rules[entry.rule].is_template()) return "template without slots";
    if (!ids.Take(entry.id)) return "template whose id is taken";
  }
  return std::nullopt;
}

// Whether all entities in a constant have types that are paths. Recursion is bounded by the depth
// of the value.
bool HasTypeNames(const Value& value, TypeNames* types) {
  if (const auto* uid = value.As<EntityUid>()) return types->Check(uid->type);
  if (const auto* set = value.As<Value::Set>()) {
    return std::all_of(set->begin(), set->end(),
                       [types](const Value& element) { return HasTypeNames(element, types); });
  }
  if (const auto* record = value.As<Record>()) {
    return std::all_of(record->begin(), record->end(),
                       [types](const auto& member) { return HasTypeNames(member.second, types); });
  }
  return true;
}

}  // namespace

std::optional<std::string> Verify(const ProgramParts& parts) {
  for (const std::string& type : parts.types) {
    if (!IsTypeName(type)) return "type that is not a path";
  }
  TypeNames types;
  for (const Value& constant : parts.constants) {
    if (!HasTypeNames(constant, &types)) return "constant with a type that is not a path";
  }
  if (auto broken = VerifyBodies(parts)) return broken;
  if (auto broken = VerifyRules(parts)) return broken;
  return VerifyPolicies(parts);
}

}  // namespace assay::bc
