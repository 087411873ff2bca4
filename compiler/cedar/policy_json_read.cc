// Policies and their scopes; expressions are in policy_json_expr.cc.
#include <utility>

#include "compiler/cedar/json_form.h"
#include "compiler/cedar/policy_json.h"
#include "engine/base/names.h"
#include "engine/data/value_json.h"

namespace assay::cedar {

namespace {

using json::Node;
using json::Type;
using Kind = ScopeConstraint::Kind;

class PolicyReader {
 public:
  PolicyReader(const Limits& limits, Ast* ast, Diagnostics* diagnostics)
      : limits_(limits), ast_(*ast), diagnostics_(diagnostics) {}

  bool Read(const Node& node) {
    if (!HasMembers(node, "a policy", {"effect", "principal", "action", "resource", "conditions"},
                    {"annotations"}, diagnostics_)) {
      return false;
    }
    policy_.span = node.span;
    bool ok = ReadEffect(*node.Find("effect"));
    ok = ReadScope(*node.Find("principal"), Slot::kPrincipal, &policy_.principal) && ok;
    ok = ReadActionScope(*node.Find("action")) && ok;
    ok = ReadScope(*node.Find("resource"), Slot::kResource, &policy_.resource) && ok;
    ok = ReadConditions(*node.Find("conditions")) && ok;
    if (const Node* annotations = node.Find("annotations")) {
      ok = ReadAnnotations(*annotations) && ok;
    }
    if (ok) ast_.policies.push_back(std::move(policy_));
    return ok;
  }

 private:
  bool Fail(DiagId id, Span span, std::string message, std::string hint = {}) {
    diagnostics_->Add(id, span, std::move(message), std::move(hint));
    return false;
  }

  bool ReadEffect(const Node& node) {
    if (!HasType(node, Type::kString, "`effect`", diagnostics_)) return false;
    policy_.effect = node.string == "forbid" ? Effect::kForbid : Effect::kPermit;
    if (node.string == "permit" || node.string == "forbid") return true;
    return Fail(DiagId::kUnknownName, node.span, "`" + node.string + "` is no effect",
                "there are `permit` and `forbid`");
  }

  // The text of `op`, or nullptr.
  const Node* Operator(const Node& scope) {
    if (!HasType(scope, Type::kObject, "a scope entry", diagnostics_)) return nullptr;
    const Node* op = scope.Find("op");
    if (op == nullptr) {
      Fail(DiagId::kMissingMember, scope.span, "`op` is missing",
           "a scope entry has an `op`: \"All\", \"==\", \"in\" or \"is\"");
      return nullptr;
    }
    return HasType(*op, Type::kString, "`op`", diagnostics_) ? op : nullptr;
  }

  bool UnknownOperator(const Node& op, const std::string& known) {
    return Fail(DiagId::kUnknownName, op.span, "`" + op.string + "` cannot stand here",
                "there are " + known);
  }

  bool ReadScope(const Node& node, Slot slot, ScopeConstraint* scope) {
    const Node* op = Operator(node);
    if (op == nullptr) return false;
    scope->span = node.span;
    if (op->string == "All" || op->string == "all") {
      return HasMembers(node, "`All`", {"op"}, {}, diagnostics_);
    }
    if (op->string == "is") return ReadIs(node, slot, scope);
    if (op->string != "==" && op->string != "in") {
      return UnknownOperator(*op, "`All`, `==`, `in` and `is`");
    }
    scope->kind = op->string == "==" ? Kind::kEqual : Kind::kIn;
    return HasMembers(node, "`" + op->string + "`", {"op"}, {"entity", "slot"}, diagnostics_) &&
           ReadTarget(node, slot, scope);
  }

  bool ReadIs(const Node& node, Slot slot, ScopeConstraint* scope) {
    if (!HasMembers(node, "`is`", {"op", "entity_type"}, {"in"}, diagnostics_)) return false;
    const Node& type = *node.Find("entity_type");
    if (!HasType(type, Type::kString, "`entity_type`", diagnostics_)) return false;
    if (!IsTypeName(type.string)) {
      return Fail(DiagId::kInvalidTypeName, type.span,
                  "`" + type.string + "` is not the name of an entity type",
                  "a type is identifiers joined by `::`, without white space");
    }
    scope->kind = Kind::kIs;
    scope->type = ast_.Keep(type.string);
    const Node* in = node.Find("in");
    if (in == nullptr || in->type == Type::kNull) return true;
    scope->kind = Kind::kIsIn;
    return HasMembers(*in, "`in`", {}, {"entity", "slot"}, diagnostics_) &&
           ReadTarget(*in, slot, scope);
  }

