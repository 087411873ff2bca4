// Members stand in the reference's order: as its structures have them; the keys of records and
// annotations sorted.
#include <algorithm>
#include <numeric>

#include "compiler/cedar/policy_json.h"
#include "engine/base/json_text.h"
#include "engine/base/utf8.h"
#include "stdlib/functions.h"

namespace assay::cedar {

namespace {

class Writer {
 public:
  explicit Writer(const Ast& ast) : ast_(ast) {}

  std::string Take() { return std::move(out_); }

  void Policy(const cedar::Policy& policy) {
    Raw(policy.effect == Effect::kPermit ? R"({"effect":"permit")" : R"({"effect":"forbid")");
    Scope("principal", policy.principal);
    Scope("action", policy.action);
    Scope("resource", policy.resource);
    Raw(R"(,"conditions":[)");
    for (std::size_t i = 0; i < policy.conditions.size(); ++i) {
      const Condition& condition = policy.conditions[i];
      if (i > 0) Raw(",");
      Raw(condition.is_unless ? R"({"kind":"unless","body":)" : R"({"kind":"when","body":)");
      Expression(condition.body);
      Raw("}");
    }
    Raw("]");
    Annotations(policy.annotations);
    Raw("}");
  }

  void Raw(std::string_view text) { out_ += text; }
  void Text(std::string_view text) { json::AppendString(text, &out_); }
  void Entity(std::string_view type, std::string_view id) {
    Raw(R"({"type":)");
    Text(type);
    Raw(R"(,"id":)");
    Text(id);
    Raw("}");
  }

 private:
  using Kind = ScopeConstraint::Kind;

  void Annotations(const std::vector<Annotation>& annotations) {
    if (annotations.empty()) return;
    std::vector<const Annotation*> sorted;
    sorted.reserve(annotations.size());
    for (const Annotation& annotation : annotations) sorted.push_back(&annotation);
    std::sort(sorted.begin(), sorted.end(),
              [](const Annotation* a, const Annotation* b) { return a->key < b->key; });
    Raw(R"(,"annotations":{)");
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0) Raw(",");
      Text(sorted[i]->key);
      Raw(":");
      if (sorted[i]->has_value) {
        Text(sorted[i]->value);
      } else {
        Raw("null");
      }
    }
    Raw("}");
  }

  void Scope(std::string_view variable, const ScopeConstraint& scope) {
    Raw(",");
    Text(variable);
    switch (scope.kind) {
      case Kind::kAny: return Raw(R"(:{"op":"All"})");
      case Kind::kEqual: Raw(R"(:{"op":"==")"); return Target(scope);
      case Kind::kIn:
      case Kind::kInAnyOf: Raw(R"(:{"op":"in")"); return Target(scope);
      case Kind::kIs:
      case Kind::kIsIn: break;
    }
    Raw(R"(:{"op":"is","entity_type":)");
    Text(scope.type);
    if (scope.kind == Kind::kIs) return Raw("}");
    Raw(R"(,"in":{)");
    const std::size_t comma = out_.size();
    Target(scope);
    out_.erase(comma, 1);
    Raw("}");
  }

  // `,"entity":…}`, `,"entities":[…]}` or `,"slot":…}`.
  void Target(const ScopeConstraint& scope) {
    if (scope.slot != Slot::kNone) {
      return Raw(scope.slot == Slot::kPrincipal ? R"(,"slot":"?principal"})"
                                                : R"(,"slot":"?resource"})");
    }
    const bool is_one = scope.entities.size() == 1;
    Raw(is_one ? R"(,"entity":)" : R"(,"entities":[)");
    for (std::size_t i = 0; i < scope.entities.size(); ++i) {
      if (i > 0) Raw(",");
      Entity(scope.entities[i].type, scope.entities[i].id);
    }
    Raw(is_one ? "}" : "]}");
  }

  void Expression(ExprId id) {
    const Expr& e = ast_[id];
    switch (e.kind) {
      case ExprKind::kBool: return Raw(e.number != 0 ? R"({"Value":true})" : R"({"Value":false})");
      case ExprKind::kLong: return Raw(R"({"Value":)" + std::to_string(e.number) + "}");
      case ExprKind::kString:
        Raw(R"({"Value":)");
        Text(e.text);
        return Raw("}");
      case ExprKind::kUid:
        Raw(R"({"Value":{"__entity":)");
        Entity(e.type, e.text);
        return Raw("}}");
      case ExprKind::kVar:
        Raw(R"({"Var":)");
        Text(VariableText(e.var));
        return Raw("}");
      case ExprKind::kIf: return Fields("if-then-else", {"if", "then", "else"}, e);
      case ExprKind::kAnd: return Chain("&&", e);
      case ExprKind::kOr: return Chain("||", e);
      case ExprKind::kNot: return Fields("!", {"arg"}, e);
      case ExprKind::kNegate: return Fields("neg", {"arg"}, e);
      case ExprKind::kBinary: return Fields(OperatorText(e.op), {"left", "right"}, e);
      case ExprKind::kHas: return Has(e);
      case ExprKind::kLike: return Like(e);
      case ExprKind::kIs: return Is(e);
      case ExprKind::kAttribute:
        Raw(R"({".":{"left":)");
        Expression(ast_.operand(e, 0));
        Raw(R"(,"attr":)");
        Text(e.text);
        return Raw("}}");
      case ExprKind::kMethod: return Method(e);
      case ExprKind::kFunction: return List(e.text, e);
      case ExprKind::kSet: return List("Set", e);
      case ExprKind::kRecord: return Record(e);
    }
  }

