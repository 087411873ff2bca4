#include "compiler/validate/scope_check.h"

#include <algorithm>

#include "compiler/schema/fragment.h"
#include "compiler/validate/walk.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"
#include "engine/base/suggest.h"

namespace assay::validate {

namespace {

using Kind = cedar::ScopeConstraint::Kind;

class NameChecker {
 public:
  // What is found counts apart from what was found with another `apart`.
  NameChecker(Session* session, Findings* findings, std::string apart = {})
      : session_(*session), findings_(*findings), apart_(std::move(apart)) {}

  void Type(std::string_view type, std::optional<Span> span) {
    if (IsActionType(type) || session_.model.FindEntityType(type) != nullptr) return;
    std::vector<std::string_view> known;
    for (const schema::EntityType& declared : session_.model.entity_types) {
      known.push_back(session_.types.names()[declared.name]);
    }
    findings_.AddFor(FindingKind::kUnrecognizedEntityType, span,
                     "unrecognized entity type `" + std::string(type) + "`",
                     Suggestion(Nearest(type, known)), apart_);
  }

  void Uid(std::string_view type, std::string_view id, std::optional<Span> span,
           std::optional<Span> type_span) {
    Type(type, type_span);
    const EntityUid uid{std::string(type), std::string(id)};
    if (IsActionType(type)) {
      if (session_.model.FindAction(uid) == nullptr) UnknownAction(uid, span);
      return;
    }
    const schema::EntityType* declared = session_.model.FindEntityType(type);
    if (declared == nullptr || !declared->is_enum()) return;
    const auto& choices = declared->choices;
    if (std::find(choices.begin(), choices.end(), id) != choices.end()) return;
    std::string help = "valid entity eids: ";
    for (const std::string& choice : choices) {
      if (&choice != &choices.front()) help += ", ";
      help += "\"" + EscapeText(choice) + "\"";
    }
    findings_.Add(FindingKind::kInvalidEnumEntity, span,
                  "for policy `" + findings_.policy() + "`: entity `" + uid.ToCedar() +
                      "` is of an enumerated entity type, but `\"" + EscapeText(id) +
                      "\"` is not declared as a valid eid",
                  std::move(help), apart_);
  }

 private:
  static std::string Suggestion(std::string_view nearest) {
    return nearest.empty() ? std::string() : "did you mean `" + std::string(nearest) + "`?";
  }

  void UnknownAction(const EntityUid& uid, std::optional<Span> span) {
    const std::string with_type = "Action::" + uid.id, quoted = "Action::\"" + uid.id + "\"";
    std::vector<std::string> known;
    std::string help;
    for (const schema::Action& action : session_.model.actions) {
      known.push_back(action.uid.ToCedar());
      if (help.empty() && (action.uid.id.find(with_type) != std::string::npos ||
                           action.uid.id.find(quoted) != std::string::npos)) {
        help = "did you intend to include the type in action `" + known.back() + "`?";
      }
    }
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    if (help.empty()) help = Suggestion(Nearest(uid.id, candidates));
    findings_.AddFor(FindingKind::kUnrecognizedActionId, span,
                     "unrecognized action `" + uid.ToCedar() + "`", std::move(help), apart_);
  }

  Session& session_;
  Findings& findings_;
  std::string apart_;
};

// Where a type stands; JSON has no such place.
Span Exactly(Span type, Span whole) { return type.end > 0 ? type : whole; }

void CheckExpr(const cedar::Expr& e, NameChecker* names) {
  const Span type = Exactly({e.span.source, e.part_begin, e.part_end}, e.span);
  if (e.kind == cedar::ExprKind::kUid) names->Uid(e.type, e.text, e.span, type);
  if (e.kind == cedar::ExprKind::kIs) names->Type(e.type, type);
}

// Which entity types a scope entry allows.
class Allowed {
 public:
  Allowed(const cedar::ScopeConstraint& scope, const std::optional<EntityUid>& link,
          const Session& session)
      : scope_(scope), session_(session) {
    if (link) {
      entity_type_ = link->type;
    } else if (!scope.entities.empty()) {
      entity_type_ = scope.entities.front().type;
    }
    const bool is_in = scope.kind == Kind::kIn || scope.kind == Kind::kIsIn;
    if (!is_in || entity_type_.empty()) return;
    const auto& index = session.model.entity_index;
    const auto name = session.types.names().Find(entity_type_);
    const auto found = name ? index.find(*name) : index.end();
    if (found == index.end()) return;
    below_ =
        schema::Reach(session.model.entity_types, {found->second}, &schema::EntityType::children);
  }

