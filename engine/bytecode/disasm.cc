#include "engine/bytecode/disasm.h"

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

std::string Operands(const ProgramParts& parts, const Inst& inst) {
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
    case Format::kRegTarget: return a + ", @" + std::to_string(inst.c);
    case Format::kTarget: return "@" + std::to_string(inst.c);
    case Format::kVariable: return std::string(kVariables[inst.x]);
    case Format::kVariableEntity:
    case Format::kVariableSet:
      return std::string(kVariables[inst.x]) + ", " + parts.constants[inst.c].ToCedar();
    case Format::kVariableType: return std::string(kVariables[inst.x]) + ", " + parts.types[inst.c];
  }
  return "";
}

std::string PolicyLine(const PolicyEntry& policy) {
  std::string line = policy.is_forbid ? "forbid " : "permit ";
  line += Quoted(policy.id);
  if (policy.principal_slot) line += " ?principal=" + policy.principal_slot->ToCedar();
  if (policy.resource_slot) line += " ?resource=" + policy.resource_slot->ToCedar();
  return line + "\n";
}

}  // namespace

std::string Disassemble(const ProgramParts& parts) {
  std::vector<std::string> policies(parts.bodies.size());
  for (const PolicyEntry& policy : parts.policies) policies[policy.body] += PolicyLine(policy);
  std::string out;
  for (std::size_t i = 0; i < parts.bodies.size(); ++i) {
    const Body& body = parts.bodies[i];
    out += policies[i];
    out += "body " + std::to_string(i) + " registers=" + std::to_string(body.registers) + "\n";
    for (std::uint32_t pc = body.begin; pc < body.end; ++pc) {
      const Inst& inst = parts.code[pc];
      std::string line = std::to_string(pc);
      line.insert(0, line.size() < 5 ? 5 - line.size() : 0, ' ');
      line += "  " + std::string(Info(inst.op).mnemonic);
      const std::string operands = Operands(parts, inst);
      if (!operands.empty()) {
        line.append(line.size() < 22 ? 22 - line.size() : 1, ' ');
        line += operands;
      }
      out += line + "\n";
    }
  }
  return out;
}

}  // namespace assay::bc
