// Attributes and tags.
#include <algorithm>
#include <iterator>

#include "compiler/schema/fragment.h"
#include "compiler/validate/checker.h"
#include "compiler/validate/core_text.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"
#include "engine/base/suggest.h"

namespace assay::validate {

using schema::TypeKind;

namespace {

constexpr TypeId kEntityOrRecord[] = {Types::kAnyEntity, Types::kAnyRecord};

}  // namespace

// --- looking attributes up

// Of a union of entity types: what all of them have.
std::vector<schema::Attribute> Checker::AttributesOf(TypeId type) {
  const TypeKind kind = KindOf(type);
  if (kind == TypeKind::kRecord) return session_.types[type].attributes;
  if (kind != TypeKind::kEntity) return {};
  std::optional<std::vector<schema::Attribute>> common;
  const std::vector<NameId> entities = session_.types[type].entities;
  for (const NameId entity : entities) {
    const schema::EntityType* declared = session_.model.FindEntityType(entity);
    std::vector<schema::Attribute> own;
    if (declared != nullptr) own = session_.types[declared->shape].attributes;
    common = common ? session_.types.CommonAttributes(*common, own) : std::move(own);
  }
  return common.value_or(std::vector<schema::Attribute>());
}

std::optional<Checker::Lookup> Checker::FindAttribute(TypeId type, NameId name) {
  const auto find = [&](TypeId record) -> std::optional<Lookup> {
    const schema::Attribute* found = session_.types.Find(record, name);
    if (found == nullptr) return std::nullopt;
    return Lookup{found->type, found->required};
  };
  const TypeKind kind = KindOf(type);
  if (kind == TypeKind::kRecord) return find(type);
  if (kind != TypeKind::kEntity) return std::nullopt;
  const std::vector<NameId>& entities = session_.types[type].entities;
  if (entities.size() == 1) {
    const schema::EntityType* declared = session_.model.FindEntityType(entities.front());
    return declared != nullptr ? find(declared->shape) : std::nullopt;
  }
  for (const schema::Attribute& attribute : AttributesOf(type)) {
    if (attribute.name == name) return Lookup{attribute.type, attribute.required};
  }
  return std::nullopt;
}

bool Checker::MayHaveAttribute(TypeId type, NameId name) {
  const schema::Type& t = session_.types[type];
  switch (t.kind) {
    case TypeKind::kNever:
    case TypeKind::kAnyEntity: return true;
    case TypeKind::kRecord: return t.is_open || session_.types.Find(type, name) != nullptr;
    case TypeKind::kEntity:
      return std::any_of(t.entities.begin(), t.entities.end(), [&](NameId entity) {
        const schema::EntityType* declared = session_.model.FindEntityType(entity);
        return declared != nullptr && session_.types.Find(declared->shape, name) != nullptr;
      });
    default: return false;
  }
}

// --- reporting an access

Checker::Access Checker::AccessOf(NodeId subject, std::vector<NameId> attributes) const {
  while (true) {
    const Node& node = core_[subject];
    const auto& type = traces_[static_cast<std::size_t>(subject)].type;
    if (type && KindOf(*type) == TypeKind::kEntity) return {std::move(attributes), type, false};
    if (node.kind == NodeKind::kVar && node.var == cedar::Var::kContext) {
      return {std::move(attributes), std::nullopt, true};
    }
    if (node.kind != NodeKind::kGetAttr) return {std::move(attributes), std::nullopt, false};
    attributes.push_back(node.name);
    subject = core_.child(node, 0);
  }
}

std::string Checker::AttributeChain(std::span<const NameId> attributes, bool leading_dot) const {
  std::string out;
  for (auto it = attributes.rbegin(); it != attributes.rend(); ++it) {
    const std::string_view name = session_.types.names()[*it];
    if (IsPlainName(name)) {
      if (it != attributes.rbegin() || leading_dot) out += ".";
      out += name;
    } else {
      out += "[\"" + EscapeText(name) + "\"]";
    }
  }
  return out;
}

std::string Checker::AccessText(const Access& access) const {
  std::string out = "`" + AttributeChain(access.attributes, false) + "`";
  if (access.is_context) return out + " in context for " + env_->action->uid.ToCedar();
  if (!access.entity) return out;
  const auto& entities = session_.types[*access.entity].entities;
  out += entities.size() == 1 ? " on entity type " : " on entity types ";
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (i > 0) out += ", ";
    out += "`" + std::string(session_.types.names()[entities[i]]) + "`";
  }
  return out;
}

std::string Checker::GuardText(const Access& access) const {
  const std::span<const NameId> all(access.attributes);
  std::string out = access.is_context ? "context" : "e";
  out += AttributeChain(all.subspan(1), true);
  const std::string_view last = session_.types.names()[all.front()];
  return out + " has " + (IsPlainName(last) ? std::string(last) : "\"" + EscapeText(last) + "\"");
}

