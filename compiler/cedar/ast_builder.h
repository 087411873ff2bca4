// The stack machine that the grammar's actions drive: checks what the grammar cannot, and builds
// the syntax tree. Knows tokens by index, and nothing of ANTLR.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/cedar/ast.h"
#include "compiler/cedar/lex.h"

namespace assay::cedar {

// Ends the parse of the current policy; never leaves parse.cc.
struct ParseStop : std::runtime_error {
  ParseStop() : std::runtime_error("parse stopped") {}
};

class AstBuilder {
 public:
  AstBuilder(const Sources& sources, std::uint32_t source, const Tokens& tokens,
             const Limits& limits, Ast* ast);

  // Forgets everything since the last policy began: its nodes and its diagnostics.
  void Rollback();
  // Gives the diagnostics collected since the policy began to `diagnostics`.
  void Flush(Diagnostics* diagnostics);
  bool has_errors() const { return !found_.empty(); }
  // Marks the start of what Rollback undoes.
  void Checkpoint();
  // Reports that something else was expected at a token.
  void SyntaxError(std::uint32_t token, const std::string& expected, std::string hint);
  // The finished expression, after the rule `wholeExpr`.
  ExprId Result() const { return stack_.back(); }

  // --- policies
  void BeginPolicy(std::uint32_t token);
  void Annotation(std::uint32_t at, std::uint32_t key);
  void AnnotationValue(std::uint32_t value, std::uint32_t close);
  void SetEffect(std::uint32_t token);
  void BeginScopeEntry(std::uint32_t token);
  void ScopeColon(std::uint32_t token);
  void ScopeOp(std::uint32_t token);
  void ScopeSlot(std::uint32_t token);
  void ScopeEntity(std::uint32_t last);
  void ScopeListBegin(std::uint32_t token);
  void ScopeListEnd(std::uint32_t token);
  void ScopeType(std::uint32_t last);
  void EndScopeEntry(std::uint32_t last);
  void EndScope(std::uint32_t close);
  void Condition(std::uint32_t keyword, std::uint32_t close);
  void EndPolicy(std::uint32_t semicolon);

  // --- names
  void PathBegin(std::uint32_t token);
  void PathPart(std::uint32_t token);
  void PathId(std::uint32_t token);
  void PathEnds(std::uint32_t last);
  void NotReserved(std::uint32_t token);

  // --- expressions
  void Enter(std::uint32_t token);
  void Leave() { --depth_; }
  void If(std::uint32_t keyword);
  void Or(std::uint32_t count) { Chain(ExprKind::kOr, count); }
  void And(std::uint32_t count) { Chain(ExprKind::kAnd, count); }
  void Binary(std::uint32_t op);
  void HasString(std::uint32_t token);
  void HasBegin(std::uint32_t token);
  void HasMore(std::uint32_t token);
  void HasEnd(std::uint32_t last);
  void Like(std::uint32_t token);
  void Is(std::uint32_t last);
  void IsIn();
  void Prefix(std::uint32_t first, std::uint32_t count);
  void ApplyNot(std::uint32_t first, std::uint32_t count);
  void ApplyNegate(std::uint32_t first, std::uint32_t count);
  void Attribute(std::uint32_t name);
  void Index(std::uint32_t close);
  void CallBegin(std::uint32_t open);
  void CallEnd(std::uint32_t close);
  void ListBegin() { marks_.push_back(stack_.size()); }
  void Parentheses(std::uint32_t open, std::uint32_t close);
  void Bool(std::uint32_t token);
  void Number(std::uint32_t token);
  void String(std::uint32_t token);
  void SlotInCondition(std::uint32_t token);
  void Set(std::uint32_t open, std::uint32_t close);
  void RecordBegin();
  void RecordKey(std::uint32_t token);
  void RecordKeyString(std::uint32_t token);
  void Record(std::uint32_t open, std::uint32_t close);

 private:
  struct Path {
    std::string type;  // the parts so far, joined by `::`
    std::uint32_t first = 0, last = 0;
    std::uint32_t parts = 0;
    std::optional<std::string_view> id;
  };
  struct ScopeEntry {
    std::uint32_t variable = 0;
    ScopeConstraint constraint;
    bool has_is = false, has_eq = false, has_in = false, has_list = false;
  };
  // A call whose arguments are being read. Of a function the path is on paths_; of a method the
  // receiver is on the stack, below the arguments.
  struct Callee {
    bool is_method = false;
    std::uint32_t name = 0;   // token of the method's name
    std::uint32_t begin = 0;  // where the receiver begins
  };
  // What Rollback returns to.
  struct Mark {
    std::size_t exprs = 0, operands = 0, names = 0, policies = 0, strings = 0;
  };

  std::string_view Text(std::uint32_t token) const;
  Span SpanOf(std::uint32_t token) const { return SpanOf(token, token); }
  Span SpanOf(std::uint32_t first, std::uint32_t last) const;
  TokenKind KindOf(std::uint32_t token) const { return tokens_.tokens[token].kind; }
  void Report(DiagId id, Span span, std::string message, std::string hint = {});

  ExprId Pop();
  void Push(Expr expr, std::span<const ExprId> operands);
  void PushOver(Expr expr, std::uint32_t count);
  void Chain(ExprKind kind, std::uint32_t count);
  const Expr& Top() const { return (*ast_)[stack_.back()]; }
  // Where the expression stands that is `below` others on the stack, with parentheses around it.
  Span Place(std::size_t below = 0) const;
  void Function(std::uint32_t close);
  void Method(const Callee& callee, std::uint32_t close);
  void PushPath(const Path& path, std::uint32_t last);
  std::string_view Unquoted(std::uint32_t token, bool is_pattern = false);
  void SetNames(Expr* expr, std::vector<std::string_view> names);
  std::string_view PathText(const Path& path);
  Span TypeSpan(const Path& path) const;
  void CheckMethod(std::string_view name, std::uint32_t token, std::uint32_t arguments);
  void CheckScopeEntry(const ScopeEntry& entry, std::uint32_t index, Span span);
  void CheckActionEntry(ScopeEntry* entry, Span span);

  const Sources& sources_;
  std::uint32_t source_;
  const Tokens& tokens_;
  const Limits& limits_;
  Ast* ast_;
  Mark mark_;
  std::vector<Diagnostic> found_;

  struct Wrapped {
    std::size_t index = 0;  // on the stack
    Span span;
  };

  std::vector<ExprId> stack_;
  std::vector<Wrapped> wrapped_;       // what on the stack has parentheses around it, upwards
  std::vector<std::uint32_t> depths_;  // height of each node's tree, by index
  std::vector<std::size_t> marks_;     // where open lists begin on the stack
  std::vector<std::vector<std::string_view>> record_keys_;
  std::vector<std::string_view> has_names_;
  std::optional<std::uint32_t> negated_;  // the token after the last prefix minus
  std::vector<Path> paths_;
  std::vector<Callee> callees_;
  std::uint32_t depth_ = 0;

  Policy policy_;
  std::unordered_set<std::string_view> annotations_;  // keys of the policy
  std::vector<ScopeEntry> scope_;
};

}  // namespace assay::cedar
