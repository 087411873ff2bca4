#include "compiler/cedar/print.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "engine/base/escape.h"
#include "engine/base/names.h"
#include "engine/base/utf8.h"

namespace assay::cedar {

namespace {

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

std::string FieldName(std::string_view name) {
  return IsFieldName(name) ? std::string(name) : Quoted(name);
}

class Printer {
 public:
  explicit Printer(const Ast& ast) : ast_(ast) {}

  std::string Take() { return std::move(out_); }

  // The line breaks, if any, are those of PrintPolicies.
  void Head(const cedar::Policy& policy, bool lines) {
    const std::string_view separator = lines ? ",\n  " : ", ";
    out_ += policy.effect == Effect::kPermit ? "permit(" : "forbid(";
    if (lines) out_ += "\n  ";
    Scope("principal", policy.principal);
    out_ += separator;
    Scope("action", policy.action);
    out_ += separator;
    Scope("resource", policy.resource);
    out_ += lines ? "\n)" : ")";
  }

  void Annotations(const cedar::Policy& policy, std::string_view separator) {
    for (const Annotation& annotation : policy.annotations) {
      out_ += "@" + std::string(annotation.key);
      if (annotation.has_value) out_ += "(" + Quoted(annotation.value) + ")";
      out_ += separator;
    }
  }

  void Conditions(const cedar::Policy& policy, bool lines) {
    for (const Condition& condition : policy.conditions) {
      out_ += condition.is_unless ? " unless {" : " when {";
      out_ += lines ? "\n  " : " ";
      Print(condition.body, Level::kExpr);
      out_ += lines ? "\n}" : " }";
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
      case ExprKind::kVar: out_ += VariableText(e.var); return;
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
    out_ += " " + std::string(OperatorText(e.op)) + " ";
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

Policy WithSortedAnnotations(const Policy& policy) {
  Policy sorted = policy;
  std::sort(sorted.annotations.begin(), sorted.annotations.end(),
            [](const Annotation& a, const Annotation& b) { return a.key < b.key; });
  return sorted;
}

// The views in `scope` point into `value`.
void FillSlot(const std::optional<EntityUid>& value, ScopeConstraint* scope) {
  if (scope->slot == Slot::kNone || !value) return;
  scope->slot = Slot::kNone;
  scope->entities = {{value->type, value->id, {}}};
}

}  // namespace

std::string PrintPolicies(const Ast& ast) {
  std::vector<const Policy*> sorted;
  for (const Policy& policy : ast.policies) sorted.push_back(&policy);
  std::sort(sorted.begin(), sorted.end(), [](const Policy* a, const Policy* b) {
    return std::tuple(a->is_template(), std::string_view(a->id)) <
           std::tuple(b->is_template(), std::string_view(b->id));
  });
  std::string out;
  for (const Policy* policy : sorted) {
    Printer printer(ast);
    printer.Annotations(WithSortedAnnotations(*policy), "\n");
    printer.Head(*policy, /*lines=*/true);
    printer.Conditions(*policy, /*lines=*/true);
    if (!out.empty()) out += "\n";
    out += printer.Take() + "\n";
  }
  return out;
}

std::string PrintLink(const Ast& ast, const Policy& policy, const TemplateLink& link) {
  Policy linked = WithSortedAnnotations(policy);
  FillSlot(link.principal, &linked.principal);
  FillSlot(link.resource, &linked.resource);
  Printer printer(ast);
  printer.Annotations(linked, "\n");
  printer.Head(linked, /*lines=*/false);
  printer.Conditions(linked, /*lines=*/false);
  return printer.Take();
}

std::string PrintPolicy(const Ast& ast, const Policy& policy) {
  Printer printer(ast);
  printer.Annotations(policy, " ");
  printer.Head(policy, /*lines=*/false);
  printer.Conditions(policy, /*lines=*/false);
  return printer.Take();
}

std::string CanonicalPolicy(const Ast& ast, const Policy& policy) {
  Policy sorted = WithSortedAnnotations(policy);
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