void Checker::UnsafeAttribute(const Access& access, Span span, TypeId type) {
  const NameId name = access.attributes.front();
  std::vector<std::string_view> candidates;
  for (const schema::Attribute& attribute : AttributesOf(type)) {
    candidates.push_back(session_.types.names()[attribute.name]);
  }
  const std::string suggestion(Nearest(session_.types.names()[name], candidates));
  const bool may_exist = MayHaveAttribute(type, name);
  std::string help = suggestion.empty() ? "" : "did you mean `" + suggestion + "`?";
  if (may_exist && suggestion.empty()) {
    help = "there may be additional attributes that the validator is not able to reason about";
  } else if (may_exist) {
    help +=
        " (there may also be additional attributes that the validator is not able to reason about)";
  }
  Report(FindingKind::kUnsafeAttributeAccess, span,
         "attribute " + AccessText(access) + " not found", std::move(help));
}

void Checker::UnsafeOptionalAttribute(const Access& access, Span span) {
  Report(FindingKind::kUnsafeOptionalAttributeAccess, span,
         "unable to guarantee safety of access to optional attribute " + AccessText(access),
         "try testing for the attribute's presence with `" + GuardText(access) + " && ..`");
}

// --- attributes

Checker::Answer Checker::GetAttr(const Node& node) {
  const NodeId subject = core_.child(node, 0);
  const Answer actual = Expect(subject, kEntityOrRecord, NoHelp);
  if (!actual.type) return {false, std::nullopt};
  const auto found = FindAttribute(*actual.type, node.name);
  if (!found) {
    UnsafeAttribute(AccessOf(subject, {node.name}), node.span, *actual.type);
    return {false, std::nullopt};
  }
  const Capability needed = session_.Attribute(core_[subject].shape, node.name);
  if (found->required || IsKnown(needed)) return {actual.ok, found->type};
  UnsafeOptionalAttribute(AccessOf(subject, {node.name}), node.span);
  return {false, found->type};
}

Checker::Answer Checker::Has(const Node& node) {
  const Answer subject = Expect(core_.child(node, 0), kEntityOrRecord, HelpForHas);
  if (!subject.type) return {false, Types::kBool};
  const auto names = core_.names(node);
  return names.size() == 1 ? HasOne(node, subject, names.front()) : HasMany(node, subject);
}

// An entity may be absent, and then has nothing: only of a record is a required attribute certain.
Checker::Answer Checker::HasOne(const Node& node, const Answer& subject, NameId name) {
  const auto found = FindAttribute(*subject.type, name);
  if (!found) {
    return {subject.ok, MayHaveAttribute(*subject.type, name) ? Types::kBool : Types::kFalse};
  }
  const Capability earned = session_.Attribute(core_[core_.child(node, 0)].shape, name);
  const bool is_certain =
      IsKnown(earned) || (found->required && KindOf(*subject.type) == TypeKind::kRecord);
  return {subject.ok, is_certain ? Types::kTrue : Types::kBool, {earned}};
}

// `e has a.b.c` means `e has a && e.a has b && e.a.b has c`, but for capabilities that are known
// already: they are not earned again.
Checker::Answer Checker::HasMany(const Node& node, const Answer& subject) {
  struct Step {
    TypeId type;
    std::vector<Capability> earned;
  };
  const NodeId base = core_.child(node, 0);
  const auto names = core_.names(node);
  std::uint32_t shape = core_[base].shape;
  std::vector<TypeId> types = {*subject.type};  // of the base, and of what is behind each name
  std::vector<Step> steps;
  Known known(this);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const TypeId at = types.back();
    const TypeKind kind = KindOf(at);
    if (kind != TypeKind::kRecord && kind != TypeKind::kEntity && kind != TypeKind::kAnyEntity) {
      Unexpected(node.span, kEntityOrRecord, at, std::string(HelpText(HelpForHas(kind))));
      return {false, Types::kBool};
    }
    const auto found = FindAttribute(at, names[i]);
    const Capability earned = session_.Attribute(shape, names[i]);
    if (!found) {
      steps.push_back({MayHaveAttribute(at, names[i]) ? Types::kBool : Types::kFalse, {}});
    } else if (IsKnown(earned) || (found->required && kind == TypeKind::kRecord)) {
      steps.push_back({Types::kTrue, {}});
    } else {
      steps.push_back({Types::kBool, {earned}});
    }
    if (i + 1 == names.size() || steps.back().type == Types::kFalse) break;
    known.Add(steps.back().earned);
    const Access access = [&] {
      std::vector<NameId> attributes = {names[i]};
      for (std::size_t k = i; k > 0; --k) {
        if (KindOf(types[k]) == TypeKind::kEntity) return Access{attributes, types[k], false};
        attributes.push_back(names[k - 1]);
      }
      return AccessOf(base, attributes);
    }();
    if (!found) {
      UnsafeAttribute(access, node.span, at);
      return {false, Types::kBool};
    }
    if (!found->required && !IsKnown(earned)) {
      UnsafeOptionalAttribute(access, node.span);
      return {false, Types::kBool};
    }
    types.push_back(found->type);
    shape = ShapeOfGetAttr(shape, names[i], &session_.shapes);
  }
  Step result = std::move(steps.back());
  for (steps.pop_back(); !steps.empty(); steps.pop_back()) {
    if (result.type == Types::kFalse) {
      result.earned.clear();
      continue;
    }
    if (result.type == Types::kTrue) result.type = steps.back().type;
    result.earned.insert(result.earned.end(), steps.back().earned.begin(),
                         steps.back().earned.end());
  }
  return {subject.ok, result.type, std::move(result.earned)};
}

