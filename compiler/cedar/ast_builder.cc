// Expressions. Policies and scopes are in ast_builder_policy.cc.
#include "compiler/cedar/ast_builder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <unordered_set>

#include "engine/base/escape.h"
#include "engine/base/names.h"
#include "engine/base/suggest.h"
#include "stdlib/functions.h"

namespace assay::cedar {

namespace {

constexpr std::uint32_t kMaxPrefixOperators = 4;
constexpr std::uint64_t kMinLongMagnitude = std::uint64_t{1} << 63;

BinaryOp OpOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual: return BinaryOp::kEqual;
    case TokenKind::kNotEqual: return BinaryOp::kNotEqual;
    case TokenKind::kLess: return BinaryOp::kLess;
    case TokenKind::kLessEqual: return BinaryOp::kLessEqual;
    case TokenKind::kGreater: return BinaryOp::kGreater;
    case TokenKind::kGreaterEqual: return BinaryOp::kGreaterEqual;
    case TokenKind::kIn: return BinaryOp::kIn;
    case TokenKind::kPlus: return BinaryOp::kAdd;
    case TokenKind::kMinus: return BinaryOp::kSubtract;
    default: return BinaryOp::kMultiply;
  }
}

bool StartsAccess(TokenKind kind) {
  return kind == TokenKind::kDot || kind == TokenKind::kLeftBracket ||
         kind == TokenKind::kLeftParen;
}

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

AstBuilder::AstBuilder(const Sources& sources, std::uint32_t source, const Tokens& tokens,
                       const Limits& limits, Ast* ast)
    : sources_(sources), source_(source), tokens_(tokens), limits_(limits), ast_(ast) {
  depths_.resize(ast->exprs.size());
  Checkpoint();
}

void AstBuilder::Checkpoint() {
  mark_ = {ast_->exprs.size(), ast_->operand_pool.size(), ast_->name_pool.size(),
           ast_->policies.size(), ast_->strings.size()};
  found_.clear();
  stack_.clear();
  wrapped_.clear();
  marks_.clear();
  record_keys_.clear();
  has_names_.clear();
  paths_.clear();
  callees_.clear();
  depth_ = 0;
}

void AstBuilder::Rollback() {
  ast_->exprs.resize(mark_.exprs);
  ast_->operand_pool.resize(mark_.operands);
  ast_->name_pool.resize(mark_.names);
  ast_->policies.resize(mark_.policies);
  ast_->strings.resize(mark_.strings);
  depths_.resize(mark_.exprs);
  Checkpoint();
}

void AstBuilder::Flush(Diagnostics* diagnostics) {
  for (Diagnostic& d : found_) {
    diagnostics->Add(d.id, d.span, std::move(d.message), std::move(d.hint));
  }
  found_.clear();
}

void AstBuilder::SyntaxError(std::uint32_t token, const std::string& expected, std::string hint) {
  const TokenKind kind = KindOf(token);
  const bool show_text = kind == TokenKind::kIdent || kind == TokenKind::kNumber;
  Report(DiagId::kUnexpectedToken, SpanOf(token),
         "expected " + expected + ", found " +
             (show_text ? Quoted(Text(token)) : std::string(TokenText(kind))),
         std::move(hint));
}

void AstBuilder::Report(DiagId id, Span span, std::string message, std::string hint) {
  found_.push_back({id, span, true, std::move(message), std::move(hint)});
}

std::string_view AstBuilder::Text(std::uint32_t token) const {
  const Token& t = tokens_.tokens[token];
  return sources_.text(source_).substr(t.begin, t.end - t.begin);
}

Span AstBuilder::SpanOf(std::uint32_t first, std::uint32_t last) const {
  return {source_, tokens_.tokens[first].begin, tokens_.tokens[last].end};
}

// --- the stack

ExprId AstBuilder::Pop() {
  const ExprId top = stack_.back();
  stack_.pop_back();
  return top;
}

Span AstBuilder::Place(std::size_t below) const {
  const std::size_t index = stack_.size() - 1 - below;
  for (auto it = wrapped_.rbegin(); it != wrapped_.rend() && it->index >= index; ++it) {
    if (it->index == index) return it->span;
  }
  return (*ast_)[stack_[index]].span;
}

void AstBuilder::Parentheses(std::uint32_t open, std::uint32_t close) {
  const std::size_t index = stack_.size() - 1;
  if (wrapped_.empty() || wrapped_.back().index < index) wrapped_.push_back({index, {}});
  wrapped_.back().span = SpanOf(open, close);
}