  // `{"op":{"left":…,"right":…}}`
  void Fields(std::string_view op, std::initializer_list<std::string_view> names, const Expr& e) {
    Raw("{");
    Text(op);
    Raw(":{");
    std::uint32_t i = 0;
    for (const std::string_view name : names) {
      if (i > 0) Raw(",");
      Text(name);
      Raw(":");
      Expression(ast_.operand(e, i++));
    }
    Raw("}}");
  }

  // `a && b && c` is two operators of two operands, the first within the second.
  void Chain(std::string_view op, const Expr& e) {
    const auto operands = ast_.operands(e);
    for (std::size_t i = 1; i < operands.size(); ++i) {
      Raw("{");
      Text(op);
      Raw(R"(:{"left":)");
    }
    Expression(operands[0]);
    for (std::size_t i = 1; i < operands.size(); ++i) {
      Raw(R"(,"right":)");
      Expression(operands[i]);
      Raw("}}");
    }
  }

  // `{"name":[…]}`
  void List(std::string_view name, const Expr& e) {
    Raw("{");
    Text(name);
    Raw(":[");
    const auto operands = ast_.operands(e);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (i > 0) Raw(",");
      Expression(operands[i]);
    }
    Raw("]}");
  }

  void Method(const Expr& e) {
    const auto arity = stdlib::BuiltinMethodArity(e.text);
    if (!arity) return List(e.text, e);
    if (*arity == 0) return Fields(e.text, {"arg"}, e);
    Fields(e.text, {"left", "right"}, e);
  }

  void Has(const Expr& e) {
    Raw(R"({"has":{"left":)");
    Expression(ast_.operand(e, 0));
    Raw(R"(,"attr":)");
    const auto names = ast_.names(e);
    if (names.size() > 1) Raw("[");
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) Raw(",");
      Text(names[i]);
    }
    Raw(names.size() > 1 ? "]}}" : "}}");
  }

  // Each character is a part of its own.
  void Like(const Expr& e) {
    Raw(R"({"like":{"left":)");
    Expression(ast_.operand(e, 0));
    Raw(R"(,"pattern":[)");
    for (std::size_t offset = 0; offset < e.text.size();) {
      if (offset > 0) Raw(",");
      const bool is_wildcard = e.text[offset] == kWildcard;
      const std::size_t length = is_wildcard ? 1 : utf8::Decode(e.text, offset).length;
      if (is_wildcard) {
        Raw(R"("Wildcard")");
      } else {
        Raw(R"({"Literal":)");
        Text(e.text.substr(offset, length));
        Raw("}");
      }
      offset += length;
    }
    Raw("]}}");
  }

  void Is(const Expr& e) {
    Raw(R"({"is":{"left":)");
    Expression(ast_.operand(e, 0));
    Raw(R"(,"entity_type":)");
    Text(e.type);
    if (ast_.operands(e).size() > 1) {
      Raw(R"(,"in":)");
      Expression(ast_.operand(e, 1));
    }
    Raw("}}");
  }

  void Record(const Expr& e) {
    const auto names = ast_.names(e);
    std::vector<std::uint32_t> order(names.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
    Raw(R"({"Record":{)");
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0) Raw(",");
      Text(names[order[i]]);
      Raw(":");
      Expression(ast_.operand(e, order[i]));
    }
    Raw("}}");
  }

  const Ast& ast_;
  std::string out_;
};

void WritePolicies(const Ast& ast, bool templates, Writer* writer) {
  writer->Raw("{");
  bool is_first = true;
  for (const Policy& policy : ast.policies) {
    if (policy.is_template() != templates) continue;
    if (!is_first) writer->Raw(",");
    is_first = false;
    writer->Text(policy.id);
    writer->Raw(":");
    writer->Policy(policy);
  }
  writer->Raw("}");
}

void WriteLink(const TemplateLink& link, Writer* writer) {
  writer->Raw(R"({"templateId":)");
  writer->Text(link.template_id);
  writer->Raw(R"(,"newId":)");
  writer->Text(link.new_id);
  writer->Raw(R"(,"values":{)");
  if (link.principal) {
    writer->Raw(R"("?principal":{"__entity":)");
    writer->Entity(link.principal->type, link.principal->id);
    writer->Raw("}");
  }
  if (link.principal && link.resource) writer->Raw(",");
  if (link.resource) {
    writer->Raw(R"("?resource":{"__entity":)");
    writer->Entity(link.resource->type, link.resource->id);
    writer->Raw("}");
  }
  writer->Raw("}}");
}

}  // namespace

std::string WritePolicyJson(const Ast& ast, const Policy& policy) {
  Writer writer(ast);
  writer.Policy(policy);
  return writer.Take();
}

std::string WritePolicySetJson(const PolicySetSyntax& set) {
  Writer writer(set.ast);
  writer.Raw(R"({"templates":)");
  WritePolicies(set.ast, true, &writer);
  writer.Raw(R"(,"staticPolicies":)");
  WritePolicies(set.ast, false, &writer);
  writer.Raw(R"(,"templateLinks":[)");
  for (std::size_t i = 0; i < set.links.size(); ++i) {
    if (i > 0) writer.Raw(",");
    WriteLink(set.links[i], &writer);
  }
  writer.Raw("]}");
  return writer.Take();
}

}  // namespace assay::cedar
