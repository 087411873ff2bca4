#include "compiler/cedar/print.h"

#include <algorithm>

#include "engine/base/escape.h"
#include "engine/base/names.h"
#include "engine/base/utf8.h"

namespace assay::cedar {

namespace {

constexpr std::string_view kVariables[] = {"principal", "action", "resource", "context"};
constexpr std::string_view kOps[] = {"==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*"};
constexpr std::uint32_t kMaxPrefixOperators = 4;

// The grammar's rules from `expr` down to `member`. An expression in a place that takes a higher
// level than its own needs parentheses.
enum class Level : std::uint8_t { kExpr, kOr, kAnd, kRelation, kSum, kProduct, kUnary, kMember };

Level LevelOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract: return Level::kSum;
    case BinaryOp::kMultiply: return Level::kProduct;
    default: return Level::kRelation;
  }
}

Level LevelOf(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kIf: return Level::kExpr;
    case ExprKind::kOr: return Level::kOr;
    case ExprKind::kAnd: return Level::kAnd;
    case ExprKind::kHas:
    case ExprKind::kLike:
    case ExprKind::kIs: return Level::kRelation;
    case ExprKind::kBinary: return LevelOf(e.op);
    case ExprKind::kNot:
    case ExprKind::kNegate: return Level::kUnary;
    case ExprKind::kLong: return e.number < 0 ? Level::kUnary : Level::kMember;
    default: return Level::kMember;
  }
}

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

bool IsFieldName(std::string_view name) {
  return IsIdentifier(name) && !IsReservedWord(name) && name != "__cedar";
}

std::string FieldName(std::string_view name) {
  return IsFieldName(name) ? std::string(name) : Quoted(name);
}

class Printer {
 public:
  explicit Printer(const Ast& ast) : ast_(ast) {}

  std::string Take() { return std::move(out_); }

  void Head(const cedar::Policy& policy) {
    out_ += policy.effect == Effect::kPermit ? "permit(" : "forbid(";
    Scope("principal", policy.principal);
    out_ += ", ";
    Scope("action", policy.action);
    out_ += ", ";
    Scope("resource", policy.resource);
    out_ += ")";
  }

  void Annotation(std::string_view key, std::string_view value, bool has_value) {
    out_ += "@" + std::string(key);
    if (has_value) out_ += "(" + Quoted(value) + ")";
    out_ += " ";
  }

  void Conditions(const cedar::Policy& policy) {
    for (const Condition& condition : policy.conditions) {
      out_ += condition.is_unless ? " unless { " : " when { ";
      Print(condition.body, Level::kExpr);
      out_ += " }";
    }
    out_ += ";";
  }

  void Print(ExprId id, Level place) {
    const Expr& e = ast_[id];
    const bool needs_parentheses = LevelOf(e) < place;
    if (needs_parentheses) out_ += "(";
    Bare(e);
    if (needs_parentheses) out_ += ")";
  }

 private:
  void Entity(std::string_view type, std::string_view id) {
    out_ += std::string(type) + "::" + Quoted(id);
  }

  void Scope(std::string_view variable, const ScopeConstraint& scope) {
    using Kind = ScopeConstraint::Kind;
    out_ += variable;
    if (scope.kind == Kind::kIs || scope.kind == Kind::kIsIn) {
      out_ += " is " + std::string(scope.type);
    }
    if (scope.kind == Kind::kAny || scope.kind == Kind::kIs) return;
    out_ += scope.kind == Kind::kEqual ? " == " : " in ";
    if (scope.slot != Slot::kNone) {
      out_ += scope.slot == Slot::kPrincipal ? "?principal" : "?resource";
      return;
    }
    if (scope.kind == Kind::kInAnyOf) out_ += "[";
    for (std::size_t i = 0; i < scope.entities.size(); ++i) {
      if (i > 0) out_ += ", ";
      Entity(scope.entities[i].type, scope.entities[i].id);
    }
    if (scope.kind == Kind::kInAnyOf) out_ += "]";
  }

  void Bare(const Expr& e) {
    switch (e.kind) {
      case ExprKind::kBool: out_ += e.number != 0 ? "true" : "false"; return;
      case ExprKind::kLong: out_ += std::to_string(e.number); return;
      case ExprKind::kString: out_ += Quoted(e.text); return;
      case ExprKind::kUid: return Entity(e.type, e.text);
      case ExprKind::kVar: out_ += kVariables[static_cast<std::size_t>(e.var)]; return;
      case ExprKind::kIf: return If(e);
      case ExprKind::kAnd: return List(e, 0, " && ", Level::kRelation);
      case ExprKind::kOr: return List(e, 0, " || ", Level::kAnd);
      case ExprKind::kNot:
      case ExprKind::kNegate: return Prefix(e, 1);
      case ExprKind::kBinary: return Binary(e);
      case ExprKind::kHas: return Has(e);
      case ExprKind::kLike:
        First(e, Level::kSum);
        out_ += " like " + PrintPattern(e.text);
        return;
      case ExprKind::kIs: return Is(e);
      case ExprKind::kAttribute:
        First(e, Level::kMember);
        out_ += IsFieldName(e.text) ? "." + std::string(e.text) : "[" + Quoted(e.text) + "]";
        return;
      case ExprKind::kMethod:
        First(e, Level::kMember);
        out_ += "." + std::string(e.text);
        return Bracketed("(", e, 1, ")");
      case ExprKind::kFunction: out_ += e.text; return Bracketed("(", e, 0, ")");
      case ExprKind::kSet: return Bracketed("[", e, 0, "]");
      case ExprKind::kRecord: return Record(e);
    }
  }

