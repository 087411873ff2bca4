#include "compiler/passes/fold.h"

#include <optional>
#include <utility>

#include "stdlib/call_values.h"

namespace assay::passes {

namespace {

using ir::Node;
using ir::NodeKind;

class Folder {
 public:
  explicit Folder(ir::Module* module) : module_(*module), builder_(module) {}

  // Operands come before the nodes that use them, so one walk is enough.
  void Run() {
    for (std::size_t i = 0; i < module_.nodes.size(); ++i) {
      if (std::optional<Value> value = Evaluate(module_.nodes[i])) {
        const std::uint32_t constant = builder_.Constant(std::move(*value));
        Node& node = module_.nodes[i];
        node = {.kind = NodeKind::kConstant, .data = constant, .span = node.span};
      }
    }
  }

 private:
  // nullptr unless operand `i` is a constant.
  const Value* Operand(const Node& node, std::uint32_t i) const {
    const Node& operand = module_[module_.operand(node, i)];
    return operand.kind == NodeKind::kConstant ? &module_.constants[operand.data] : nullptr;
  }

  std::optional<Value> Evaluate(const Node& node) const {
    switch (node.kind) {
      case NodeKind::kSet: return EvaluateSet(node);
      case NodeKind::kRecord: return EvaluateRecord(node);
      case NodeKind::kCall: return EvaluateCall(node);
      default: return std::nullopt;
    }
  }

  std::optional<Value> EvaluateSet(const Node& node) const {
    Value::Set elements;
    for (std::uint32_t i = 0; i < module_.operands(node).size(); ++i) {
      const Value* element = Operand(node, i);
      if (element == nullptr) return std::nullopt;
      elements.push_back(*element);
    }
    return Value(std::move(elements));
  }

  std::optional<Value> EvaluateRecord(const Node& node) const {
    Record record;
    for (std::uint32_t i = 0; i < module_.operands(node).size(); ++i) {
      const Value* value = Operand(node, i);
      if (value == nullptr) return std::nullopt;
      record.emplace(module_.names[module_.node_names(node)[i]], *value);
    }
    return record;
  }

  std::optional<Value> EvaluateCall(const Node& node) const {
    std::vector<Value> arguments;
    for (std::uint32_t i = 0; i < module_.operands(node).size(); ++i) {
      const Value* argument = Operand(node, i);
      if (argument == nullptr) return std::nullopt;
      arguments.push_back(*argument);
    }
    auto result = stdlib::CallOnValues(stdlib::Functions()[node.data], arguments);
    if (auto* value = std::get_if<Value>(&result)) return std::move(*value);
    return std::nullopt;
  }

  ir::Module& module_;
  ir::Builder builder_;
};

}  // namespace

void Fold(ir::Module* module) { Folder(module).Run(); }

}  // namespace assay::passes
