#include "compiler/schema/read_json.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "engine/base/json.h"
#include "engine/base/names.h"

namespace assay::schema {

namespace {

using json::Node;
using json::Type;

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

// Identifiers joined by `::`; unlike a type's name it may have `__cedar` in it.
bool IsRawName(std::string_view text) {
  while (true) {
    const std::size_t separator = text.find("::");
    const std::string_view part = text.substr(0, separator);
    if (!IsPlainName(part)) return false;
    if (separator == std::string_view::npos) return true;
    text.remove_prefix(separator + 2);
  }
}

class Reader {
 public:
  explicit Reader(Diagnostics* diagnostics) : diagnostics_(diagnostics) {}

  Fragment Read(const Node& root) {
    Fragment fragment;
    if (!Expect(root, Type::kObject, "a schema")) return fragment;
    if (LooksLikeNamespace(root)) {
      Fail(DiagId::kMissingMember, root.span, "the level of namespaces is missing",
           "for the empty namespace write {\"\": {\"entityTypes\": …, \"actions\": …}}");
      return fragment;
    }
    for (std::size_t i = 0; i < root.members.size(); ++i) {
      const json::Member& member = root.members[i];
      if (!member.key.empty() && !IsTypeName(member.key)) {
        Fail(DiagId::kInvalidTypeName, member.key_span,
             Quoted(member.key) + " is not the name of a namespace",
             "a namespace is identifiers joined by `::`, or \"\"");
        continue;
      }
      fragment.namespaces[member.key] = ReadNamespace(member, root.elements[i]);
    }
    return fragment;
  }

 private:
  // A member of a namespace stands where namespaces should.
  static bool LooksLikeNamespace(const Node& root) {
    for (const std::string_view name : {"entityTypes", "actions", "commonTypes"}) {
      const Node* found = root.Find(name);
      if (found == nullptr) continue;
      if (found->Find("entityTypes") == nullptr || found->Find("actions") == nullptr) return true;
    }
    return false;
  }

  void Fail(DiagId id, Span span, std::string message, std::string hint = {}) {
    diagnostics_->Add(id, span, std::move(message), std::move(hint));
  }

  bool Expect(const Node& node, Type type, std::string_view what) {
    if (node.type == type) return true;
    Fail(DiagId::kUnexpectedJsonType, node.span,
         std::string(what) + " is " + std::string(json::TypeText(type)) + ", and this is " +
             std::string(json::TypeText(node.type)));
    return false;
  }

  void CheckMembers(const Node& node, std::string_view what,
                    std::initializer_list<std::string_view> known) {
    for (const json::Member& member : node.members) {
      if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
      std::string list;
      for (const std::string_view name : known) list += (list.empty() ? "" : ", ") + Quoted(name);
      Fail(DiagId::kUnknownMember, member.key_span,
           std::string(what) + " has no member " + Quoted(member.key), "it may have " + list);
    }
  }

  const Node* Require(const Node& node, std::string_view name, std::string_view what) {
    const Node* member = node.Find(name);
    if (member == nullptr) {
      Fail(DiagId::kMissingMember, node.span, std::string(what) + " has no " + Quoted(name));
    }
    return member;
  }

  // Calls `read(member, value)` for each member of an object.
  template <typename Read>
  void ForEach(const Node& node, std::string_view what, Read read) {
    if (!Expect(node, Type::kObject, what)) return;
    for (std::size_t i = 0; i < node.members.size(); ++i) read(node.members[i], node.elements[i]);
  }

  Annotations ReadAnnotations(const Node& parent) {
    Annotations annotations;
    const Node* node = parent.Find("annotations");
    if (node == nullptr) return annotations;
    ForEach(*node, "`annotations`", [&](const json::Member& member, const Node& value) {
      if (!IsIdentifier(member.key)) {
        Fail(DiagId::kInvalidTypeName, member.key_span,
             Quoted(member.key) + " is not an identifier");
      } else if (value.type == Type::kNull) {
        annotations[member.key] = std::nullopt;
      } else if (Expect(value, Type::kString, "an annotation")) {
        annotations[member.key] = value.string;
      }
    });
    return annotations;
  }

  Namespace ReadNamespace(const json::Member& name, const Node& node) {
    Namespace space;
    space.span = name.key_span;
    if (!Expect(node, Type::kObject, "a namespace")) return space;
    CheckMembers(node, "a namespace", {"commonTypes", "entityTypes", "actions", "annotations"});
    space.annotations = ReadAnnotations(node);
    if (name.key.empty() && !space.annotations.empty()) {
      Fail(DiagId::kUnknownMember, node.Find("annotations")->span,
           "the empty namespace has no annotations");
    }
    if (const Node* types = node.Find("commonTypes")) {
      ForEach(*types, "`commonTypes`", [&](const json::Member& member, const Node& value) {
        ReadCommonType(member, value, &space);
      });
    }
    if (const Node* types = Require(node, "entityTypes", "this namespace")) {
      ForEach(*types, "`entityTypes`", [&](const json::Member& member, const Node& value) {
        if (!IsDeclarable(member)) return;
        space.entity_types[member.key] = ReadEntityType(member, value);
      });
    }
    if (const Node* actions = Require(node, "actions", "this namespace")) {
      ForEach(*actions, "`actions`", [&](const json::Member& member, const Node& value) {
        space.actions[member.key] = ReadAction(member, value);
      });
    }
    return space;
  }