  void First(const Expr& e, Level place) { Print(ast_.operand(e, 0), place); }

  void List(const Expr& e, std::size_t from, std::string_view separator, Level place) {
    const auto operands = ast_.operands(e);
    for (std::size_t i = from; i < operands.size(); ++i) {
      if (i > from) out_ += separator;
      Print(operands[i], place);
    }
  }

  void Bracketed(std::string_view open, const Expr& e, std::size_t from, std::string_view close) {
    out_ += open;
    List(e, from, ", ", Level::kExpr);
    out_ += close;
  }

  void If(const Expr& e) {
    out_ += "if ";
    First(e, Level::kExpr);
    out_ += " then ";
    Print(ast_.operand(e, 1), Level::kExpr);
    out_ += " else ";
    Print(ast_.operand(e, 2), Level::kExpr);
  }

  // A relation takes sums on both sides; other operators group to the left.
  void Binary(const Expr& e) {
    const Level level = LevelOf(e.op);
    const auto next = static_cast<Level>(static_cast<int>(level) + 1);
    First(e, level == Level::kRelation ? Level::kSum : level);
    out_ += " " + std::string(kOps[static_cast<std::size_t>(e.op)]) + " ";
    Print(ast_.operand(e, 1), next);
  }

  // `count` of the same operator stand here in a row, this one included. The minus before digits is
  // part of the literal, so `-(5)` is not `-5`.
  void Prefix(const Expr& e, std::uint32_t count) {
    const ExprId operand = ast_.operand(e, 0);
    const Expr& inner = ast_[operand];
    const bool is_minus = e.kind == ExprKind::kNegate;
    out_ += is_minus ? "-" : "!";
    if (inner.kind == e.kind && count < kMaxPrefixOperators) return Prefix(inner, count + 1);
    if (is_minus && inner.kind == ExprKind::kLong) {
      const bool joins = inner.number < 0 && count < kMaxPrefixOperators;
      out_ += joins ? std::to_string(inner.number) : "(" + std::to_string(inner.number) + ")";
      return;
    }
    Print(operand, Level::kMember);
  }

  void Has(const Expr& e) {
    First(e, Level::kSum);
    out_ += " has ";
    const auto names = ast_.names(e);
    for (std::size_t i = 0; i < names.size(); ++i) out_ += (i > 0 ? "." : "") + FieldName(names[i]);
  }

  void Is(const Expr& e) {
    First(e, Level::kSum);
    out_ += " is " + std::string(e.type);
    if (ast_.operands(e).size() < 2) return;
    out_ += " in ";
    Print(ast_.operand(e, 1), Level::kSum);
  }

  void Record(const Expr& e) {
    out_ += "{";
    const auto names = ast_.names(e);
    for (std::size_t i = 0; i < names.size(); ++i) {
      out_ += (i > 0 ? ", " : "") + FieldName(names[i]) + ": ";
      Print(ast_.operand(e, static_cast<std::uint32_t>(i)), Level::kExpr);
    }
    out_ += "}";
  }

  const Ast& ast_;
  std::string out_;
};

}  // namespace

std::string PrintPolicy(const Ast& ast, const Policy& policy) {
  Printer printer(ast);
  for (const Annotation& a : policy.annotations) {
    printer.Annotation(a.key, a.value, a.has_value);
  }
  printer.Head(policy);
  printer.Conditions(policy);
  return printer.Take();
}

std::string CanonicalPolicy(const Ast& ast, const Policy& policy) {
  Policy sorted = policy;
  std::sort(sorted.annotations.begin(), sorted.annotations.end(),
            [](const Annotation& a, const Annotation& b) { return a.key < b.key; });
  for (Annotation& a : sorted.annotations) a.has_value = true;
  return PrintPolicy(ast, sorted);
}

std::string PrintExpr(const Ast& ast, ExprId id) {
  Printer printer(ast);
  printer.Print(id, Level::kExpr);
  return printer.Take();
}

std::string PrintPattern(std::string_view pattern) {
  std::string out = "\"";
  for (std::size_t offset = 0; offset < pattern.size();) {
    const char c = pattern[offset];
    if (c == kWildcard || c == '*') {
      out += c == kWildcard ? "*" : "\\*";
      ++offset;
      continue;
    }
    const std::size_t length = utf8::Decode(pattern, offset).length;
    out += EscapeText(pattern.substr(offset, length));
    offset += length;
  }
  return out + "\"";
}

}  // namespace assay::cedar
