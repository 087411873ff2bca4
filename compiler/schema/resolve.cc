#include "compiler/schema/resolve.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "compiler/schema/scope.h"
#include "engine/base/suggest.h"

namespace assay::schema {

namespace {

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

class Resolver {
 public:
  Resolver(std::span<const Fragment> fragments, const Limits& limits, Diagnostics* diagnostics)
      : limits_(limits), diagnostics_(diagnostics), scope_(fragments, diagnostics) {}

  std::optional<Model> Run() {
    const std::uint64_t errors_before = diagnostics_->total();
    CommonTypes();
    EntityTypes();
    Actions();
    if (diagnostics_->total() == errors_before) CheckActionCycles();
    if (diagnostics_->total() != errors_before) return std::nullopt;
    return std::move(model_);
  }

 private:
  struct Common {
    const std::string* name = nullptr;
    Declared<CommonTypeDecl> declared;
    std::vector<std::size_t> users = {};  // common types that refer to this one
    std::size_t waits_for = 0;
  };

  // --- common types, each after those it refers to

  void CommonTypes() {
    std::vector<Common> commons;
    std::unordered_map<std::string_view, std::size_t> index;
    for (const auto& [name, declared] : scope_.common_types()) {
      index.emplace(name, commons.size());
      commons.push_back({&name, declared});
    }
    Diagnostics ignored;  // Build reports what a name does not mean
    for (std::size_t i = 0; i < commons.size(); ++i) {
      ForEachReference(commons[i].declared.decl->type, [&](const TypeExpr& type) {
        const Expected expected =
            type.form == TypeForm::kCommon ? Expected::kCommon : Expected::kCommonOrEntity;
        const auto to =
            scope_.Resolve(type.name, commons[i].declared.space, expected, {}, &ignored);
        if (!to || to->meaning != Meaning::kCommon) return;
        const auto found = index.find(to->name);
        if (found == index.end()) return;
        commons[found->second].users.push_back(i);
        ++commons[i].waits_for;
      });
    }
    BuildInOrder(&commons);
  }

  void BuildInOrder(std::vector<Common>* commons) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < commons->size(); ++i) {
      if ((*commons)[i].waits_for == 0) ready.push_back(i);
    }
    while (!ready.empty()) {
      Common& next = (*commons)[ready.back()];
      ready.pop_back();
      built_.emplace(*next.name, Build(next.declared.decl->type, next.declared.space));
      for (const std::size_t user : next.users) {
        if (--(*commons)[user].waits_for == 0) ready.push_back(user);
      }
    }
    for (const Common& common : *commons) {
      if (built_.contains(*common.name)) continue;
      diagnostics_->Add(DiagId::kTypeCycle, common.declared.decl->span,
                        "the common type " + Quoted(*common.name) +
                            " refers to itself, or to one "
                            "that does");
    }
  }

  template <typename Visit>
  static void ForEachReference(const TypeExpr& type, const Visit& visit) {
    if (type.form == TypeForm::kCommon || type.form == TypeForm::kEntityOrCommon) visit(type);
    for (const TypeExpr& element : type.element) ForEachReference(element, visit);
    for (const AttributeDecl& attribute : type.attributes) ForEachReference(attribute.type, visit);
  }

  // --- types; what cannot be built has been reported, and is kNever

  TypeId Build(const TypeExpr& type, std::string_view space) {
    switch (type.form) {
      case TypeForm::kBoolean: return Types::kBool;
      case TypeForm::kLong: return Types::kLong;
      case TypeForm::kString: return Types::kString;
      case TypeForm::kSet:
        return Checked(model_.types.Set(Build(type.element.front(), space)), type.span);
      case TypeForm::kRecord: return BuildRecord(type, space);
      case TypeForm::kEntity: return BuildNamed(type, space, Expected::kEntity);
      case TypeForm::kEntityOrCommon: return BuildNamed(type, space, Expected::kCommonOrEntity);
      case TypeForm::kCommon: return BuildNamed(type, space, Expected::kCommon);
      case TypeForm::kExtension: return BuildExtension(type);
    }
    return Types::kNever;
  }

  TypeId BuildRecord(const TypeExpr& type, std::string_view space) {
    std::vector<Attribute> attributes;
    for (const AttributeDecl& attribute : type.attributes) {
      const TypeId id = Build(attribute.type, space);
      attributes.push_back({model_.types.names().Intern(attribute.name), id, attribute.required});
    }
    return Checked(model_.types.Record(std::move(attributes)), type.span);
  }

  TypeId BuildNamed(const TypeExpr& type, std::string_view space, Expected expected) {
    const auto resolved = scope_.Resolve(type.name, space, expected, type.span, diagnostics_);
    if (!resolved) return Types::kNever;
    if (resolved->meaning == Meaning::kEntity) {
      return model_.types.Entity(model_.types.names().Intern(resolved->name));
    }
    if (const auto found = built_.find(resolved->name); found != built_.end()) {
      return found->second;
    }
    // Not built yet: part of a cycle, which is reported elsewhere; else it is a built-in type.
    if (scope_.common_types().contains(resolved->name)) return Types::kNever;
    return Builtin(BaseName(resolved->name));
  }

