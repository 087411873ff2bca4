// IR as text: for people, and for golden tests.
#include "compiler/ir/ir.h"
#include "engine/base/escape.h"
#include "stdlib/functions.h"

namespace assay::ir {

namespace {

constexpr std::string_view kVariables[] = {"principal", "action", "resource", "context"};
constexpr std::string_view kTests[] = {"==", "in", "in", "is"};

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

std::string PatternText(std::string_view pattern) {
  std::string out = "\"";
  for (const char c : pattern) {
    if (c == '\xff') {
      out += '*';
    } else if (c == '*') {
      out += "\\*";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

class Dumper {
 public:
  explicit Dumper(const Module& module) : module_(module) {}

  std::string Run() {
    std::vector<std::string> heads(module_.rules.size());
    for (const Policy& policy : module_.policies) heads[policy.rule] += PolicyLine(policy);
    for (const auto& entry : module_.templates) heads[entry.rule] += TemplateLine(entry);
    for (std::size_t i = 0; i < module_.rules.size(); ++i) {
      out_ += heads[i] + "rule " + std::to_string(i) + "\n";
      for (const ScopeTest& test : module_.rules[i].scope) out_ += "  scope " + Scope(test) + "\n";
      for (const Condition& condition : module_.rules[i].conditions) {
        out_ += condition.is_negated ? "  require not\n" : "  require\n";
        Expression(condition.body, 2);
      }
    }
    return std::move(out_);
  }

 private:
  std::string Effect(std::uint32_t rule) const {
    return module_.rules[rule].is_forbid ? "forbid " : "permit ";
  }

  std::string TemplateLine(const bc::TemplateEntry& entry) const {
    return "template " + Effect(entry.rule) + Quoted(entry.id) + "\n";
  }

  std::string PolicyLine(const Policy& policy) const {
    std::string line = Effect(policy.rule) + Quoted(policy.id);
    if (policy.principal_slot) line += " ?principal=" + policy.principal_slot->ToCedar();
    if (policy.resource_slot) line += " ?resource=" + policy.resource_slot->ToCedar();
    return line + "\n";
  }

  std::string Scope(const ScopeTest& test) const {
    std::string out = std::string(kVariables[test.variable]) + " " +
                      std::string(kTests[static_cast<std::size_t>(test.kind)]) + " ";
    if (test.slot != Slot::kNone) {
      return out + (test.slot == Slot::kPrincipal ? "?principal" : "?resource");
    }
    if (test.kind == ScopeTest::Kind::kIs) return out + module_.types[test.operand];
    return out + module_.constants[test.operand].ToCedar();
  }

  std::string DataText(const Node& node) const {
    switch (Info(node.kind).data) {
      case Data::kNothing: return "";
      case Data::kConstant: return " " + module_.constants[node.data].ToCedar();
      case Data::kVariable: return " " + std::string(kVariables[node.data]);
      case Data::kName: return " " + Quoted(module_.names[node.data]);
      case Data::kType: return " " + module_.types[node.data];
      case Data::kPattern: return " " + PatternText(module_.patterns[node.data]);
      case Data::kFunction: return " " + std::string(stdlib::Functions()[node.data].name);
      case Data::kNames: {
        std::string out;
        for (const std::uint32_t name : module_.node_names(node)) {
          out += " " + Quoted(module_.names[name]);
        }
        return out;
      }
    }
    return "";
  }

  void Expression(NodeId id, std::size_t depth) {
    const Node& node = module_[id];
    out_ +=
        std::string(2 * depth, ' ') + std::string(Info(node.kind).mnemonic) + DataText(node) + "\n";
    for (const NodeId operand : module_.operands(node)) Expression(operand, depth + 1);
  }

  const Module& module_;
  std::string out_;
};

}  // namespace

std::string Dump(const Module& module) { return Dumper(module).Run(); }

}  // namespace assay::ir
