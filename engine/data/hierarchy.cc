#include "engine/data/hierarchy.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/names.h"

namespace assay::data {

namespace {

std::vector<EntityUid> Canonical(std::vector<EntityUid> uids) {
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

enum class State : std::uint8_t { kNew, kOpen, kClosed };

// Depth-first over the parents with a stack of its own, so that depth costs memory and not the
// machine's stack. An entity is closed once all its parents are, and then takes over their
// ancestors.
class Closure {
 public:
  Closure(const std::vector<Entity>& entities,
          const std::unordered_map<EntityUid, std::size_t, UidHash>& index, std::size_t most,
          std::vector<std::vector<EntityUid>>* ancestors)
      : entities_(entities),
        index_(index),
        most_(most),
        ancestors_(*ancestors),
        states_(entities.size()) {
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
      const std::size_t finished = frame.entity;
      stack_.pop_back();
      return Finish(finished);
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

  // What is gathered before repetitions are dropped is no more than the parents have together.
  std::optional<HierarchyProblem> Finish(std::size_t entity) {
    std::vector<EntityUid> all = Canonical(entities_[entity].parents);
    for (std::size_t i = 0, parents = all.size(); i < parents; ++i) {
      const auto parent = index_.find(all[i]);
      if (parent == index_.end()) continue;
      const std::vector<EntityUid>& further = ancestors_[parent->second];
      all.insert(all.end(), further.begin(), further.end());
    }
    ancestors_[entity] = Canonical(std::move(all));
    states_[entity] = State::kClosed;
    total_ += ancestors_[entity].size();
    if (total_ <= most_) return std::nullopt;
    return HierarchyProblem{
        DiagId::kTooDeep, entity,
        "the entities have more than " + std::to_string(most_) + " ancestors together (ancestors)"};
  }

  const std::vector<Entity>& entities_;
  const std::unordered_map<EntityUid, std::size_t, UidHash>& index_;
  std::size_t most_;
  std::size_t total_ = 0;
  std::vector<std::vector<EntityUid>>& ancestors_;
  std::vector<State> states_;
  std::vector<Frame> stack_;
};

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
    const std::unordered_map<EntityUid, std::size_t, UidHash>& index, std::size_t most,
    std::vector<std::vector<EntityUid>>* ancestors) {
  return Closure(entities, index, most, ancestors).Run();
}

}  // namespace assay::data
