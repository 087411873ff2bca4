#include "compiler/validate/typed_data.h"

#include <unordered_set>
#include <utility>

#include "compiler/schema/fragment.h"
#include "compiler/validate/conform.h"
#include "compiler/validate/typed_json.h"
#include "engine/base/names.h"
#include "engine/data/entity_json.h"
#include "engine/data/hierarchy.h"
#include "engine/data/value_json.h"

namespace assay::validate {

namespace {

// Attributes or tags of entities that the schema knows.
class PartReader {
 public:
  PartReader(const schema::Model& model, Diagnostics* diagnostics)
      : model_(model), diagnostics_(diagnostics) {}

  std::optional<Record> Read(const EntityUid* known_uid, data::EntityPart part,
                             const json::Node& node) {
    // Actions have neither, and validation says so.
    if (known_uid == nullptr || IsActionType(known_uid->type) || node.type != json::Type::kObject) {
      return data::ReadAttributes(node, diagnostics_);
    }
    const EntityUid& uid = *known_uid;
    const schema::EntityType* type = model_.FindEntityType(uid.type);
    if (type == nullptr) {
      Fail(node.span, "entity `" + uid.ToCedar() + "` has type `" + uid.type +
                          "` which is not declared in the schema");
      return std::nullopt;
    }
    bool ok = true;
    Record record;
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const json::Member& member = node.members[i];
      const auto value_type =
          part == data::EntityPart::kTags ? type->tags : TypeOf(*type, member.key);
      if (!value_type) {
        Unexpected(uid, part, member);
        ok = false;
        continue;
      }
      auto value = ReadTyped(model_.types, *value_type, node.elements[i], diagnostics_);
      ok = ok && value.has_value();
      if (value) record.emplace(member.key, std::move(*value));
    }
    if (!ok) return std::nullopt;
    return record;
  }

 private:
  void Fail(Span span, std::string message) {
    diagnostics_->Add(DiagId::kSchemaMismatch, span, std::move(message));
  }

  std::optional<schema::TypeId> TypeOf(const schema::EntityType& type,
                                       const std::string& name) const {
    const auto id = model_.types.names().Find(name);
    const schema::Attribute* found = id ? model_.types.Find(type.shape, *id) : nullptr;
    if (found == nullptr) return std::nullopt;
    return found->type;
  }

  void Unexpected(const EntityUid& uid, data::EntityPart part, const json::Member& member) {
    const std::string shown = "`" + uid.ToCedar() + "`";
    if (part == data::EntityPart::kTags) {
      return Fail(member.key_span, "found a tag `" + member.key + "` on " + shown +
                                       ", but no tags should exist on " + shown +
                                       " according to the schema");
    }
    Fail(member.key_span, "attribute `" + member.key + "` on " + shown +
                              " should not exist according to the schema");
  }

  const schema::Model& model_;
  Diagnostics* diagnostics_;
};

}  // namespace

std::optional<Record> ReadContext(const schema::Model& model, const EntityUid& action,
                                  const json::Node& node, Diagnostics* diagnostics) {
  const schema::Action* declared = model.FindAction(action);
  if (declared == nullptr) {
    diagnostics->Add(DiagId::kSchemaMismatch, node.span,
                     "the action " + action.ToCedar() +
                         " is not declared in the schema, so that "
                         "nobody knows what its context is");
    return std::nullopt;
  }
  if (node.type != json::Type::kObject) {
    diagnostics->Add(
        DiagId::kUnexpectedJsonType, node.span,
        "a context is an object, and this is " + std::string(json::TypeText(node.type)));
    return std::nullopt;
  }
  auto value = ReadTyped(model.types, declared->context, node, diagnostics);
  if (!value) return std::nullopt;
  return *value->As<Record>();
}

std::vector<Entity> WithActions(const schema::Model& model, const Entities& entities) {
  std::vector<Entity> all;
  for (std::size_t i = 0; i < entities.size(); ++i) all.push_back(entities[i]);
  for (const schema::Action& action : model.actions) {
    if (entities.Find(action.uid)) continue;
    Entity entity{action.uid, {}, {}, {}};
    for (const std::uint32_t parent : action.parents) {
      entity.parents.push_back(model.actions[parent].uid);
    }
    all.push_back(std::move(entity));
  }
  return all;
}

std::optional<Entities> ReadEntities(const schema::Model& model, const json::Node& root,
                                     const Limits& limits, Diagnostics* diagnostics) {
  PartReader reader(model, diagnostics);
  auto read = data::ReadEntities(
      root,
      [&](const EntityUid* uid, data::EntityPart part, const json::Node& node) {
        return reader.Read(uid, part, node);
      },
      diagnostics);
  if (!read) return std::nullopt;
  // Entities that are given twice become one; each is found again at the first place.
  std::vector<std::size_t> places;
  std::unordered_set<EntityUid, data::UidHash> seen;
  for (std::size_t i = 0; i < read->size(); ++i) {
    if (seen.insert((*read)[i].uid).second) places.push_back(i);
  }
  Entities entities;
  if (const auto problem = data::Build(std::move(*read), limits, &entities)) {
    diagnostics->Add(problem->id, root.elements[problem->entity].span, problem->message);
    return std::nullopt;
  }
  const std::uint64_t errors_before = diagnostics->total();
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (auto problem = EntityProblem(model, entities, i)) {
      diagnostics->Add(DiagId::kSchemaMismatch, root.elements[places[i]].span, std::move(*problem));
    }
  }
  if (diagnostics->total() != errors_before) return std::nullopt;
  Entities out;
  if (const auto problem = data::Build(WithActions(model, entities), limits, &out)) {
    diagnostics->AddWithoutPlace(problem->id, problem->message);
    return std::nullopt;
  }
  return out;
}

}  // namespace assay::validate
