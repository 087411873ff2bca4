#include "compiler/cedar/tree_maker.h"

#include <algorithm>
#include <string>

#include "engine/base/names.h"

namespace assay::cedar {

std::optional<ExprId> TreeMaker::TooDeep(Span span, std::string message) {
  diagnostics_->Add(DiagId::kTooDeep, span, std::move(message));
  return std::nullopt;
}

std::optional<ExprId> TreeMaker::Push(Expr e, std::span<const ExprId> operands) {
  std::uint32_t height = 0;
  for (const ExprId id : operands) {
    height = std::max(height, heights_[static_cast<std::size_t>(id) - base_]);
  }
  if (++height > limits_.expression_depth) {
    return TooDeep(e.span, "this expression is nested more than " +
                               std::to_string(limits_.expression_depth) +
                               " deep (expression_depth)");
  }
  e.operands_begin = static_cast<std::uint32_t>(ast_.operand_pool.size());
  ast_.operand_pool.insert(ast_.operand_pool.end(), operands.begin(), operands.end());
  e.operands_end = static_cast<std::uint32_t>(ast_.operand_pool.size());
  ast_.exprs.push_back(e);
  heights_.push_back(height);
  return static_cast<ExprId>(ast_.exprs.size() - 1);
}

std::optional<ExprId> TreeMaker::Chain(ExprKind kind, ExprId left, ExprId right, Span span) {
  std::vector<ExprId> operands = {left};
  if (ast_[left].kind == kind) {
    const auto inner = ast_.operands(ast_[left]);
    operands.assign(inner.begin(), inner.end());
  }
  operands.push_back(right);
  return Push({.kind = kind, .span = span}, operands);
}

void TreeMaker::SetNames(Expr* e, std::span<const std::string_view> names) {
  e->names_begin = static_cast<std::uint32_t>(ast_.name_pool.size());
  ast_.name_pool.insert(ast_.name_pool.end(), names.begin(), names.end());
  e->names_end = static_cast<std::uint32_t>(ast_.name_pool.size());
}

std::optional<ExprId> TreeMaker::Has(ExprId left, std::span<const std::string_view> path,
                                     Span span) {
  if (path.size() > 1 && !std::all_of(path.begin(), path.end(), IsFieldName)) {
    return HasEach(left, path, span);
  }
  Expr e{.kind = ExprKind::kHas, .span = span};
  SetNames(&e, path);
  return Push(e, {&left, 1});
}

std::optional<ExprId> TreeMaker::HasEach(ExprId left, std::span<const std::string_view> path,
                                         Span span) {
  if (CountNodes(left, 0) > limits_.repeated_nodes) {
    return TooDeep(span, "the left side of this `has` would be repeated, and has more than " +
                             std::to_string(limits_.repeated_nodes) + " nodes (repeated_nodes)");
  }
  std::vector<ExprId> tests;
  for (const std::string_view& name : path) {
    const auto test = Has(left, {&name, 1}, span);
    if (!test) return std::nullopt;
    const auto next = Push({.kind = ExprKind::kAttribute, .span = span, .text = name}, {&left, 1});
    if (!next) return std::nullopt;
    tests.push_back(*test);
    left = *next;
  }
  return Push({.kind = ExprKind::kAnd, .span = span}, tests);
}

// `count` and the nodes of the tree; stops soon after the limit.
std::uint32_t TreeMaker::CountNodes(ExprId id, std::uint32_t count) const {
  ++count;
  for (const ExprId operand : ast_.operands(ast_[id])) {
    if (count > limits_.repeated_nodes) break;
    count = CountNodes(operand, count);
  }
  return count;
}

std::optional<ExprId> TreeMaker::Record(std::span<const std::string_view> keys,
                                        std::span<const ExprId> values, Span span) {
  Expr e{.kind = ExprKind::kRecord, .span = span};
  SetNames(&e, keys);
  return Push(e, values);
}

}  // namespace assay::cedar
