// Entities: uniqueness, and the closure of the hierarchy.
#include "assay/entities.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/base/guarded.h"
#include "engine/base/names.h"
#include "engine/data/hierarchy.h"

namespace assay {

struct Entities::Data {
  std::vector<Entity> entities;
  std::vector<std::vector<EntityUid>> ancestors;  // by index
  std::unordered_map<EntityUid, std::size_t, data::UidHash> index;
};

// The maker of Entities; only this file knows their inside.
struct data::EntitiesAccess {
  using Data = Entities::Data;
  static Entities Make(std::shared_ptr<const Data> built) { return Entities(std::move(built)); }
};

namespace {

// Equal entities become one; a problem if two of one uid differ.
std::optional<data::HierarchyProblem> Merge(
    std::vector<Entity> given, std::vector<Entity>* merged,
    std::unordered_map<EntityUid, std::size_t, data::UidHash>* index,
    std::vector<std::size_t>* origins) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto [found, is_new] = index->try_emplace(given[i].uid, merged->size());
    if (is_new) {
      merged->push_back(std::move(given[i]));
      origins->push_back(i);
    } else if (!data::SameEntity((*merged)[found->second], given[i])) {
      return data::HierarchyProblem{DiagId::kDuplicateEntity, i,
                                    "the entity " + given[i].uid.ToCedar() +
                                        " was given before with other attributes, parents or tags"};
    }
  }
  return std::nullopt;
}

}  // namespace

namespace data {

std::optional<HierarchyProblem> Build(std::vector<Entity> given, const Limits& limits,
                                      Entities* out) {
  // Problems name entities by their place in what was given, so these are checked before merging.
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (auto problem = CheckEntity(given[i], limits)) {
      return HierarchyProblem{problem->id, i, std::move(problem->message)};
    }
  }
  auto built = std::make_shared<EntitiesAccess::Data>();
  std::vector<std::size_t> origins;  // of merged entities in what was given
  if (auto problem = Merge(std::move(given), &built->entities, &built->index, &origins)) {
    return problem;
  }
  if (auto problem = Close(built->entities, built->index, limits.ancestors, &built->ancestors)) {
    problem->entity = origins[problem->entity];
    return problem;
  }
  *out = EntitiesAccess::Make(std::move(built));
  return std::nullopt;
}

}  // namespace data

Entities::Entities() : data_(std::make_shared<const Data>()) {}

Result<Entities> Entities::Create(std::vector<Entity> entities, const Limits& limits) {
  return Guarded([&]() -> Result<Entities> {
    Entities out;
    auto problem = data::Build(std::move(entities), limits, &out);
    if (!problem) return out;
    return Error{
        data::IsOverLimit(*problem) ? ErrorCode::kLimitExceeded : ErrorCode::kInvalidArgument,
        std::move(problem->message)};
  });
}

std::size_t Entities::size() const { return data_->entities.size(); }

const Entity& Entities::operator[](std::size_t index) const { return data_->entities[index]; }

const std::vector<EntityUid>& Entities::ancestors(std::size_t index) const {
  return data_->ancestors[index];
}

std::optional<std::size_t> Entities::Find(const EntityUid& uid) const {
  const auto found = data_->index.find(uid);
  if (found == data_->index.end()) return std::nullopt;
  return found->second;
}

}  // namespace assay