  bool IsDeclarable(const json::Member& member) {
    if (member.key == "__cedar") {
      Fail(DiagId::kReservedName, member.key_span, "`__cedar` is a reserved name");
      return false;
    }
    if (IsPlainName(member.key)) return true;
    Fail(DiagId::kInvalidTypeName, member.key_span,
         Quoted(member.key) + " cannot be the name of a type",
         "a name is letters, digits and `_`, and no reserved word");
    return false;
  }

  void ReadCommonType(const json::Member& member, const Node& value, Namespace* space) {
    if (!IsDeclarable(member)) return;
    if (IsReservedCommonType(member.key)) {
      return Fail(DiagId::kReservedName, member.key_span,
                  Quoted(member.key) + " is a reserved name of the schema language",
                  "call the common type something else");
    }
    space->common_types[member.key] = {ReadType(value, {"annotations"}), ReadAnnotations(value),
                                       member.key_span};
  }

  // --- entity types and actions

  EntityDecl ReadEntityType(const json::Member& member, const Node& node) {
    EntityDecl entity;
    entity.span = member.key_span;
    if (!Expect(node, Type::kObject, "an entity type")) return entity;
    entity.annotations = ReadAnnotations(node);
    if (const Node* choices = node.Find("enum")) {
      CheckMembers(node, "an entity type with `enum`", {"enum", "annotations"});
      entity.choices = ReadStrings(*choices, "`enum`");
      if (entity.choices.empty() && choices->type == Type::kArray && choices->elements.empty()) {
        Fail(DiagId::kUnexpectedJsonType, choices->span, "`enum` is empty",
             "an enumeration has one entity at least");
      }
      return entity;
    }
    CheckMembers(node, "an entity type", {"memberOfTypes", "shape", "tags", "enum", "annotations"});
    if (const Node* parents = node.Find("memberOfTypes")) {
      entity.member_of = ReadNames(*parents, "`memberOfTypes`");
    }
    if (const Node* shape = node.Find("shape")) entity.shape = ReadType(*shape);
    if (const Node* tags = node.Find("tags")) entity.tags = ReadType(*tags);
    return entity;
  }

  ActionDecl ReadAction(const json::Member& member, const Node& node) {
    ActionDecl action;
    action.span = member.key_span;
    if (!Expect(node, Type::kObject, "an action")) return action;
    CheckMembers(node, "an action", {"appliesTo", "memberOf", "attributes", "annotations"});
    action.annotations = ReadAnnotations(node);
    // These three may be null, which is the same as not being there.
    const auto given = [&](std::string_view name) {
      const Node* value = node.Find(name);
      return value != nullptr && value->type != Type::kNull ? value : nullptr;
    };
    action.has_attributes = given("attributes") != nullptr;
    if (const Node* applies_to = given("appliesTo")) action.applies_to = ReadAppliesTo(*applies_to);
    const Node* parents = given("memberOf");
    if (parents == nullptr || !Expect(*parents, Type::kArray, "`memberOf`")) return action;
    action.member_of.emplace();
    for (const Node& parent : parents->elements) action.member_of->push_back(ReadActionRef(parent));
    return action;
  }

  AppliesTo ReadAppliesTo(const Node& node) {
    AppliesTo applies_to;
    if (!Expect(node, Type::kObject, "`appliesTo`")) return applies_to;
    CheckMembers(node, "`appliesTo`", {"principalTypes", "resourceTypes", "context"});
    if (const Node* types = Require(node, "principalTypes", "this `appliesTo`")) {
      applies_to.principals = ReadNames(*types, "`principalTypes`");
    }
    if (const Node* types = Require(node, "resourceTypes", "this `appliesTo`")) {
      applies_to.resources = ReadNames(*types, "`resourceTypes`");
    }
    if (const Node* context = node.Find("context")) applies_to.context = ReadType(*context);
    return applies_to;
  }

  ActionRef ReadActionRef(const Node& node) {
    ActionRef ref;
    ref.span = node.span;
    if (!Expect(node, Type::kObject, "a parent of an action")) return ref;
    CheckMembers(node, "a parent of an action", {"id", "type"});
    const Node* id = Require(node, "id", "this parent of an action");
    if (id != nullptr && Expect(*id, Type::kString, "`id`")) ref.id = id->string;
    const Node* type = node.Find("type");
    if (type != nullptr && type->type != Type::kNull) ref.type = ReadName(*type, "`type`").text;
    return ref;
  }

  std::vector<std::string> ReadStrings(const Node& node, std::string_view what) {
    std::vector<std::string> strings;
    if (!Expect(node, Type::kArray, what)) return strings;
    for (const Node& element : node.elements) {
      if (Expect(element, Type::kString, "an element of " + std::string(what))) {
        strings.push_back(element.string);
      }
    }
    return strings;
  }