void AstBuilder::Push(Expr expr, std::span<const ExprId> operands) {
  while (!wrapped_.empty() && wrapped_.back().index >= stack_.size()) wrapped_.pop_back();
  std::uint32_t height = 0;
  for (const ExprId id : operands)
    height = std::max(height, depths_[static_cast<std::uint32_t>(id)]);
  if (++height > limits_.expression_depth) {
    Report(DiagId::kTooDeep, expr.span,
           "this expression is nested more than " + std::to_string(limits_.expression_depth) +
               " deep (expression_depth)",
           "split it into several policies or conditions");
    throw ParseStop();
  }
  expr.operands_begin = static_cast<std::uint32_t>(ast_->operand_pool.size());
  ast_->operand_pool.insert(ast_->operand_pool.end(), operands.begin(), operands.end());
  expr.operands_end = static_cast<std::uint32_t>(ast_->operand_pool.size());
  stack_.push_back(static_cast<ExprId>(ast_->exprs.size()));
  ast_->exprs.push_back(expr);
  depths_.push_back(height);
}

// Replaces the topmost `count` expressions by one that has them as operands.
void AstBuilder::PushOver(Expr expr, std::uint32_t count) {
  const std::vector<ExprId> operands(stack_.end() - count, stack_.end());
  stack_.resize(stack_.size() - count);
  Push(expr, operands);
}

void AstBuilder::Enter(std::uint32_t token) {
  if (++depth_ <= limits_.expression_depth) return;
  Report(DiagId::kTooDeep, SpanOf(token),
         "brackets and `if` are nested more than " + std::to_string(limits_.expression_depth) +
             " deep here (expression_depth)");
  throw ParseStop();
}

std::string_view AstBuilder::Unquoted(std::uint32_t token, bool is_pattern) {
  std::string_view raw = Text(token);
  raw = raw.substr(1, raw.size() - 2);
  std::string text;
  const auto error = Unescape(raw, is_pattern ? StringForm::kPattern : StringForm::kText, &text);
  if (error) {
    const auto begin = tokens_.tokens[token].begin + 1 + static_cast<std::uint32_t>(error->offset);
    const auto length = static_cast<std::uint32_t>(error->length);
    Report(DiagId::kInvalidEscape, {source_, begin, begin + length}, error->message);
  }
  return ast_->Keep(std::move(text));
}

void AstBuilder::SetNames(Expr* expr, std::vector<std::string_view> names) {
  expr->names_begin = static_cast<std::uint32_t>(ast_->name_pool.size());
  ast_->name_pool.insert(ast_->name_pool.end(), names.begin(), names.end());
  expr->names_end = static_cast<std::uint32_t>(ast_->name_pool.size());
}

// --- operators

void AstBuilder::If(std::uint32_t keyword) {
  Expr e{.kind = ExprKind::kIf, .span = Cover(SpanOf(keyword), Place())};
  PushOver(e, 3);
}

// `(a && b) && c` is `a && b && c`: the first operand of a chain is never a chain of its kind.
void AstBuilder::Chain(ExprKind kind, std::uint32_t count) {
  std::vector<ExprId> operands(stack_.end() - count, stack_.end());
  const Expr& first = (*ast_)[operands.front()];
  const Expr chain{.kind = kind, .span = Cover(Place(count - 1), Place())};
  if (first.kind == kind) {
    const auto inner = ast_->operands(first);
    std::vector<ExprId> joined(inner.begin(), inner.end());
    joined.insert(joined.end(), operands.begin() + 1, operands.end());
    operands = std::move(joined);
  }
  stack_.resize(stack_.size() - count);
  Push(chain, operands);
}

void AstBuilder::Binary(std::uint32_t op) {
  PushOver({.kind = ExprKind::kBinary, .op = OpOf(KindOf(op)), .span = Cover(Place(1), Place())},
           2);
}

void AstBuilder::Prefix(std::uint32_t first, std::uint32_t count) {
  if (KindOf(first) == TokenKind::kMinus) negated_ = first + count;
  if (count <= kMaxPrefixOperators) return;
  Report(DiagId::kUnexpectedToken, SpanOf(first, first + count - 1),
         "at most 4 " + Quoted(Text(first)) + " may stand in a row", "use parentheses");
}