// --- tags

// Each once. Of a union, entity types without tags do not count.
std::vector<TypeId> Checker::TagTypes(TypeId entity) {
  std::vector<TypeId> types;
  const auto add = [&](const schema::EntityType* declared) {
    if (declared != nullptr && declared->tags) types.push_back(*declared->tags);
  };
  if (KindOf(entity) == TypeKind::kAnyEntity) {
    for (const schema::EntityType& declared : session_.model.entity_types) add(&declared);
  } else {
    for (const NameId name : session_.types[entity].entities) {
      add(session_.model.FindEntityType(name));
    }
  }
  std::sort(types.begin(), types.end(),
            [&](TypeId a, TypeId b) { return session_.types.Compare(a, b) < 0; });
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

// Nothing if there is no entity that tags could be asked of, which has been reported then.
std::optional<Checker::Tagged> Checker::CheckTagged(const Node& node) {
  const NodeId subject = core_.child(node, 0), tag = core_.child(node, 1);
  const Answer entity = Expect(subject, Types::kAnyEntity, NoHelp);
  const Answer key = Expect(tag, Types::kString, NoHelp);
  if (!entity.type) return std::nullopt;
  if (entity.type == Types::kNever) {
    findings_.Add(FindingKind::kInternalInvariantViolation, node.span,
                  "internal invariant violated");
    return std::nullopt;
  }
  return Tagged{*entity.type, entity.ok && key.ok,
                session_.Tag(core_[subject].shape, core_[tag].shape)};
}

Checker::Answer Checker::HasTag(const Node& node) {
  const auto tagged = CheckTagged(node);
  if (!tagged) return {false, std::nullopt};
  TypeId type = Types::kBool;
  if (TagTypes(tagged->entity).empty()) {
    type = Types::kFalse;
  } else if (IsKnown(tagged->capability)) {
    type = Types::kTrue;
  }
  return {tagged->ok, type, {tagged->capability}};
}

// The types that an expression and its parts have, as a key.
std::string Checker::TypesWithin(NodeId id) const {
  const auto& type = traces_[static_cast<std::size_t>(id)].type;
  std::string key = type ? std::to_string(static_cast<std::uint32_t>(*type)) : "-";
  for (const NodeId child : core_.children(core_[id])) key += " " + TypesWithin(child);
  return key;
}

Checker::Answer Checker::GetTag(const Node& node) {
  const auto tagged = CheckTagged(node);
  if (!tagged) return {false, std::nullopt};
  const auto& entities = session_.types[tagged->entity].entities;
  const std::string single =
      entities.size() == 1 ? std::string(session_.types.names()[entities.front()]) : "";
  if (!IsKnown(tagged->capability)) {
    const NodeId tag = core_.child(node, 1);
    const std::string text = CoreText(core_, traces_, session_.types.names(), tag);
    // For the reference two tags are the same only if they have the same types, so that there is
    // one finding for each type of principal where the tag is an attribute of the principal.
    findings_.AddFor(FindingKind::kUnsafeTagAccess, node.span,
                     "unable to guarantee safety of access to tag `" + text + "`" +
                         (single.empty() ? "" : " on entity type `" + single + "`"),
                     "try testing for the tag's presence with `.hasTag(" + text + ") && ..`",
                     TypesWithin(tag));
    return {false, std::nullopt};
  }
  const std::vector<TypeId> types = TagTypes(tagged->entity);
  if (types.empty()) {
    Report(FindingKind::kNoTagsAllowed, node.span,
           "`.getTag()` is not allowed on entities of " +
               (single.empty() ? "this type" : "type `" + single + "`") +
               " because no `tags` were declared on the entity type in the schema");
    return {false, std::nullopt};
  }
  const auto lub =
      LubOrError(node, {types.begin(), types.end()}, "tag types for a `.getTag()` operation");
  if (!lub) return {false, std::nullopt};
  return {tagged->ok, lub};
}

}  // namespace assay::validate