  bool Allows(NameId type) const {
    const std::string_view name = session_.types.names()[type];
    if (scope_.kind == Kind::kIs || scope_.kind == Kind::kIsIn) {
      if (name != scope_.type) return false;
    }
    if (entity_type_.empty() || name == entity_type_) return true;
    if (scope_.kind == Kind::kEqual) return false;
    const auto found = session_.model.entity_index.find(type);
    return !below_.empty() && found != session_.model.entity_index.end() && below_[found->second];
  }

  // Would `in` in the place of `==` let one of these types through?
  bool WouldInHelp(const std::vector<const std::vector<NameId>*>& applicable) const {
    if (scope_.kind != Kind::kEqual || entity_type_.empty()) return false;
    const auto name = session_.types.names().Find(entity_type_);
    const auto& index = session_.model.entity_index;
    const auto found = name ? index.find(*name) : index.end();
    if (found == index.end()) return false;
    const std::vector<bool> below =
        schema::Reach(session_.model.entity_types, {found->second}, &schema::EntityType::children);
    bool any_below = false;
    for (const std::vector<NameId>* types : applicable) {
      for (const NameId type : *types) {
        if (type == *name) return false;
        any_below = any_below || below[index.find(type)->second];
      }
    }
    return any_below;
  }

 private:
  const cedar::ScopeConstraint& scope_;
  const Session& session_;
  std::string_view
      entity_type_;  // of the entity in the scope; "" if there is none, or an open slot
  std::vector<bool> below_;
};

// The actions that the scope allows. Of a list with an unknown action, none.
std::vector<const schema::Action*> AllowedActions(const cedar::ScopeConstraint& scope,
                                                  const schema::Model& model) {
  std::vector<const schema::Action*> actions;
  if (scope.kind == Kind::kAny) {
    for (const schema::Action& action : model.actions) actions.push_back(&action);
    return actions;
  }
  std::vector<std::uint32_t> roots;
  for (const cedar::EntityRef& ref : scope.entities) {
    const auto found = model.action_index.find({std::string(ref.type), std::string(ref.id)});
    if (found == model.action_index.end()) return {};
    roots.push_back(found->second);
  }
  std::vector<bool> below(model.actions.size());
  if (scope.kind != Kind::kEqual) {
    below = schema::Reach(model.actions, roots, &schema::Action::children);
  }
  for (const std::uint32_t root : roots) below[root] = true;
  for (std::size_t i = 0; i < below.size(); ++i) {
    if (below[i]) actions.push_back(&model.actions[i]);
  }
  return actions;
}

std::string InsteadOfEquals(bool principal, bool resource) {
  if (!principal && !resource) return {};
  std::string help = "try replacing `==` with `in` in the ";
  if (principal) help += "principal clause";
  if (principal && resource) help += " and the ";
  if (resource) help += "resource clause";
  return help;
}

}  // namespace

void CheckNames(const cedar::Ast& ast, const cedar::Policy& policy, Session* session,
                Findings* findings) {
  NameChecker names(session, findings), again(session, findings, "again");
  for (const auto* scope : {&policy.principal, &policy.action, &policy.resource}) {
    if (!scope->type.empty()) names.Type(scope->type, Exactly(scope->type_span, scope->span));
    for (const cedar::EntityRef& ref : scope->entities) {
      names.Uid(ref.type, ref.id, ref.span, Exactly(ref.type_span, ref.span));
    }
  }
  ForEachExpr(ast, policy, [&](const cedar::Expr& e, bool twice, Span) {
    CheckExpr(e, &names);
    if (twice) CheckExpr(e, &again);
  });
}

void CheckLinkNames(const cedar::TemplateLink& link, Session* session, Findings* findings) {
  NameChecker names(session, findings);
  for (const auto* uid : {&link.principal, &link.resource}) {
    if (*uid) names.Type((*uid)->type, std::nullopt);
  }
}

void CheckApplication(const ScopedPolicy& scoped, Session* session, Findings* findings) {
  const cedar::Policy& policy = scoped.policy;
  const Allowed principals(policy.principal, scoped.principal, *session);
  const Allowed resources(policy.resource, scoped.resource, *session);
  const auto actions = AllowedActions(policy.action, session->model);
  const auto any = [](const std::vector<NameId>& types, const Allowed& allowed) {
    return std::any_of(types.begin(), types.end(),
                       [&](NameId type) { return allowed.Allows(type); });
  };
  std::vector<const std::vector<NameId>*> all_principals, all_resources;
  for (const schema::Action* action : actions) {
    if (any(action->principals, principals) && any(action->resources, resources)) return;
    all_principals.push_back(&action->principals);
    all_resources.push_back(&action->resources);
  }
  findings->AddFor(FindingKind::kInvalidActionApplication, policy.span,
                   "unable to find an applicable action given the policy scope constraints",
                   InsteadOfEquals(principals.WouldInHelp(all_principals),
                                   resources.WouldInHelp(all_resources)));
}

}  // namespace assay::validate
