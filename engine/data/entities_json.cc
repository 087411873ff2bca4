// Entities from JSON.
#include <utility>

#include "engine/base/guarded.h"
#include "engine/data/entity_json.h"
#include "engine/data/hierarchy.h"
#include "engine/data/value_json.h"

namespace assay {

namespace {

using json::Node;
using json::Type;

class EntityReader {
 public:
  EntityReader(const data::ReadRecord& read_record, Diagnostics* diagnostics)
      : read_record_(read_record), diagnostics_(diagnostics) {}

  // Members that are not part of the format are ignored, as in the reference.
  std::optional<Entity> Read(const Node& node) {
    if (node.type != Type::kObject) return Fail(node, "an entity is an object");
    const Node* uid = Member(node, "uid");
    const Node* attributes = Member(node, "attrs");
    const Node* parents = Member(node, "parents");
    if (uid == nullptr || attributes == nullptr || parents == nullptr) return std::nullopt;
    auto read_uid = data::ReadUid(*uid, false, diagnostics_);
    const EntityUid* known_uid = read_uid ? &*read_uid : nullptr;
    auto read_attributes = read_record_(known_uid, data::EntityPart::kAttributes, *attributes);
    auto read_parents = ReadParents(*parents);
    std::optional<Record> read_tags = Record();
    if (const Node* tags = node.Find("tags")) {
      read_tags = read_record_(known_uid, data::EntityPart::kTags, *tags);
    }
    if (!read_uid || !read_attributes || !read_parents || !read_tags) return std::nullopt;
    return Entity{std::move(*read_uid), std::move(*read_attributes), std::move(*read_parents),
                  std::move(*read_tags)};
  }

 private:
  std::nullopt_t Fail(const Node& node, const std::string& expected) {
    diagnostics_->Add(DiagId::kUnexpectedJsonType, node.span,
                      expected + ", and this is " + std::string(json::TypeText(node.type)));
    return std::nullopt;
  }

  const Node* Member(const Node& node, std::string_view name) {
    const Node* member = node.Find(name);
    if (member != nullptr) return member;
    diagnostics_->Add(DiagId::kMissingMember, node.span,
                      "this entity has no `" + std::string(name) + "`",
                      "an entity has `uid`, `attrs`, `parents` and maybe `tags`");
    return nullptr;
  }

  std::optional<std::vector<EntityUid>> ReadParents(const Node& node) {
    if (node.type != Type::kArray) return Fail(node, "`parents` is an array");
    std::vector<EntityUid> parents;
    for (const Node& element : node.elements) {
      auto uid = data::ReadUid(element, false, diagnostics_);
      if (uid) parents.push_back(std::move(*uid));
    }
    if (parents.size() != node.elements.size()) return std::nullopt;
    return parents;
  }

  const data::ReadRecord& read_record_;
  Diagnostics* diagnostics_;
};

}  // namespace

std::optional<std::vector<Entity>> data::ReadEntities(const Node& root,
                                                      const ReadRecord& read_record,
                                                      Diagnostics* diagnostics) {
  if (root.type != Type::kArray) {
    diagnostics->Add(
        DiagId::kUnexpectedJsonType, root.span,
        "entities are an array, and this is " + std::string(json::TypeText(root.type)));
    return std::nullopt;
  }
  EntityReader reader(read_record, diagnostics);
  std::vector<Entity> entities;
  bool ok = true;
  for (const Node& element : root.elements) {
    auto entity = reader.Read(element);
    ok = ok && entity.has_value();
    if (entity) entities.push_back(std::move(*entity));
  }
  if (!ok) return std::nullopt;
  return entities;
}

std::optional<Entities> Entities::FromJson(const Sources& sources, std::uint32_t source,
                                           const Limits& limits, Diagnostics* diagnostics) {
  return Guarded(diagnostics, [&]() -> std::optional<Entities> {
    const auto root = json::Parse(sources, source, limits, diagnostics);
    if (!root) return std::nullopt;
    auto entities = data::ReadEntities(
        *root,
        [&](const EntityUid*, data::EntityPart, const json::Node& node) {
          return data::ReadAttributes(node, diagnostics);
        },
        diagnostics);
    if (!entities) return std::nullopt;
    Entities out;
    const auto problem = data::Build(std::move(*entities), limits, &out);
    if (!problem) return out;
    diagnostics->Add(problem->id, root->elements[problem->entity].span, problem->message);
    return std::nullopt;
  });
}

}  // namespace assay
