#include "engine/data/hierarchy.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/names.h"

namespace assay::data {

namespace {

enum class State : std::uint8_t { kNew, kOpen, kClosed };

// Depth-first over the parents with a stack of its own, so that depth costs memory and not the
// machine's stack. An entity is closed once all its parents are, and then takes over their
// ancestors.
class Closure {
 public:
  Closure(const std::vector<Entity>& entities,
          const std::unordered_map<EntityUid, std::size_t, UidHash>& index,
          std::vector<std::vector<EntityUid>>* ancestors)
      : entities_(entities), index_(index), ancestors_(*ancestors), states_(entities.size()) {
    ancestors_.resize(entities.size());
  }

  std::optional<HierarchyProblem> Run() {
    for (std::size_t i = 0; i < entities_.size(); ++i) {
      if (states_[i] != State::kNew) continue;
      Open(i);
      while (!stack_.empty()) {
        if (auto problem = Step()) return problem;
      }
    }
    return std::nullopt;
  }

 private:
  struct Frame {
    std::size_t entity;
    std::size_t next_parent;
  };

  void Open(std::size_t entity) {
    states_[entity] = State::kOpen;
    stack_.push_back({entity, 0});
  }

  std::optional<HierarchyProblem> Step() {
    Frame& frame = stack_.back();
    const Entity& entity = entities_[frame.entity];
    if (frame.next_parent == entity.parents.size()) {
      Finish(frame.entity);
      stack_.pop_back();
      return std::nullopt;
    }
    const auto parent = index_.find(entity.parents[frame.next_parent++]);
    if (parent == index_.end()) return std::nullopt;
    if (states_[parent->second] == State::kOpen) {
      return HierarchyProblem{DiagId::kHierarchyCycle, frame.entity,
                              "the entity " + entity.uid.ToCedar() + " is an ancestor of itself"};
    }
    if (states_[parent->second] == State::kNew) Open(parent->second);
    return std::nullopt;
  }

  void Finish(std::size_t entity) {
    std::vector<EntityUid>& all = ancestors_[entity];
    for (const EntityUid& uid : entities_[entity].parents) {
      all.push_back(uid);
      const auto parent = index_.find(uid);
      if (parent == index_.end()) continue;
      const std::vector<EntityUid>& further = ancestors_[parent->second];
      all.insert(all.end(), further.begin(), further.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    states_[entity] = State::kClosed;
  }

  const std::vector<Entity>& entities_;
  const std::unordered_map<EntityUid, std::size_t, UidHash>& index_;
  std::vector<std::vector<EntityUid>>& ancestors_;
  std::vector<State> states_;
  std::vector<Frame> stack_;
};

std::vector<EntityUid> Canonical(std::vector<EntityUid> uids) {
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

}  // namespace

bool IsAction(const EntityUid& uid) {
  constexpr std::string_view kAction = "Action";
  const std::string_view type = uid.type;
  const std::size_t separator = type.rfind("::");
  return (separator == std::string_view::npos ? type : type.substr(separator + 2)) == kAction;
}

std::optional<HierarchyProblem> CheckEntity(const Entity& entity) {
  const auto bad_type = [](const EntityUid& uid) {
    return HierarchyProblem{DiagId::kInvalidTypeName, 0,
                            "`" + uid.type + "` is not the name of an entity type"};
  };
  if (!IsTypeName(entity.uid.type)) return bad_type(entity.uid);
  for (const EntityUid& parent : entity.parents) {
    if (!IsTypeName(parent.type)) return bad_type(parent);
    if (IsAction(entity.uid) && !IsAction(parent)) {
      return HierarchyProblem{DiagId::kInvalidParent, 0,
                              "the action " + entity.uid.ToCedar() + " has the parent " +
                                  parent.ToCedar() + ", which is no action"};
    }
  }
  return std::nullopt;
}

bool SameEntity(const Entity& a, const Entity& b) {
  return a.attributes == b.attributes && a.tags == b.tags &&
         Canonical(a.parents) == Canonical(b.parents);
}

std::optional<HierarchyProblem> Close(
    const std::vector<Entity>& entities,
    const std::unordered_map<EntityUid, std::size_t, UidHash>& index,
    std::vector<std::vector<EntityUid>>* ancestors) {
  return Closure(entities, index, ancestors).Run();
}

}  // namespace assay::data
