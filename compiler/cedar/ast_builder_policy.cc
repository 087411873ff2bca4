// Policies, annotations and scopes.
#include <array>

#include "compiler/cedar/ast_builder.h"
#include "engine/base/names.h"

namespace assay::cedar {

namespace {

using Kind = ScopeConstraint::Kind;

constexpr std::array<std::string_view, 3> kVariables = {"principal", "action", "resource"};

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

void AstBuilder::BeginPolicy(std::uint32_t token) {
  policy_ = {};
  annotations_.clear();
  policy_.span = SpanOf(token);
  scope_.clear();
}

void AstBuilder::Annotation(std::uint32_t at, std::uint32_t key) {
  const std::string_view name = ast_->Keep(std::string(Text(key)));
  if (!annotations_.insert(name).second) {
    Report(DiagId::kDuplicateAnnotation, SpanOf(key),
           "the annotation " + Quoted("@" + std::string(name)) + " was given before");
  }
  policy_.annotations.push_back({name, "", false, SpanOf(at, key)});
}

void AstBuilder::AnnotationValue(std::uint32_t value, std::uint32_t close) {
  cedar::Annotation& annotation = policy_.annotations.back();
  annotation.value = Unquoted(value);
  annotation.has_value = true;
  annotation.span = Cover(annotation.span, SpanOf(close));
}

void AstBuilder::SetEffect(std::uint32_t token) {
  policy_.effect = KindOf(token) == TokenKind::kPermit ? Effect::kPermit : Effect::kForbid;
}

void AstBuilder::BeginScopeEntry(std::uint32_t token) {
  scope_.emplace_back();
  scope_.back().variable = token;
  scope_.back().constraint.span = SpanOf(token);
}

void AstBuilder::ScopeColon(std::uint32_t token) {
  Report(DiagId::kInvalidScope, SpanOf(token), "a type cannot be given with `:`",
         "write `" + std::string(Text(token - 1)) + " is Type`");
}

void AstBuilder::ScopeOp(std::uint32_t token) {
  ScopeEntry& entry = scope_.back();
  entry.has_is |= KindOf(token) == TokenKind::kIs;
  entry.has_eq |= KindOf(token) == TokenKind::kEqual;
  entry.has_in |= KindOf(token) == TokenKind::kIn;
}

void AstBuilder::ScopeSlot(std::uint32_t token) {
  ScopeConstraint& constraint = scope_.back().constraint;
  const std::string_view name = Text(token);
  if (name != "?principal" && name != "?resource") {
    return Report(DiagId::kInvalidSlot, SpanOf(token), Quoted(name) + " is no slot",
                  "there are two: `?principal` and `?resource`");
  }
  constraint.slot = name == "?principal" ? Slot::kPrincipal : Slot::kResource;
  if (Text(scope_.back().variable) == name.substr(1) && !scope_.back().has_list) return;
  Report(DiagId::kInvalidSlot, SpanOf(token), Quoted(name) + " cannot stand here",
         "`?principal` fills `principal`, `?resource` fills `resource`, and `action` takes none");
}

void AstBuilder::ScopeEntity(std::uint32_t last) {
  const Path path = std::move(paths_.back());
  paths_.pop_back();
  const Span span = SpanOf(path.first, last);
  if (!path.id) {
    return Report(DiagId::kInvalidUid, span, Quoted(path.type) + " is a type, not an entity",
                  "an entity is written `" + path.type + "::\"id\"`");
  }
  scope_.back().constraint.entities.push_back({PathText(path), *path.id, span, TypeSpan(path)});
}

void AstBuilder::ScopeListBegin(std::uint32_t token) {
  ScopeEntry& entry = scope_.back();
  entry.has_list = true;
  if (Text(entry.variable) == "action" && entry.has_in && !entry.has_is) return;
  Report(DiagId::kInvalidScope, SpanOf(token), "a list of entities cannot stand here",
         "only `action in […]` takes a list; use a condition for others");
}

void AstBuilder::ScopeListEnd(std::uint32_t token) {
  scope_.back().constraint.span = Cover(scope_.back().constraint.span, SpanOf(token));
}

void AstBuilder::ScopeType(std::uint32_t last) {
  const Path path = std::move(paths_.back());
  paths_.pop_back();
  if (path.id) {
    Report(DiagId::kInvalidUid, SpanOf(path.first, last),
           "`is` takes an entity type, and this is an entity",
           "leave `::\"…\"` out, or compare with `==`");
  }
  scope_.back().constraint.type = PathText(path);
  scope_.back().constraint.type_span = TypeSpan(path);
}

void AstBuilder::EndScopeEntry(std::uint32_t last) {
  ScopeEntry& entry = scope_.back();
  ScopeConstraint& constraint = entry.constraint;
  constraint.span = Cover(constraint.span, SpanOf(last));
  if (entry.has_is) {
    constraint.kind = entry.has_in ? Kind::kIsIn : Kind::kIs;
  } else if (entry.has_list) {
    constraint.kind = Kind::kInAnyOf;
  } else if (entry.has_eq) {
    constraint.kind = Kind::kEqual;
  } else if (entry.has_in) {
    constraint.kind = Kind::kIn;
  }
}

void AstBuilder::CheckActionEntry(ScopeEntry* entry, Span span) {
  if (entry->has_is) {
    Report(DiagId::kInvalidScope, span, "`is` cannot test the action",
           "actions are told apart by `==` and `in`");
  }
  for (const EntityRef& entity : entry->constraint.entities) {
    if (IsActionType(entity.type)) continue;
    Report(DiagId::kInvalidActionType, entity.span,
           Quoted(entity.type) + " is not a type of actions",
           "the last part of an action's type is `Action`");
  }
}

void AstBuilder::CheckScopeEntry(const ScopeEntry& entry, std::uint32_t index, Span span) {
  const std::string_view found = Text(entry.variable);
  if (index >= kVariables.size()) {
    Report(DiagId::kInvalidScope, span, "the scope has three entries, and this is one more",
           "put further tests into a `when` condition");
  } else if (found != kVariables[index]) {
    Report(DiagId::kInvalidScope, SpanOf(entry.variable),
           "expected " + Quoted(kVariables[index]) + " here, found " + Quoted(found),
           "the scope is `(principal, action, resource)`, in this order");
  }
}

void AstBuilder::EndScope(std::uint32_t close) {
  for (std::uint32_t i = 0; i < scope_.size(); ++i) {
    CheckScopeEntry(scope_[i], i, scope_[i].constraint.span);
  }
  if (scope_.size() < kVariables.size()) {
    Report(DiagId::kInvalidScope, SpanOf(close),
           "the scope lacks " + Quoted(kVariables[scope_.size()]),
           "the scope is `(principal, action, resource)`, in this order");
  }
  if (has_errors()) return;
  CheckActionEntry(&scope_[1], scope_[1].constraint.span);
  policy_.principal = std::move(scope_[0].constraint);
  policy_.action = std::move(scope_[1].constraint);
  policy_.resource = std::move(scope_[2].constraint);
}

void AstBuilder::Condition(std::uint32_t keyword, std::uint32_t close) {
  policy_.conditions.push_back(
      {KindOf(keyword) == TokenKind::kUnless, Pop(), SpanOf(keyword, close)});
}

void AstBuilder::EndPolicy(std::uint32_t semicolon) {
  policy_.span = Cover(policy_.span, SpanOf(semicolon));
  if (!has_errors()) ast_->policies.push_back(std::move(policy_));
}

}  // namespace assay::cedar
