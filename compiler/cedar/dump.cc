#include "compiler/cedar/dump.h"

#include "compiler/cedar/print.h"
#include "engine/base/escape.h"

namespace assay::cedar {

namespace {

constexpr std::string_view kKinds[] = {
    "bool",   "long", "string", "uid", "var",       "if",     "and",      "or",  "not",    "negate",
    "binary", "has",  "like",   "is",  "attribute", "method", "function", "set", "record",
};

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

class Dumper {
 public:
  explicit Dumper(const Ast& ast) : ast_(ast) {}

  void Policy(const cedar::Policy& policy) {
    out_ += policy.effect == Effect::kPermit ? "permit " : "forbid ";
    out_ += Quoted(policy.id) + (policy.is_template() ? " template\n" : "\n");
    for (const Annotation& annotation : policy.annotations) {
      out_ += "  @" + std::string(annotation.key);
      if (annotation.has_value) out_ += " " + Quoted(annotation.value);
      out_ += "\n";
    }
    Scope("principal", policy.principal);
    Scope("action", policy.action);
    Scope("resource", policy.resource);
    for (const Condition& condition : policy.conditions) {
      out_ += condition.is_unless ? "  unless\n" : "  when\n";
      Expression(condition.body, 2);
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  void Scope(std::string_view variable, const ScopeConstraint& scope) {
    using Kind = ScopeConstraint::Kind;
    if (scope.kind == Kind::kAny) return;
    out_ += "  " + std::string(variable);
    if (scope.kind == Kind::kIs || scope.kind == Kind::kIsIn) {
      out_ += " is " + std::string(scope.type);
    }
    if (scope.kind == Kind::kEqual) out_ += " ==";
    if (scope.kind == Kind::kIn || scope.kind == Kind::kIsIn) out_ += " in";
    if (scope.kind == Kind::kInAnyOf) out_ += " in any of";
    if (scope.slot != Slot::kNone) {
      out_ += scope.slot == Slot::kPrincipal ? " ?principal" : " ?resource";
    }
    for (const EntityRef& entity : scope.entities) {
      out_ += " " + std::string(entity.type) + "::" + Quoted(entity.id);
    }
    out_ += "\n";
  }

  void Expression(ExprId id, std::size_t depth) {
    const Expr& e = ast_[id];
    out_ += std::string(2 * depth, ' ') + std::string(kKinds[static_cast<std::size_t>(e.kind)]) +
            Details(e) + "\n";
    for (const ExprId operand : ast_.operands(e)) Expression(operand, depth + 1);
  }

  std::string Details(const Expr& e) const {
    switch (e.kind) {
      case ExprKind::kBool: return e.number != 0 ? " true" : " false";
      case ExprKind::kLong: return " " + std::to_string(e.number);
      case ExprKind::kString:
      case ExprKind::kAttribute: return " " + Quoted(e.text);
      case ExprKind::kUid: return " " + std::string(e.type) + "::" + Quoted(e.text);
      case ExprKind::kVar: return " " + std::string(VariableText(e.var));
      case ExprKind::kBinary: return " " + std::string(OperatorText(e.op));
      case ExprKind::kLike: return " " + PrintPattern(e.text);
      case ExprKind::kIs: return " " + std::string(e.type);
      case ExprKind::kMethod:
      case ExprKind::kFunction: return " " + std::string(e.text);
      case ExprKind::kHas:
      case ExprKind::kRecord: {
        std::string out;
        for (const std::string_view name : ast_.names(e)) out += " " + Quoted(name);
        return out;
      }
      default: return "";
    }
  }

  const Ast& ast_;
  std::string out_;
};

}  // namespace

std::string Dump(const PolicySetSyntax& set) {
  Dumper dumper(set.ast);
  for (const Policy& policy : set.ast.policies) dumper.Policy(policy);
  std::string out = dumper.Take();
  for (const TemplateLink& link : set.links) {
    out += "link " + Quoted(link.new_id) + " to " + Quoted(link.template_id);
    if (link.principal) out += " ?principal=" + link.principal->ToCedar();
    if (link.resource) out += " ?resource=" + link.resource->ToCedar();
    out += "\n";
  }
  return out;
}

}  // namespace assay::cedar