  std::vector<Name> ReadNames(const Node& node, std::string_view what) {
    std::vector<Name> names;
    if (!Expect(node, Type::kArray, what)) return names;
    for (const Node& element : node.elements) {
      names.push_back(ReadName(element, "an element of " + std::string(what)));
    }
    return names;
  }

  Name ReadName(const Node& node, std::string_view what) {
    if (Expect(node, Type::kString, what) && !IsRawName(node.string)) {
      Fail(DiagId::kInvalidTypeName, node.span, Quoted(node.string) + " is not a type name",
           "a type is identifiers joined by `::`, without white space");
    }
    return {node.string, node.span};
  }

  // --- types

  // `further` are members that may stand beside those of a type.
  TypeExpr ReadType(const Node& node, std::initializer_list<std::string_view> further = {}) {
    TypeExpr type;
    type.span = node.span;
    if (!Expect(node, Type::kObject, "a type")) return type;
    const Node* form = Require(node, "type", "this type");
    if (form == nullptr || !Expect(*form, Type::kString, "`type`")) return type;
    if (form->string == "Set") {
      CheckTypeMembers(node, {"element"}, further);
      type.form = TypeForm::kSet;
      const Node* element = Require(node, "element", "this set type");
      type.element.push_back(element != nullptr ? ReadType(*element) : TypeExpr{});
    } else if (form->string == "Record") {
      CheckTypeMembers(node, {"attributes", "additionalAttributes"}, further);
      ReadRecord(node, &type);
    } else {
      ReadNamedType(node, *form, further, &type);
    }
    return type;
  }

  void CheckTypeMembers(const Node& node, std::initializer_list<std::string_view> own,
                        std::initializer_list<std::string_view> further) {
    for (const json::Member& member : node.members) {
      const auto is_member = [&](std::string_view name) { return name == member.key; };
      if (member.key == "type" || std::any_of(own.begin(), own.end(), is_member) ||
          std::any_of(further.begin(), further.end(), is_member)) {
        continue;
      }
      Fail(DiagId::kUnknownMember, member.key_span,
           "this type has no member " + Quoted(member.key));
    }
  }

  void ReadNamedType(const Node& node, const Node& form,
                     std::initializer_list<std::string_view> further, TypeExpr* type) {
    constexpr std::pair<std::string_view, TypeForm> kPlain[] = {
        {"String", TypeForm::kString}, {"Long", TypeForm::kLong}, {"Boolean", TypeForm::kBoolean}};
    constexpr std::pair<std::string_view, TypeForm> kNamed[] = {
        {"Entity", TypeForm::kEntity},
        {"EntityOrCommon", TypeForm::kEntityOrCommon},
        {"Extension", TypeForm::kExtension}};
    for (const auto& [text, plain] : kPlain) {
      if (form.string != text) continue;
      CheckTypeMembers(node, {}, further);
      type->form = plain;
      return;
    }
    for (const auto& [text, named] : kNamed) {
      if (form.string != text) continue;
      CheckTypeMembers(node, {"name"}, further);
      type->form = named;
      const Node* name = Require(node, "name", "this type");
      if (name != nullptr) type->name = ReadName(*name, "`name`").text;
      return;
    }
    CheckTypeMembers(node, {}, further);
    type->form = TypeForm::kCommon;
    type->name = ReadName(form, "`type`").text;
  }

  void ReadRecord(const Node& node, TypeExpr* type) {
    type->form = TypeForm::kRecord;
    const Node* additional = node.Find("additionalAttributes");
    if (additional != nullptr && Expect(*additional, Type::kBool, "`additionalAttributes`") &&
        additional->boolean) {
      Fail(DiagId::kUnsupportedFeature, additional->span,
           "records that allow further attributes are not supported", "leave this member out");
    }
    const Node* attributes = Require(node, "attributes", "this record type");
    if (attributes == nullptr) return;
    ForEach(*attributes, "`attributes`", [&](const json::Member& member, const Node& value) {
      AttributeDecl attribute{member.key, ReadType(value, {"required", "annotations"}), true,
                              ReadAnnotations(value)};
      const Node* required = value.Find("required");
      if (required != nullptr && Expect(*required, Type::kBool, "`required`")) {
        attribute.required = required->boolean;
      }
      type->attributes.push_back(std::move(attribute));
    });
    std::sort(type->attributes.begin(), type->attributes.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  }

  Diagnostics* diagnostics_;
};

}  // namespace

std::optional<Fragment> ParseJson(const Sources& sources, std::uint32_t source,
                                  const Limits& limits, Diagnostics* diagnostics) {
  const std::uint64_t errors_before = diagnostics->total();
  const std::size_t listed_before = diagnostics->list().size();
  const auto root = json::Parse(sources, source, limits, diagnostics);
  if (!root) return std::nullopt;
  Fragment fragment = Reader(diagnostics).Read(*root);
  diagnostics->SortFrom(listed_before);  // places are read in the order of the members' meaning
  if (diagnostics->total() != errors_before) return std::nullopt;
  return fragment;
}

}  // namespace assay::schema