  // Either `entity` or `slot`.
  bool ReadTarget(const Node& node, Slot slot, ScopeConstraint* scope) {
    const Node* entity = node.Find("entity");
    const Node* name = node.Find("slot");
    if ((entity == nullptr) == (name == nullptr)) {
      return Fail(DiagId::kMissingMember, node.span, "here is either an `entity` or a `slot`");
    }
    if (entity != nullptr) return ReadEntity(*entity, scope);
    if (!HasType(*name, Type::kString, "`slot`", diagnostics_)) return false;
    const std::string_view expected = slot == Slot::kPrincipal ? "?principal" : "?resource";
    scope->slot = slot;
    if (name->string == expected) return true;
    return Fail(DiagId::kInvalidSlot, name->span, "`" + name->string + "` cannot stand here",
                "the slot of this entry is `" + std::string(expected) + "`");
  }

  bool ReadEntity(const Node& node, ScopeConstraint* scope) {
    auto uid = data::ReadUid(node, /*allow_text=*/false, diagnostics_);
    if (!uid) return false;
    scope->entities.push_back(
        {ast_.Keep(std::move(uid->type)), ast_.Keep(std::move(uid->id)), node.span});
    return true;
  }

  bool ReadAction(const Node& node) {
    if (!ReadEntity(node, &policy_.action)) return false;
    const std::string_view type = policy_.action.entities.back().type;
    if (IsActionType(type)) return true;
    return Fail(DiagId::kInvalidActionType, node.span,
                "`" + std::string(type) + "` is not a type of actions",
                "the last part of an action's type is `Action`");
  }

  bool ReadActionScope(const Node& node) {
    const Node* op = Operator(node);
    if (op == nullptr) return false;
    ScopeConstraint& scope = policy_.action;
    scope.span = node.span;
    if (op->string == "All" || op->string == "all") {
      return HasMembers(node, "`All`", {"op"}, {}, diagnostics_);
    }
    if (op->string != "==" && op->string != "in") {
      return UnknownOperator(*op, "`All`, `==` and `in`");
    }
    const Node* entities = op->string == "in" ? node.Find("entities") : nullptr;
    if (entities == nullptr) {
      scope.kind = op->string == "==" ? Kind::kEqual : Kind::kIn;
      return HasMembers(node, "`" + op->string + "`", {"op", "entity"}, {}, diagnostics_) &&
             ReadAction(*node.Find("entity"));
    }
    scope.kind = Kind::kInAnyOf;
    if (!HasMembers(node, "`in`", {"op", "entities"}, {}, diagnostics_) ||
        !HasType(*entities, Type::kArray, "`entities`", diagnostics_)) {
      return false;
    }
    bool ok = true;
    for (const Node& entity : entities->elements) ok = ReadAction(entity) && ok;
    return ok;
  }

  bool ReadConditions(const Node& node) {
    if (!HasType(node, Type::kArray, "`conditions`", diagnostics_)) return false;
    bool ok = true;
    for (const Node& condition : node.elements) ok = ReadCondition(condition) && ok;
    return ok;
  }

  bool ReadCondition(const Node& node) {
    if (!HasMembers(node, "a condition", {"kind", "body"}, {}, diagnostics_)) return false;
    const Node& kind = *node.Find("kind");
    if (!HasType(kind, Type::kString, "`kind`", diagnostics_)) return false;
    const bool is_unless = kind.string == "unless";
    if (!is_unless && kind.string != "when") {
      return Fail(DiagId::kUnknownName, kind.span, "`" + kind.string + "` is no kind of condition",
                  "there are `when` and `unless`");
    }
    const auto body = ReadExprJson(*node.Find("body"), limits_, &ast_, diagnostics_);
    if (body) policy_.conditions.push_back({is_unless, *body, node.span});
    return body.has_value();
  }

  bool ReadAnnotations(const Node& node) {
    if (!HasType(node, Type::kObject, "`annotations`", diagnostics_)) return false;
    bool ok = true;
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const json::Member& member = node.members[i];
      const Node& value = node.elements[i];
      if (!IsIdentifier(member.key)) {
        ok = Fail(DiagId::kUnexpectedCharacter, member.key_span,
                  "`" + member.key + "` cannot be the name of an annotation",
                  "it is letters, digits and `_`, and does not begin with a digit");
      } else if (value.type != Type::kNull) {
        ok = HasType(value, Type::kString, "the value of an annotation", diagnostics_) && ok;
      }
      policy_.annotations.push_back({ast_.Keep(member.key), ast_.Keep(value.string),
                                     value.type == Type::kString, member.key_span});
    }
    return ok;
  }

  const Limits& limits_;
  Ast& ast_;
  Diagnostics* diagnostics_;
  Policy policy_;
};

}  // namespace

bool ReadPolicyJson(const Node& node, const Limits& limits, Ast* ast, Diagnostics* diagnostics) {
  return PolicyReader(limits, ast, diagnostics).Read(node);
}

}  // namespace assay::cedar
