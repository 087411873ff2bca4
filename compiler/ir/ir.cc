#include "compiler/ir/ir.h"

#include <utility>

namespace assay::ir {

Builder::Builder(Module* module) : module_(module) {
  const auto index = [](const std::vector<std::string>& all, Index* out) {
    for (std::uint32_t i = 0; i < all.size(); ++i) out->emplace(all[i], i);
  };
  index(module->names, &names_);
  index(module->types, &types_);
  index(module->patterns, &patterns_);
  for (std::uint32_t i = 0; i < module->constants.size(); ++i) {
    constants_.emplace(module->constants[i].ToCedar(), i);
  }
}

NodeId Builder::Add(Node node, std::span<const NodeId> operands,
                    std::span<const std::uint32_t> names) {
  node.operands_begin = static_cast<std::uint32_t>(module_->operand_pool.size());
  module_->operand_pool.insert(module_->operand_pool.end(), operands.begin(), operands.end());
  node.operands_end = static_cast<std::uint32_t>(module_->operand_pool.size());
  node.names_begin = static_cast<std::uint32_t>(module_->name_pool.size());
  module_->name_pool.insert(module_->name_pool.end(), names.begin(), names.end());
  node.names_end = static_cast<std::uint32_t>(module_->name_pool.size());
  module_->nodes.push_back(node);
  return static_cast<NodeId>(module_->nodes.size() - 1);
}

NodeId Builder::AddConstant(Value value, Span span) {
  const std::uint32_t constant = Constant(std::move(value));
  return Add({.kind = NodeKind::kConstant, .data = constant, .span = span}, {});
}

// The printed form names a value uniquely, so it is the key.
std::uint32_t Builder::Constant(Value value) {
  const auto next = static_cast<std::uint32_t>(module_->constants.size());
  const auto [found, is_new] = constants_.try_emplace(value.ToCedar(), next);
  if (is_new) module_->constants.push_back(std::move(value));
  return found->second;
}

std::uint32_t Builder::Intern(std::string_view text, Index* index, std::vector<std::string>* all) {
  const auto next = static_cast<std::uint32_t>(all->size());
  const auto [found, is_new] = index->try_emplace(std::string(text), next);
  if (is_new) all->push_back(found->first);
  return found->second;
}

}  // namespace assay::ir
