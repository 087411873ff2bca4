#include "engine/bytecode/disasm.h"

#include <utility>
#include <vector>

#include "engine/base/escape.h"
#include "stdlib/functions.h"

namespace assay::bc {

namespace {

constexpr std::string_view kVariables[kVariableCount] = {"principal", "action", "resource",
                                                         "context"};

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

std::string PatternText(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c == kWildcard) {
      out += '*';
    } else if (c == '*') {
      out += "\\*";
    } else {
      out += c;
    }
  }
  return "\"" + out + "\"";
}

std::string Reg(std::uint32_t index) { return "r" + std::to_string(index); }

std::string Operands(const ProgramParts& parts, const Inst& inst, std::uint32_t at) {
  std::string a = Reg(inst.a);
  switch (Info(inst.op).format) {
    case Format::kNone: return "";
    case Format::kReg: return a;
    case Format::kRegReg: return a + ", " + Reg(inst.c);
    case Format::kRegConstant: return a + ", " + parts.constants[inst.c].ToCedar();
    case Format::kRegVariable: return a + ", " + std::string(kVariables[inst.c]);
    case Format::kRegName: return a + ", " + Quoted(parts.names[inst.c]);
    case Format::kRegType: return a + ", " + parts.types[inst.c];
    case Format::kRegPattern: return a + ", " + PatternText(parts.patterns[inst.c]);
    case Format::kRegCount: return a + ", " + std::to_string(inst.c);
    case Format::kRegFunction:
      return a + ", " + std::string(stdlib::Functions()[inst.c].name) + "/" +
             std::to_string(inst.x);
    case Format::kRegTarget: return a + ", @" + std::to_string(at + inst.c);
    case Format::kTarget: return "@" + std::to_string(at + inst.c);
  }
  return "";
}

std::string ConstraintText(const ProgramParts& parts, std::string_view variable,
                           const Constraint& constraint) {
  const std::string entity = constraint.has_slot ? "?" + std::string(variable)
                             : constraint.constant < parts.constants.size()
                                 ? parts.constants[constraint.constant].ToCedar()
                                 : "";
  std::string out(variable);
  switch (constraint.kind) {
    case Constraint::Kind::kAny: return "";
    case Constraint::Kind::kEqual: out += " == " + entity; break;
    case Constraint::Kind::kIn:
    case Constraint::Kind::kInAnyOf: out += " in " + entity; break;
    case Constraint::Kind::kIs: out += " is " + parts.types[constraint.type]; break;
    case Constraint::Kind::kIsIn:
      out += " is " + parts.types[constraint.type] + " in " + entity;
      break;
  }
  return out;
}

std::string RuleText(const ProgramParts& parts, std::size_t index) {
  const Rule& rule = parts.rules[index];
  std::string out = "rule " + std::to_string(index) + (rule.is_forbid ? ": forbid" : ": permit");
  const std::pair<std::size_t, const Constraint*> scope[] = {
      {0, &rule.principal}, {1, &rule.action}, {2, &rule.resource}};
  for (const auto& [variable, constraint] : scope) {
    const std::string text = ConstraintText(parts, kVariables[variable], *constraint);
    if (!text.empty()) out += "; " + text;
  }
  return out + "; body " + std::to_string(rule.body) + "\n";
}

std::string PolicyText(const PolicyEntry& policy) {
  std::string line = "  policy " + Quoted(policy.id);
  if (policy.principal_slot) line += " ?principal=" + policy.principal_slot->ToCedar();
  if (policy.resource_slot) line += " ?resource=" + policy.resource_slot->ToCedar();
  return line + "\n";
}

std::string BodyText(const ProgramParts& parts, std::size_t index) {
  const Body& body = parts.bodies[index];
  std::string out =
      "body " + std::to_string(index) + " registers=" + std::to_string(body.registers) + "\n";
  for (std::uint32_t pc = body.begin; pc < body.end; ++pc) {
    const Inst& inst = parts.code[pc];
    const std::uint32_t at = pc - body.begin;
    std::string line = std::to_string(at);
    line.insert(0, line.size() < 5 ? 5 - line.size() : 0, ' ');
    line += "  " + std::string(Info(inst.op).mnemonic);
    const std::string operands = Operands(parts, inst, at);
    if (!operands.empty()) {
      line.append(line.size() < 22 ? 22 - line.size() : 1, ' ');
      line += operands;
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string Disassemble(const ProgramParts& parts) {
  std::vector<std::string> names(parts.rules.size());
  for (const TemplateEntry& entry : parts.templates) {
    names[entry.rule] += "  template " + Quoted(entry.id) + "\n";
  }
  for (const PolicyEntry& policy : parts.policies) names[policy.rule] += PolicyText(policy);
  std::string out;
  for (std::size_t i = 0; i < parts.rules.size(); ++i) out += RuleText(parts, i) + names[i];
  for (std::size_t i = 0; i < parts.bodies.size(); ++i) out += BodyText(parts, i);
  return out;
}

}  // namespace assay::bc
