// The rules of the entity hierarchy, apart from where entities come from.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/entities.h"
#include "assay/limits.h"
#include "engine/base/hash.h"

namespace assay::data {

struct UidHash {
  std::size_t operator()(const EntityUid& uid) const {
    return SeededHash(SeededHash(0, uid.type), uid.id);
  }
};

struct HierarchyProblem {
  DiagId id{};
  std::size_t entity = 0;  // its place in what was given
  std::string message;
};

// Type names, that parents of actions are actions, and how many parents, attributes and tags there
// are.
std::optional<HierarchyProblem> CheckEntity(const Entity& entity, const Limits& limits);

// Whether such a problem is that a limit is exceeded.
inline bool IsOverLimit(const HierarchyProblem& problem) {
  return problem.id == DiagId::kTooDeep || problem.id == DiagId::kOverLimit;
}

// Equal but for the order and repetition of parents.
bool SameEntity(const Entity& a, const Entity& b);

// All ancestors of each entity, sorted; a problem if there is a cycle or there are more than
// `most` of them together. No recursion.
std::optional<HierarchyProblem> Close(
    const std::vector<Entity>& entities,
    const std::unordered_map<EntityUid, std::size_t, UidHash>& index, std::size_t most,
    std::vector<std::vector<EntityUid>>* ancestors);

// Checks, merges and closes.
std::optional<HierarchyProblem> Build(std::vector<Entity> given, const Limits& limits,
                                      Entities* out);

}  // namespace assay::data