void AstBuilder::ApplyNot(std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t i = count; i > 0; --i) {
    PushOver({.kind = ExprKind::kNot, .span = Cover(SpanOf(first + i - 1), Place())}, 1);
  }
}

// The minus next to a literal belongs to it: that is how the smallest long can be written.
void AstBuilder::ApplyNegate(std::uint32_t first, std::uint32_t count) {
  const std::uint32_t operand = first + count;
  Expr& top = ast_->exprs[static_cast<std::uint32_t>(stack_.back())];
  if (KindOf(operand) == TokenKind::kNumber && top.span == SpanOf(operand)) {
    top.number = static_cast<std::int64_t>(-static_cast<std::uint64_t>(top.number));
    top.span = Cover(SpanOf(operand - 1), top.span);
    --count;
  }
  for (std::uint32_t i = count; i > 0; --i) {
    PushOver({.kind = ExprKind::kNegate, .span = Cover(SpanOf(first + i - 1), Place())}, 1);
  }
}

// --- has, like, is

void AstBuilder::HasString(std::uint32_t token) {
  Expr e{.kind = ExprKind::kHas, .span = Cover(Place(), SpanOf(token))};
  SetNames(&e, {Unquoted(token)});
  PushOver(e, 1);
}

void AstBuilder::HasBegin(std::uint32_t token) {
  has_names_ = {ast_->Keep(std::string(Text(token)))};
}

void AstBuilder::HasMore(std::uint32_t token) {
  has_names_.push_back(ast_->Keep(std::string(Text(token))));
}

void AstBuilder::HasEnd(std::uint32_t last) {
  Expr e{.kind = ExprKind::kHas, .span = Cover(Place(), SpanOf(last))};
  SetNames(&e, has_names_);
  PushOver(e, 1);
}

void AstBuilder::Like(std::uint32_t token) {
  const std::string_view pattern = Unquoted(token, /*is_pattern=*/true);
  PushOver({.kind = ExprKind::kLike, .span = Cover(Place(), SpanOf(token)), .text = pattern}, 1);
}

void AstBuilder::Is(std::uint32_t last) {
  const Path path = std::move(paths_.back());
  paths_.pop_back();
  if (path.id) {
    Report(DiagId::kInvalidUid, SpanOf(path.first, last),
           "`is` takes an entity type, and this is an entity",
           "leave `::\"…\"` out, or compare with `==`");
  }
  const Span type = TypeSpan(path);
  PushOver({.kind = ExprKind::kIs,
            .span = Cover(Place(), SpanOf(last)),
            .type = PathText(path),
            .part_begin = type.begin,
            .part_end = type.end},
           1);
}

void AstBuilder::IsIn() {
  const Span target_place = Place();
  const ExprId target = Pop();
  Expr is = Top();
  const ExprId subject = ast_->operand(is, 0);
  is.span = Cover(is.span, target_place);
  stack_.back() = subject;
  stack_.push_back(target);
  PushOver(is, 2);
}

// --- access and calls

void AstBuilder::Attribute(std::uint32_t name) {
  const std::string_view text = ast_->Keep(std::string(Text(name)));
  PushOver({.kind = ExprKind::kAttribute, .span = Cover(Place(), SpanOf(name)), .text = text}, 1);
}

void AstBuilder::Index(std::uint32_t close) {
  const std::string_view name = Unquoted(close - 1);
  PushOver({.kind = ExprKind::kAttribute, .span = Cover(Place(), SpanOf(close)), .text = name}, 1);
}

void AstBuilder::CheckMethod(std::string_view name, std::uint32_t token, std::uint32_t arguments) {
  if (const auto arity = stdlib::BuiltinMethodArity(name)) {
    if (arguments == *arity) return;
    return Report(DiagId::kWrongArity, SpanOf(token),
                  Quoted(name) + " takes " + std::to_string(*arity) +
                      (*arity == 1 ? " argument" : " arguments") + ", and here are " +
                      std::to_string(arguments));
  }
  const stdlib::FunctionInfo* function = stdlib::FindFunction(name);
  if (function != nullptr && function->is_method) return;
  if (function != nullptr) {
    return Report(DiagId::kInvalidCall, SpanOf(token),
                  Quoted(name) + " is a function, not a method",
                  "write `" + std::string(name) + "(…)`");
  }
  Report(DiagId::kUnknownFunction, SpanOf(token), Quoted(name) + " is no method of Cedar",
         DidYouMean(name, stdlib::MethodNames()));
}

