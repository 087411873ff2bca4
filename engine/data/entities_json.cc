// Entities from JSON.
#include <new>

#include "assay/entities.h"
#include "engine/base/json.h"
#include "engine/data/hierarchy.h"
#include "engine/data/value_json.h"

namespace assay {

namespace {

using json::Node;
using json::Type;

class EntityReader {
 public:
  explicit EntityReader(Diagnostics* diagnostics) : diagnostics_(diagnostics) {}

  // Members that are not part of the format are ignored, as in the reference.
  std::optional<Entity> Read(const Node& node) {
    if (node.type != Type::kObject) return Fail(node, "an entity is an object");
    const Node* uid = Member(node, "uid");
    const Node* attributes = Member(node, "attrs");
    const Node* parents = Member(node, "parents");
    if (uid == nullptr || attributes == nullptr || parents == nullptr) return std::nullopt;
    auto read_uid = data::ReadUid(*uid, false, diagnostics_);
    auto read_attributes = data::ReadAttributes(*attributes, diagnostics_);
    auto read_parents = ReadParents(*parents);
    std::optional<Record> read_tags = Record();
    if (const Node* tags = node.Find("tags")) read_tags = data::ReadAttributes(*tags, diagnostics_);
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

  Diagnostics* diagnostics_;
};

std::optional<Entities> ReadEntities(const Node& root, const Limits& limits,
                                     Diagnostics* diagnostics) {
  if (root.type != Type::kArray) {
    diagnostics->Add(
        DiagId::kUnexpectedJsonType, root.span,
        "entities are an array, and this is " + std::string(json::TypeText(root.type)));
    return std::nullopt;
  }
  EntityReader reader(diagnostics);
  std::vector<Entity> entities;
  bool ok = true;
  for (const Node& element : root.elements) {
    auto entity = reader.Read(element);
    ok = ok && entity.has_value();
    if (entity) entities.push_back(std::move(*entity));
  }
  if (!ok) return std::nullopt;
  Entities out;
  const auto problem = data::Build(std::move(entities), limits, &out);
  if (!problem) return out;
  diagnostics->Add(problem->id, root.elements[problem->entity].span, problem->message);
  return std::nullopt;
}

}  // namespace

std::optional<Entities> Entities::FromJson(const Sources& sources, std::uint32_t source,
                                           const Limits& limits, Diagnostics* diagnostics) {
  try {
    const auto root = json::Parse(sources, source, limits, diagnostics);
    return root ? ReadEntities(*root, limits, diagnostics) : std::nullopt;
  } catch (const std::bad_alloc&) {
    diagnostics->OutOfMemory();
    return std::nullopt;
  }
}

}  // namespace assay
