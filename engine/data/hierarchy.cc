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
// ancestors. Works on numbers: of entities their place, of parents that are not there those behind.
class Closure {
 public:
  using Index = std::unordered_map<EntityUid, std::size_t, UidHash>;

  Closure(const std::vector<Entity>& entities, const Index& index, std::size_t most)
      : entities_(entities), most_(most), states_(entities.size()), ancestors_(entities.size()) {
    Index absent;
    for (const Entity& entity : entities) {
      std::vector<std::size_t>& parents = parents_.emplace_back();
      for (const EntityUid& uid : entity.parents) {
        const auto found = index.find(uid);
        if (found != index.end()) {
          parents.push_back(found->second);
          continue;
        }
        const auto [known, is_new] = absent.try_emplace(uid, entities.size() + absent_.size());
        if (is_new) absent_.push_back(&uid);
        parents.push_back(known->second);
      }
    }
    gathered_for_.assign(entities.size() + absent_.size(), entities.size());
  }

  std::optional<HierarchyProblem> Run(std::vector<std::vector<EntityUid>>* ancestors) {
    for (std::size_t i = 0; i < entities_.size(); ++i) {
      if (states_[i] != State::kNew) continue;
      Open(i);
      while (!stack_.empty()) {
        if (auto problem = Step()) return problem;
      }
    }
    ancestors->resize(entities_.size());
    for (std::size_t i = 0; i < entities_.size(); ++i) {
      std::vector<EntityUid>& uids = (*ancestors)[i];
      uids.reserve(ancestors_[i].size());
      for (const std::size_t number : ancestors_[i]) uids.push_back(UidOf(number));
      std::sort(uids.begin(), uids.end());
      std::vector<std::size_t>().swap(ancestors_[i]);
    }
    return std::nullopt;
  }

 private:
  struct Frame {
    std::size_t entity;
    std::size_t next_parent;
  };

  const EntityUid& UidOf(std::size_t number) const {
    return number < entities_.size() ? entities_[number].uid : *absent_[number - entities_.size()];
  }

  void Open(std::size_t entity) {
    states_[entity] = State::kOpen;
    stack_.push_back({entity, 0});
  }

  std::optional<HierarchyProblem> Step() {
    Frame& frame = stack_.back();
    if (frame.next_parent == parents_[frame.entity].size()) {
      const std::size_t finished = frame.entity;
      stack_.pop_back();
      return Finish(finished);
    }
    const std::size_t parent = parents_[frame.entity][frame.next_parent++];
    if (parent >= entities_.size()) return std::nullopt;
    if (states_[parent] == State::kOpen) {
      return HierarchyProblem{
          DiagId::kHierarchyCycle, frame.entity,
          "the entity " + entities_[frame.entity].uid.ToCedar() + " is an ancestor of itself"};
    }
    if (states_[parent] == State::kNew) Open(parent);
    return std::nullopt;
  }

  // Each ancestor once, by however many parents it is reached.
  std::optional<HierarchyProblem> Finish(std::size_t entity) {
    const auto gather = [&](std::size_t number) {
      if (std::exchange(gathered_for_[number], entity) != entity) {
        ancestors_[entity].push_back(number);
      }
    };
    for (const std::size_t parent : parents_[entity]) {
      gather(parent);
      if (parent >= entities_.size()) continue;
      for (const std::size_t further : ancestors_[parent]) gather(further);
    }
    states_[entity] = State::kClosed;
    total_ += ancestors_[entity].size();
    if (total_ <= most_) return std::nullopt;
    return HierarchyProblem{
        DiagId::kTooDeep, entity,
        "the entities have more than " + std::to_string(most_) + " ancestors together (ancestors)"};
  }

  const std::vector<Entity>& entities_;
  std::size_t most_;
  std::size_t total_ = 0;
  std::vector<const EntityUid*> absent_;           // parents that are no entities
  std::vector<std::vector<std::size_t>> parents_;  // of each entity
  std::vector<std::size_t> gathered_for_;          // the last entity that has each as an ancestor
  std::vector<State> states_;
  std::vector<std::vector<std::size_t>> ancestors_;
  std::vector<Frame> stack_;
};

}  // namespace

std::optional<HierarchyProblem> CheckEntity(const Entity& entity, const Limits& limits) {
  const auto over = [&](std::size_t limit, const char* what, const char* name) {
    return HierarchyProblem{DiagId::kOverLimit, 0,
                            "the entity " + entity.uid.ToCedar() + " has more than " +
                                std::to_string(limit) + " " + what + " (" + name + ")"};
  };
  if (entity.parents.size() > limits.parents) return over(limits.parents, "parents", "parents");
  if (entity.attributes.size() > limits.attributes) {
    return over(limits.attributes, "attributes", "attributes");
  }
  if (entity.tags.size() > limits.attributes) return over(limits.attributes, "tags", "attributes");
  const auto bad_type = [](const EntityUid& uid) {
    return HierarchyProblem{DiagId::kInvalidTypeName, 0,
                            "`" + uid.type + "` is not the name of an entity type"};
  };
  if (!IsTypeName(entity.uid.type)) return bad_type(entity.uid);
  for (const EntityUid& parent : entity.parents) {
    if (!IsTypeName(parent.type)) return bad_type(parent);
    if (IsActionType(entity.uid.type) && !IsActionType(parent.type)) {
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
  return Closure(entities, index, most).Run(ancestors);
}

}  // namespace assay::data