void AstBuilder::Method(const Callee& callee, std::uint32_t close) {
  const auto arguments = static_cast<std::uint32_t>(stack_.size() - marks_.back());
  marks_.pop_back();
  const std::string_view text = ast_->Keep(std::string(Text(callee.name)));
  CheckMethod(text, callee.name, arguments);
  const Span span = {source_, callee.begin, SpanOf(close).end};
  PushOver({.kind = ExprKind::kMethod, .span = span, .text = text}, arguments + 1);
}

void AstBuilder::Function(std::uint32_t close) {
  const Path path = std::move(paths_.back());
  paths_.pop_back();
  const auto arguments = static_cast<std::uint32_t>(stack_.size() - marks_.back());
  marks_.pop_back();
  const Span name_span = SpanOf(path.first, path.last);
  const std::string_view name = PathText(path);
  const stdlib::FunctionInfo* function = stdlib::FindFunction(name);
  if (stdlib::BuiltinMethodArity(name) || (function != nullptr && function->is_method)) {
    Report(DiagId::kInvalidCall, name_span, Quoted(name) + " is a method, not a function",
           "write `value." + std::string(name) + "(…)`");
  } else if (function == nullptr) {
    Report(DiagId::kUnknownFunction, name_span, Quoted(name) + " is no function of Cedar",
           DidYouMean(name, stdlib::FunctionNames()));
  }
  PushOver({.kind = ExprKind::kFunction, .span = Cover(name_span, SpanOf(close)), .text = name},
           arguments);
}

// What was just read is a function's name, or an attribute that turns out to be a method's name.
void AstBuilder::CallBegin(std::uint32_t open) {
  const std::uint32_t before = open - 1;
  const bool is_function = !paths_.empty() && paths_.back().last == before && !paths_.back().id;
  if (is_function) {
    callees_.push_back({});
  } else if (Top().kind == ExprKind::kAttribute && KindOf(before) != TokenKind::kRightBracket &&
             Top().span.end == SpanOf(before).end) {
    callees_.push_back({true, before, Top().span.begin});
    stack_.back() = ast_->operand(Top(), 0);
    ast_->exprs.pop_back();
    depths_.pop_back();
  } else {
    Report(DiagId::kInvalidCall, SpanOf(open), "only functions and methods can be called");
    throw ParseStop();
  }
  ListBegin();
}

void AstBuilder::CallEnd(std::uint32_t close) {
  const Callee callee = callees_.back();
  callees_.pop_back();
  if (callee.is_method) {
    Method(callee, close);
  } else {
    Function(close);
  }
}

// --- literals and collections

void AstBuilder::Bool(std::uint32_t token) {
  Push({.kind = ExprKind::kBool,
        .span = SpanOf(token),
        .number = KindOf(token) == TokenKind::kTrue ? 1 : 0},
       {});
}

void AstBuilder::Number(std::uint32_t token) {
  const std::string_view digits = Text(token);
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_smallest_long =
      value == kMinLongMagnitude && token == negated_ && !StartsAccess(KindOf(token + 1));
  if (code != std::errc{} || (value >= kMinLongMagnitude && !is_smallest_long)) {
    Report(DiagId::kIntegerTooLarge, SpanOf(token), "this integer is too large",
           "integers go from -9223372036854775808 to 9223372036854775807");
    value = 0;
  }
  const Span span = SpanOf(token);
  Push({.kind = ExprKind::kLong,
        .span = span,
        .number = static_cast<std::int64_t>(value),
        .part_begin = span.begin,
        .part_end = span.end},
       {});
}

void AstBuilder::String(std::uint32_t token) {
  const std::string_view text = Unquoted(token);
  Push({.kind = ExprKind::kString, .span = SpanOf(token), .text = text}, {});
}

void AstBuilder::SlotInCondition(std::uint32_t token) {
  Report(DiagId::kInvalidSlot, SpanOf(token),
         "the slot " + Quoted(Text(token)) + " cannot stand in a condition",
         "slots stand in the scope only: `principal == ?principal`, `resource in ?resource`");
  Push({.kind = ExprKind::kBool, .span = SpanOf(token)}, {});
}

void AstBuilder::Set(std::uint32_t open, std::uint32_t close) {
  const auto count = static_cast<std::uint32_t>(stack_.size() - marks_.back());
  marks_.pop_back();
  PushOver({.kind = ExprKind::kSet, .span = SpanOf(open, close)}, count);
}