  static TypeId Builtin(std::string_view name) {
    if (name == "Bool") return Types::kBool;
    if (name == "Long") return Types::kLong;
    if (name == "String") return Types::kString;
    const auto* const found = std::find(kExtensionNames.begin(), kExtensionNames.end(), name);
    return Types::ExtensionType(static_cast<Extension>(found - kExtensionNames.begin()));
  }

  TypeId BuildExtension(const TypeExpr& type) {
    const auto* const found = std::find(kExtensionNames.begin(), kExtensionNames.end(), type.name);
    if (found != kExtensionNames.end()) {
      return Types::ExtensionType(static_cast<Extension>(found - kExtensionNames.begin()));
    }
    diagnostics_->Add(DiagId::kUnknownType, type.span,
                      "there is no extension type " + Quoted(type.name),
                      DidYouMean(type.name, kExtensionNames));
    return Types::kNever;
  }

  TypeId Checked(TypeId id, Span span) {
    if (model_.types[id].depth <= limits_.type_depth) return id;
    diagnostics_->Add(DiagId::kTooDeep, span,
                      "this type is nested more than " + std::to_string(limits_.type_depth) +
                          " deep (type_depth)");
    return Types::kNever;
  }

  TypeId BuildRecordOnly(const TypeExpr& type, std::string_view space, const std::string& what) {
    const std::uint64_t errors_before = diagnostics_->total();
    const TypeId id = Build(type, space);
    if (model_.types[id].kind != TypeKind::kRecord && diagnostics_->total() == errors_before) {
      diagnostics_->Add(DiagId::kNotRecord, type.span,
                        what + " must be a record, and this is " + Quoted(model_.types.Text(id)));
    }
    return id;
  }

  // --- entity types

  void EntityTypes() {
    for (const auto& [name, declared] : scope_.entity_types()) {
      const NameId id = model_.types.names().Intern(name);
      model_.entity_index.emplace(id, static_cast<std::uint32_t>(model_.entity_types.size()));
      model_.entity_types.push_back({.name = id, .choices = declared.decl->choices});
    }
    std::uint32_t index = 0;
    for (const auto& [name, declared] : scope_.entity_types()) {
      EntityType& type = model_.entity_types[index];
      type.shape =
          BuildRecordOnly(declared.decl->shape, declared.space, "the shape of " + Quoted(name));
      if (declared.decl->tags) type.tags = Build(*declared.decl->tags, declared.space);
      for (const NameId parent : EntityNames(declared.decl->member_of, declared.space)) {
        const auto found = model_.entity_index.find(parent);
        if (found == model_.entity_index.end()) continue;
        type.parents.push_back(found->second);
        model_.entity_types[found->second].children.push_back(index);
      }
      ++index;
    }
  }

  // Each once, in the order of names.
  std::vector<NameId> EntityNames(const std::vector<Name>& names, std::string_view space) {
    std::vector<NameId> ids;
    for (const Name& name : names) {
      const auto resolved =
          scope_.Resolve(name.text, space, Expected::kEntity, name.span, diagnostics_);
      if (!resolved) continue;
      if (!scope_.entity_types().contains(resolved->name)) {
        diagnostics_->Add(DiagId::kUnknownType, name.span,
                          Quoted(resolved->name) + " is a type of actions",
                          "here stands the type of entities that are no actions");
        continue;
      }
      ids.push_back(model_.types.names().Intern(resolved->name));
    }
    const Names& texts = model_.types.names();
    std::sort(ids.begin(), ids.end(),
              [&](NameId a, NameId b) { return NameOrder()(texts[a], texts[b]); });
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  }

  // --- actions

  void Actions() {
    for (const auto& [uid, declared] : scope_.actions()) {
      model_.action_index.emplace(uid, static_cast<std::uint32_t>(model_.actions.size()));
      model_.actions.push_back({.uid = uid, .type = model_.types.names().Intern(uid.type)});
    }
    const TypeId empty = model_.types.Record({});
    std::uint32_t index = 0;
    for (const auto& [uid, declared] : scope_.actions()) {
      Action& action = model_.actions[index];
      action.context = empty;
      if (const auto& applies_to = declared.decl->applies_to) {
        action.principals = EntityNames(applies_to->principals, declared.space);
        action.resources = EntityNames(applies_to->resources, declared.space);
        action.context =
            BuildRecordOnly(applies_to->context, declared.space, "the context of " + uid.ToCedar());
      }
      for (const std::uint32_t parent : Parents(*declared.decl, declared.space)) {
        action.parents.push_back(parent);
        model_.actions[parent].children.push_back(index);
      }
      ++index;
    }
  }

