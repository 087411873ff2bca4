// Builds expressions from the leaves up, where there is no text that the parser could read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "compiler/cedar/ast.h"

namespace assay::cedar {

class TreeMaker {
 public:
  // What it makes is appended to `ast`; operands must be nodes that it made. Each function returns
  // nothing, and says why in `diagnostics`, when a limit would be exceeded.
  TreeMaker(const Limits& limits, Ast* ast, Diagnostics* diagnostics)
      : limits_(limits), ast_(*ast), base_(ast->exprs.size()), diagnostics_(diagnostics) {}

  Ast& ast() { return ast_; }

  std::optional<ExprId> Push(Expr e, std::span<const ExprId> operands);
  std::optional<ExprId> Leaf(const Expr& e) { return Push(e, {}); }

  // `left && right` or `left || right`; `(a && b) && c` is one chain, as in text.
  std::optional<ExprId> Chain(ExprKind kind, ExprId left, ExprId right, Span span);

  // `left has a.b.c`. Where a name is no identifier there is no such text, and `e has "b c".d`
  // becomes `e has "b c" && e["b c"] has d`.
  std::optional<ExprId> Has(ExprId left, std::span<const std::string_view> path, Span span);

  // A record; the keys must differ.
  std::optional<ExprId> Record(std::span<const std::string_view> keys,
                               std::span<const ExprId> values, Span span);

 private:
  std::optional<ExprId> TooDeep(Span span, std::string message);
  void SetNames(Expr* e, std::span<const std::string_view> names);
  std::optional<ExprId> HasEach(ExprId left, std::span<const std::string_view> path, Span span);
  std::uint32_t CountNodes(ExprId id, std::uint32_t count) const;

  const Limits& limits_;
  Ast& ast_;
  std::size_t base_;                    // nodes of others, before ours
  std::vector<std::uint32_t> heights_;  // of each node's tree
  Diagnostics* diagnostics_;
};

}  // namespace assay::cedar