void AstBuilder::RecordBegin() {
  ListBegin();
  record_keys_.emplace_back();
}

void AstBuilder::RecordKey(std::uint32_t token) {
  record_keys_.back().push_back(ast_->Keep(std::string(Text(token))));
}

void AstBuilder::RecordKeyString(std::uint32_t token) {
  record_keys_.back().push_back(Unquoted(token));
}

void AstBuilder::Record(std::uint32_t open, std::uint32_t close) {
  const auto count = static_cast<std::uint32_t>(stack_.size() - marks_.back());
  marks_.pop_back();
  const std::vector<std::string_view> keys = std::move(record_keys_.back());
  record_keys_.pop_back();
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (seen.insert(keys[i]).second) continue;
    Report(DiagId::kDuplicateKey, (*ast_)[stack_[stack_.size() - count + i]].span,
           "the key " + Quoted(keys[i]) + " of this value was given before");
  }
  Expr e{.kind = ExprKind::kRecord, .span = SpanOf(open, close)};
  SetNames(&e, keys);
  PushOver(e, count);
}

// --- names

std::string_view AstBuilder::PathText(const Path& path) { return ast_->Keep(path.type); }

// Between the parts stands one token.
Span AstBuilder::TypeSpan(const Path& path) const {
  return SpanOf(path.first, path.first + 2 * (path.parts - 1));
}

void AstBuilder::PathBegin(std::uint32_t token) {
  NotReserved(token);
  paths_.push_back({std::string(Text(token)), token, token, 1, std::nullopt});
}

void AstBuilder::PathPart(std::uint32_t token) {
  Path& path = paths_.back();
  if (path.id) {
    Report(DiagId::kInvalidUid, SpanOf(token), "nothing can follow an entity's id");
  }
  path.type += "::";
  path.type += Text(token);
  path.last = token;
  ++path.parts;
}

void AstBuilder::PathId(std::uint32_t token) {
  if (paths_.back().id) {
    Report(DiagId::kInvalidUid, SpanOf(token), "this entity already has an id");
  }
  paths_.back().id = Unquoted(token);
  paths_.back().last = token;
}

// Before a parenthesis the path stays where CallBegin finds it.
void AstBuilder::PathEnds(std::uint32_t last) {
  if (KindOf(last + 1) == TokenKind::kLeftParen && !paths_.back().id) return;
  const Path path = std::move(paths_.back());
  paths_.pop_back();
  PushPath(path, last);
}

void AstBuilder::PushPath(const Path& path, std::uint32_t last) {
  const Span span = SpanOf(path.first, last);
  if (path.id) {
    const Span type = TypeSpan(path);
    return Push({.kind = ExprKind::kUid,
                 .span = span,
                 .text = *path.id,
                 .type = PathText(path),
                 .part_begin = type.begin,
                 .part_end = type.end},
                {});
  }
  const TokenKind kind = KindOf(path.first);
  if (path.parts == 1 && kind >= TokenKind::kPrincipal && kind <= TokenKind::kContext) {
    const auto var =
        static_cast<Var>(static_cast<int>(kind) - static_cast<int>(TokenKind::kPrincipal));
    return Push({.kind = ExprKind::kVar, .var = var, .span = span}, {});
  }
  static constexpr std::array<std::string_view, 4> kVariables = {"principal", "action", "resource",
                                                                 "context"};
  std::string hint = path.parts == 1 ? DidYouMean(path.type, kVariables) : "";
  if (hint.empty()) hint = "an entity is written `" + path.type + "::\"id\"`, a string `\"…\"`";
  Report(DiagId::kUnknownName, span, Quoted(path.type) + " is not a value", hint);
  Push({.kind = ExprKind::kBool, .span = span}, {});
}

void AstBuilder::NotReserved(std::uint32_t token) {
  const std::string_view word = Text(token);
  if (IsReservedWord(word)) {
    Report(
        DiagId::kReservedIdentifier, SpanOf(token),
        Quoted(word) + " is a reserved word and cannot be a name",
        "as an attribute or key it can be written as a string: `[\"" + std::string(word) + "\"]`");
  } else if (word == "__cedar") {
    Report(DiagId::kReservedIdentifier, SpanOf(token),
           "`__cedar` is reserved and cannot be a name");
  }
}

}  // namespace assay::cedar
