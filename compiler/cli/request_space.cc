#include "compiler/cli/request_space.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "compiler/cli/truth.h"
#include "engine/base/names.h"

namespace assay::cli {

namespace {

using cedar::Ast;
using cedar::Expr;
using cedar::ExprId;
using cedar::ExprKind;

void AddOnce(Value value, std::vector<Value>* values) {
  if (std::find(values->begin(), values->end(), value) == values->end()) {
    values->push_back(std::move(value));
  }
}

// The value, and those on both sides of where a comparison with it turns.
void AddAround(const Value& value, std::vector<Value>* values) {
  AddOnce(value, values);
  const auto* as_long = value.As<std::int64_t>();
  if (as_long == nullptr) return;
  const std::int64_t number = *as_long;
  if (number < std::numeric_limits<std::int64_t>::max()) AddOnce(Value(number + 1), values);
  if (number > std::numeric_limits<std::int64_t>::min()) AddOnce(Value(number - 1), values);
}

// The name of a member of the context that is read.
std::optional<std::string> MemberOf(const Ast& ast, ExprId id) {
  const Expr& e = ast[id];
  if (e.kind != ExprKind::kAttribute) return std::nullopt;
  const Expr& of = ast[ast.operand(e, 0)];
  if (of.kind != ExprKind::kVar || of.var != cedar::Var::kContext) return std::nullopt;
  return std::string(e.text);
}

}  // namespace

RequestSpace::RequestSpace(const Entities& entities) {
  for (std::size_t i = 0; i < entities.size(); ++i) AddUid(entities[i].uid);
}

void RequestSpace::AddUid(const EntityUid& uid) {
  (IsActionType(uid.type) ? actions_ : uids_).insert(uid);
}

void RequestSpace::AddScope(const cedar::ScopeConstraint& scope) {
  for (const cedar::EntityRef& entity : scope.entities) {
    AddUid({std::string(entity.type), std::string(entity.id)});
  }
}

void RequestSpace::Add(const cedar::PolicySetSyntax& policies) {
  const Ast& ast = policies.ast;
  for (const cedar::TemplateLink& link : policies.links) {
    if (link.principal) AddUid(*link.principal);
    if (link.resource) AddUid(*link.resource);
  }
  for (const cedar::Policy& policy : ast.policies) {
    AddScope(policy.principal);
    AddScope(policy.action);
    AddScope(policy.resource);
    for (const cedar::Condition& condition : policy.conditions) {
      AddExpr(ast, condition.body, true);
    }
  }
}

void RequestSpace::AddExpr(const Ast& ast, ExprId id, bool is_bool) {
  const Expr& e = ast[id];
  if (e.kind == ExprKind::kUid) AddUid({std::string(e.type), std::string(e.text)});
  if (const auto member = MemberOf(ast, id); member && is_bool) {
    AddOnce(Value(true), &members_[*member]);
    AddOnce(Value(false), &members_[*member]);
  }
  const auto operands = ast.operands(e);
  for (const ExprId operand : operands) {
    const auto member = MemberOf(ast, operand);
    if (!member) continue;
    std::vector<Value>& values = members_[*member];
    for (const ExprId other : operands) {
      if (other == operand || !IsConstant(ast, other)) continue;
      if (const auto value = ConstantValue(ast, other)) AddAround(*value, &values);
    }
  }
  const bool takes_bools = e.kind == ExprKind::kAnd || e.kind == ExprKind::kOr ||
                           e.kind == ExprKind::kNot || e.kind == ExprKind::kIf;
  for (const ExprId operand : operands) AddExpr(ast, operand, takes_bools);
}

std::vector<Record> RequestSpace::Contexts() const {
  std::vector<Record> contexts(1);
  Record first;
  for (const auto& [name, values] : members_) {
    if (!values.empty()) first.emplace(name, values.front());
  }
  if (first.empty()) return contexts;
  contexts.push_back(first);
  for (const auto& [name, values] : members_) {
    for (std::size_t i = 1; i < values.size(); ++i) {
      Record other = first;
      other.insert_or_assign(name, values[i]);
      contexts.push_back(std::move(other));
    }
  }
  return contexts;
}

std::vector<const EntityUid*> RequestSpace::All() const {
  std::vector<const EntityUid*> out;
  for (const EntityUid& uid : uids_) out.push_back(&uid);
  return out;
}

std::vector<const EntityUid*> RequestSpace::OfTypes(const std::vector<std::string>& types) const {
  std::vector<const EntityUid*> out;
  for (const EntityUid& uid : uids_) {
    if (std::find(types.begin(), types.end(), uid.type) != types.end()) out.push_back(&uid);
  }
  return out;
}

namespace {

// False as soon as `visit` says so.
bool VisitContexts(const EntityUid& principal, const EntityUid& action, const EntityUid& resource,
                   const std::vector<Record>& contexts,
                   const std::function<bool(const Request&)>& visit) {
  return std::all_of(contexts.begin(), contexts.end(), [&](const Record& context) {
    return visit({principal, action, resource, context});
  });
}

}  // namespace

void RequestSpace::ForEach(const Schema* schema,
                           const std::function<bool(const Request&)>& visit) const {
  const std::vector<Record> contexts = Contexts();
  for (const EntityUid& action : actions_) {
    // Before the product of both, which may be large.
    const auto principals = schema != nullptr ? OfTypes(schema->PrincipalsOf(action)) : All();
    const auto resources = schema != nullptr ? OfTypes(schema->ResourcesOf(action)) : All();
    for (const EntityUid* principal : principals) {
      for (const EntityUid* resource : resources) {
        if (!VisitContexts(*principal, action, *resource, contexts, visit)) return;
      }
    }
  }
}

}  // namespace assay::cli
