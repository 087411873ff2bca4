#include "compiler/schema/scope.h"

#include <algorithm>
#include <array>
#include <vector>

namespace assay::schema {

namespace {

constexpr std::string_view kBuiltinSpace = "__cedar";
constexpr std::string_view kAction = "Action";
constexpr std::array<std::string_view, 7> kBuiltinTypes = {
    "Bool", "Long", "String", "datetime", "decimal", "duration", "ipaddr"};

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

bool IsQualified(std::string_view name) { return name.find("::") != std::string_view::npos; }

// The names that an unqualified name may stand for, in the order in which they are tried.
std::vector<std::string> Candidates(std::string_view name, std::string_view space) {
  if (IsQualified(name) || space.empty()) return {std::string(name)};
  return {Qualified(space, name), std::string(name)};
}

std::string DescribeMissing(const std::vector<std::string>& candidates, std::string_view as) {
  if (candidates.size() == 1) return Quoted(candidates[0]) + " is not declared " + std::string(as);
  return "neither " + Quoted(candidates[0]) + " nor " + Quoted(candidates[1]) + " is declared " +
         std::string(as);
}

}  // namespace

bool IsBuiltinType(std::string_view name) {
  return std::find(kBuiltinTypes.begin(), kBuiltinTypes.end(), name) != kBuiltinTypes.end();
}

Scope::Scope(std::span<const Fragment> fragments, Diagnostics* diagnostics) {
  for (const Fragment& fragment : fragments) {
    for (const auto& [name, space] : fragment.namespaces) Declare(name, space, diagnostics);
  }
  CheckShadowing(diagnostics);
}

void Scope::Declare(const std::string& name, const Namespace& space, Diagnostics* diagnostics) {
  const auto twice = [&](Span span, std::string_view what, const std::string& which) {
    diagnostics->Add(DiagId::kDuplicateDeclaration, span,
                     "the " + std::string(what) + " " + which + " was declared before");
  };
  for (const auto& [base, decl] : space.common_types) {
    const std::string full = Qualified(name, base);
    if (!common_types_.try_emplace(full, Declared<CommonTypeDecl>{&decl, name}).second) {
      twice(decl.span, "common type", Quoted(full));
    }
  }
  for (const auto& [base, decl] : space.entity_types) {
    const std::string full = Qualified(name, base);
    if (base == kAction) {
      diagnostics->Add(DiagId::kReservedName, decl.span, "no entity type may be called `Action`",
                       "the actions of a namespace make that type");
    }
    if (!entity_types_.try_emplace(full, Declared<EntityDecl>{&decl, name}).second) {
      twice(decl.span, "entity type", Quoted(full));
    }
  }
  for (const auto& [id, decl] : space.actions) {
    const EntityUid uid{Qualified(name, kAction), id};
    action_types_.insert(uid.type);
    if (decl.has_attributes) {
      diagnostics->Add(DiagId::kUnsupportedFeature, decl.span, "actions cannot have attributes",
                       "leave `attributes` out");
    }
    if (!actions_.try_emplace(uid, Declared<ActionDecl>{&decl, name}).second) {
      twice(decl.span, "action", uid.ToCedar());
    }
  }
}

// A name of the empty namespace may not be declared again in another.
void Scope::CheckShadowing(Diagnostics* diagnostics) const {
  struct Found {
    std::string full;
    Span span;
  };
  std::unordered_map<std::string, Found> types, actions;
  const auto collect = [&](const auto& declared) {
    for (const auto& [name, found] : declared) {
      if (IsQualified(name))
        types.try_emplace(std::string(BaseName(name)), Found{name, found.decl->span});
    }
  };
  collect(entity_types_);
  collect(common_types_);
  for (const auto& [uid, found] : actions_) {
    if (IsQualified(uid.type)) actions.try_emplace(uid.id, Found{uid.ToCedar(), found.decl->span});
  }
  const auto report = [&](const Found& found, const std::string& shadowed) {
    diagnostics->Add(DiagId::kShadowedDeclaration, found.span,
                     Quoted(found.full) + " would hide " + Quoted(shadowed),
                     "rename one of them, or move the latter out of the empty namespace");
  };
  const auto check = [&](const auto& declared) {
    for (const auto& [name, decl] : declared) {
      if (IsQualified(name)) continue;
      const auto found = types.find(name);
      if (found != types.end()) report(found->second, name);
    }
  };
  check(entity_types_);
  check(common_types_);
  for (const auto& [uid, decl] : actions_) {
    if (IsQualified(uid.type)) continue;
    const auto found = actions.find(uid.id);
    if (found != actions.end()) report(found->second, uid.ToCedar());
  }
}

// A built-in type has two names; the short one gives way to declarations.
bool Scope::IsCommon(const std::string& name) const {
  if (common_types_.contains(name)) return true;
  if (IsBuiltinType(name)) return !entity_types_.contains(name);
  return NamespaceOf(name) == kBuiltinSpace && IsBuiltinType(BaseName(name));
}

bool Scope::IsEntity(const std::string& name) const {
  return entity_types_.contains(name) || action_types_.contains(name);
}

std::optional<Resolved> Scope::Resolve(std::string_view name, std::string_view space,
                                       Expected expected, Span span,
                                       Diagnostics* diagnostics) const {
  const std::vector<std::string> candidates = Candidates(name, space);
  for (const std::string& candidate : candidates) {
    if (expected != Expected::kEntity && IsCommon(candidate)) {
      return Resolved{Meaning::kCommon, candidate};
    }
    if (expected != Expected::kCommon && IsEntity(candidate)) {
      return Resolved{Meaning::kEntity, candidate};
    }
  }
  constexpr std::string_view kAs[] = {"as a common type", "as an entity type",
                                      "as a common or entity type"};
  diagnostics->Add(DiagId::kUnknownType, span, "there is no type " + Quoted(name) + " here",
                   DescribeMissing(candidates, kAs[static_cast<std::size_t>(expected)]));
  return std::nullopt;
}

std::optional<EntityUid> Scope::ResolveAction(const ActionRef& ref, std::string_view space,
                                              Diagnostics* diagnostics) const {
  const std::string type = ref.type.value_or(std::string(kAction));
  const std::vector<std::string> candidates = Candidates(type, space);
  for (const std::string& candidate : candidates) {
    EntityUid uid{candidate, ref.id};
    if (actions_.contains(uid)) return uid;
  }
  std::vector<std::string> uids;
  for (const std::string& candidate : candidates) {
    uids.push_back(EntityUid{candidate, ref.id}.ToCedar());
  }
  diagnostics->Add(DiagId::kUnknownAction, ref.span,
                   "there is no action " + Quoted(EntityUid{type, ref.id}.ToCedar()) + " here",
                   DescribeMissing(uids, "as an action"));
  return std::nullopt;
}

}  // namespace assay::schema
