#include "engine/eval/tree_query.h"

#include <algorithm>

#include "engine/snapshot/cell_block.h"

namespace assay::rt {

namespace {

struct MentionBits {
  std::uint8_t equal, in, is_in, wide;
};
constexpr MentionBits kPrincipalBits = {kPrincipalEqual, kPrincipalIn, kPrincipalIsIn,
                                        kPrincipalWide};
constexpr MentionBits kResourceBits = {kResourceEqual, kResourceIn, kResourceIsIn, kResourceWide};

// take(key) for the keys of `uid` and its ancestors, as far as scopes mention them.
template <typename Take>
void CollectScopeKeys(const SnapshotData& snapshot, std::uint32_t uid, std::uint32_t type,
                      MentionBits bits, Take take) {
  for (const tree::ScopeKey key : {tree::ScopeKey(), tree::ScopeKey::Is(type)}) {
    const std::uint32_t number = key.wide_number();
    if (number >= snapshot.wide_mentions.size()) break;
    if ((snapshot.wide_mentions[number] & bits.wide) != 0) take(key);
  }
  if (uid >= snapshot.mentions.size()) return;
  const auto add = [&](std::uint32_t each, std::uint8_t mention) {
    if ((mention & bits.in) != 0) take(tree::ScopeKey::In(each));
    if ((mention & bits.is_in) != 0) take(tree::ScopeKey::IsIn(type, each));
  };
  const std::uint8_t own = snapshot.mentions[uid];
  if ((own & bits.equal) != 0) take(tree::ScopeKey::Equal(uid));
  add(uid, own);
  const EntityRow& row = snapshot.entities[uid];
  for (std::uint32_t i = 0; i < row.ancestor_count; ++i) {
    if (const std::uint8_t mention = snapshot.mentions[row.ancestors[i]]) {
      add(row.ancestors[i], mention);
    }
  }
}

void CollectActions(const SnapshotData& snapshot, std::uint32_t uid,
                    std::vector<std::uint32_t>* actions) {
  actions->assign(1, 0);
  if (uid >= snapshot.entities.size()) return;
  const auto add = [&](std::uint32_t each) {
    snapshot.action_mentions.ForEachOf(store::Mix(each), [&](std::uint32_t action) {
      const bool only_itself = snapshot.actions[action].kind == bc::Constraint::Kind::kEqual;
      if (!only_itself || each == uid) actions->push_back(action);
    });
  };
  add(uid);
  const EntityRow& row = snapshot.entities[uid];
  for (std::uint32_t i = 0; i < row.ancestor_count; ++i) add(row.ancestors[i]);
  if (actions->size() < 3) return;
  // A set of actions may be met by more than one of its elements.
  std::sort(actions->begin(), actions->end());
  actions->erase(std::unique(actions->begin(), actions->end()), actions->end());
}

bool Meets(const SnapshotData& snapshot, const BindingData& binding, std::uint32_t uid,
           tree::ScopeKey key) noexcept {
  if (key.is_any()) return true;
  if (key.is_equal()) return uid == key.uid();
  if (key.has_type() && TypeOf(snapshot, binding, uid) != key.type()) return false;
  return key.uid() == tree::kNone || IsIn(snapshot, uid, key.uid());
}

bool MeetsAction(const SnapshotData& snapshot, const BindingData& binding,
                 std::uint32_t number) noexcept {
  if (number == 0) return true;
  const ActionRow& action = snapshot.actions[number];
  const std::uint32_t uid = binding.variables[1].aux;
  if (action.kind == bc::Constraint::Kind::kEqual) return uid == action.uids[0];
  return std::any_of(action.uids, action.uids + action.count,
                     [&](std::uint32_t each) { return IsIn(snapshot, uid, each); });
}

}  // namespace

void CollectKeys(const SnapshotData& snapshot, const BindingData& binding, TreeKeys* keys) {
  const std::uint32_t principal = binding.variables[0].aux;
  const std::uint32_t resource = binding.variables[2].aux;
  keys->principals.clear();
  CollectScopeKeys(snapshot, principal, TypeOf(snapshot, binding, principal), kPrincipalBits,
                   [&](tree::ScopeKey key) { keys->principals.push_back(key.hash()); });
  keys->resources.Clear();
  CollectScopeKeys(snapshot, resource, TypeOf(snapshot, binding, resource), kResourceBits,
                   [&](tree::ScopeKey key) { keys->resources.Add(key); });
  CollectActions(snapshot, binding.variables[1].aux, &keys->actions);
}

tree::Finding FindSubject(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t subject) noexcept {
  using FindingKind = tree::Finding::Kind;
  const SubjectRow& row = snapshot.subjects[subject];
  const Cell* cell = &binding.variables[row.variable];
  for (std::uint32_t i = 0; i < row.length; ++i) {
    const RecordRep* attributes = nullptr;
    if (cell->kind == Kind::kRecord) {
      attributes = cell->record;
    } else if (cell->kind == Kind::kEntity) {
      const EntityRow* entity = snapshot.Existing(cell->aux);
      attributes = entity != nullptr ? entity->attributes : nullptr;
    } else {
      return {};
    }
    cell = attributes != nullptr ? Find(*attributes, row.path[i]) : nullptr;
    if (cell == nullptr) {
      const bool is_guard = row.is_guarded && i + 1 == row.length;
      return {is_guard ? FindingKind::kAbsent : FindingKind::kFails};
    }
  }
  if (row.required != Kind::kUndefined && cell->kind != row.required) return {};
  if (row.is_range) return {FindingKind::kValue, 0, cell->number};
  // Tests are for scalars: whatever a set, record or address hashes to, no test has it.
  const bool is_scalar =
      cell->kind != Kind::kSet && cell->kind != Kind::kRecord && cell->kind != Kind::kIpAddr;
  return {is_scalar ? FindingKind::kValue : FindingKind::kAbsent, is_scalar ? HashOf(*cell) : 0};
}

ScopeMatch MatchScope(const SnapshotData& snapshot, const BindingData& binding,
                      const PolicyRow& policy) noexcept {
  return {Meets(snapshot, binding, binding.variables[0].aux, policy.principal),
          MeetsAction(snapshot, binding, policy.action),
          Meets(snapshot, binding, binding.variables[2].aux, policy.resource)};
}

}  // namespace assay::rt
