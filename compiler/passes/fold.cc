#include "compiler/passes/fold.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "assay/limits.h"
#include "stdlib/call_values.h"

namespace assay::passes {

namespace {

using ir::Node;
using ir::NodeKind;

class Folder {
 public:
  explicit Folder(ir::Module* module) : module_(*module), builder_(module) {}

  // Operands come before the nodes that use them, so one walk is enough. Sets and records that are
  // nested deeper than a snapshot takes constants are left to the evaluator.
  void Run() {
    depths_.resize(module_.nodes.size());
    for (std::size_t i = 0; i < module_.nodes.size(); ++i) {
      depths_[i] = Depth(module_.nodes[i]);
      if (depths_[i] > Limits{}.json_depth) continue;
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

  // How deep sets and records are nested in the value of the node, were it a constant.
  std::uint32_t Depth(const Node& node) const {
    if (node.kind != NodeKind::kSet && node.kind != NodeKind::kRecord) return 0;
    std::uint32_t deepest = 0;
    for (const ir::NodeId operand : module_.operands(node)) {
      deepest = std::max(deepest, depths_[static_cast<std::uint32_t>(operand)]);
    }
    return deepest + 1;
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
  std::vector<std::uint32_t> depths_;  // by node
};

}  // namespace

void Fold(ir::Module* module) { Folder(module).Run(); }

}  // namespace assay::passes