  std::vector<std::uint32_t> Parents(const ActionDecl& decl, std::string_view space) {
    std::vector<std::uint32_t> parents;
    if (!decl.member_of) return parents;
    for (const ActionRef& ref : *decl.member_of) {
      const auto uid = scope_.ResolveAction(ref, space, diagnostics_);
      if (uid) parents.push_back(model_.action_index.find(*uid)->second);
    }
    std::sort(parents.begin(), parents.end());
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    return parents;
  }

  // Takes away actions without parents until none is left; what stays is in a cycle or below one.
  void CheckActionCycles() {
    std::vector<std::size_t> waits_for;
    std::vector<std::uint32_t> ready;
    for (std::uint32_t i = 0; i < model_.actions.size(); ++i) {
      waits_for.push_back(model_.actions[i].parents.size());
      if (waits_for.back() == 0) ready.push_back(i);
    }
    std::size_t done = 0;
    for (; !ready.empty(); ++done) {
      const std::uint32_t next = ready.back();
      ready.pop_back();
      for (const std::uint32_t child : model_.actions[next].children) {
        if (--waits_for[child] == 0) ready.push_back(child);
      }
    }
    if (done == model_.actions.size()) return;
    for (std::uint32_t i = 0; i < model_.actions.size(); ++i) {
      if (waits_for[i] == 0) continue;
      if (!Reach(model_.actions, {i}, &Action::parents)[i]) continue;
      const EntityUid& uid = model_.actions[i].uid;
      diagnostics_->Add(DiagId::kActionCycle, scope_.actions().find(uid)->second.decl->span,
                        "the action " + uid.ToCedar() + " is an ancestor of itself");
      return;
    }
  }

  const Limits& limits_;
  Diagnostics* diagnostics_;
  Scope scope_;
  std::unordered_map<std::string, TypeId> built_;
  Model model_;
};

// Rewrites one fragment in place.
class Rewriter {
 public:
  Rewriter(const Scope& scope, Diagnostics* diagnostics)
      : scope_(scope), diagnostics_(diagnostics) {}

  void Rewrite(Fragment* fragment) {
    for (auto& [name, space] : fragment->namespaces) {
      space_ = name;
      for (auto& [base, common] : space.common_types) Rewrite(&common.type);
      for (auto& [base, entity] : space.entity_types) {
        for (Name& parent : entity.member_of) Rewrite(&parent);
        Rewrite(&entity.shape);
        if (entity.tags) Rewrite(&*entity.tags);
      }
      for (auto& [id, action] : space.actions) Rewrite(&action);
    }
  }

 private:
  void Rewrite(ActionDecl* action) {
    if (action->applies_to) {
      for (Name& name : action->applies_to->principals) Rewrite(&name);
      for (Name& name : action->applies_to->resources) Rewrite(&name);
      Rewrite(&action->applies_to->context);
    }
    if (!action->member_of) return;
    for (ActionRef& ref : *action->member_of) {
      if (auto uid = scope_.ResolveAction(ref, space_, diagnostics_)) ref.type = uid->type;
    }
  }

  void Rewrite(Name* name) {
    auto resolved = scope_.Resolve(name->text, space_, Expected::kEntity, name->span, diagnostics_);
    if (resolved) name->text = std::move(resolved->name);
  }

  void Rewrite(TypeExpr* type) {
    for (TypeExpr& element : type->element) Rewrite(&element);
    for (AttributeDecl& attribute : type->attributes) Rewrite(&attribute.type);
    std::optional<Expected> expected;
    if (type->form == TypeForm::kEntity) expected = Expected::kEntity;
    if (type->form == TypeForm::kCommon) expected = Expected::kCommon;
    if (type->form == TypeForm::kEntityOrCommon) expected = Expected::kCommonOrEntity;
    if (!expected) return;
    auto resolved = scope_.Resolve(type->name, space_, *expected, type->span, diagnostics_);
    if (!resolved) return;
    type->form = resolved->meaning == Meaning::kCommon ? TypeForm::kCommon : TypeForm::kEntity;
    type->name = std::move(resolved->name);
  }

  const Scope& scope_;
  Diagnostics* diagnostics_;
  std::string_view space_;
};

}  // namespace

std::optional<Model> Resolve(std::span<const Fragment> fragments, const Limits& limits,
                             Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  auto model = Resolver(fragments, limits, diagnostics).Run();
  if (diagnostics->total() != errors_before) return std::nullopt;
  return model;
}

std::optional<Fragment> WithResolvedNames(const Fragment& fragment, Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  Fragment rewritten = fragment;
  const Scope scope(std::span<const Fragment>(&fragment, 1), diagnostics);
  Rewriter(scope, diagnostics).Rewrite(&rewritten);
  if (diagnostics->total() != errors_before) return std::nullopt;
  return rewritten;
}

}  // namespace assay::schema
