// Entities: their cells, and the closure of the hierarchy under changes.
#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "engine/data/hierarchy.h"
#include "engine/snapshot/cell_names.h"
#include "engine/snapshot/editor.h"
#include "engine/value/to_cell.h"

namespace assay::rt {

namespace {

constexpr std::size_t kFewRepetitions = 1024;

void SortAndUnite(std::vector<std::uint32_t>* uids) {
  std::sort(uids->begin(), uids->end());
  uids->erase(std::unique(uids->begin(), uids->end()), uids->end());
}

constexpr std::uint64_t Edge(std::uint32_t parent, std::uint32_t child) {
  return std::uint64_t{parent} << 32 | child;
}

// f(child) for each entity that names `parent` as a parent.
template <typename F>
void ForEachChild(const SnapshotData& data, std::uint32_t parent, F&& f) {
  data.children.ForEachInRange(Edge(parent, 0), Edge(parent, 0xFFFFFFFF),
                               [&](std::uint64_t edge) { f(static_cast<std::uint32_t>(edge)); });
}

}  // namespace

Problem Editor::Upsert(const Entity& entity) {
  if (auto problem = data::CheckEntity(entity, limits_)) {
    return Error{
        data::IsOverLimit(*problem) ? ErrorCode::kLimitExceeded : ErrorCode::kInvalidArgument,
        std::move(problem->message)};
  }
  // The new row takes its uses first, so that what both have in common is not given up between.
  const std::uint32_t uid = AcquireUid(entity.uid);
  std::vector<std::uint32_t> parents;
  for (const EntityUid& parent : entity.parents) parents.push_back(AcquireUid(parent));
  EntityRow row;
  if (auto problem = MakeCells(entity, &row)) return problem;
  const EntityRow old = data_.entities[uid];
  if (old.attributes != nullptr) {
    ReleaseCells(old);
    ReleaseUid(uid);
  } else {
    ++data_.entity_count;
  }
  EntityRow& now = data_.entities.Edit(heap_, uid);
  now.attributes = row.attributes;
  now.tags = row.tags;
  SetParents(uid, std::move(parents));
  return std::nullopt;
}

Problem Editor::Erase(const EntityUid& uid) {
  const std::uint32_t type = data_.types.Find(0, uid.type);
  const std::uint32_t number = type == kNoSymbol ? kNoSymbol : data_.uids.Find(type, uid.id);
  if (data_.Existing(number) == nullptr) {
    return Error{ErrorCode::kInvalidArgument, "there is no entity " + uid.ToCedar()};
  }
  std::vector<std::uint32_t> children;
  ForEachChild(data_, number, [&](std::uint32_t child) { children.push_back(child); });
  AcquireUid(number);  // for as long as this takes
  for (const std::uint32_t child : children) {
    const EntityRow& row = data_.entities[child];
    std::vector<std::uint32_t> parents(row.parents, row.parents + row.parent_count);
    parents.erase(std::find(parents.begin(), parents.end(), number));
    for (const std::uint32_t parent : parents) AcquireUid(parent);
    SetParents(child, std::move(parents));
  }
  SetParents(number, {});
  ReleaseCells(data_.entities[number]);
  EntityRow& row = data_.entities.Edit(heap_, number);
  row.attributes = row.tags = nullptr;
  heap_.Retire(row.ancestors);
  data_.ancestor_count -= row.ancestor_count;
  row.ancestors = nullptr;
  row.ancestor_count = 0;
  --data_.entity_count;
  changed_.erase(number);
  ReleaseUid(number);  // the entity's own use
  ReleaseUid(number);
  return std::nullopt;
}

Problem Editor::MakeCells(const Entity& entity, EntityRow* row) {
  const std::uint32_t depth = cell_depth();
  Bump bump(heap_.Allocate(BytesOf(entity.attributes, depth) + BytesOf(entity.tags, depth)));
  CellNames names(this, &bump);
  CellMaker<CellNames> cells(names, depth);
  Cell attributes, tags;
  if (cells.MakeRecord(entity.attributes, &attributes) != ToCellStatus::kOk ||
      cells.MakeRecord(entity.tags, &tags) != ToCellStatus::kOk) {
    return Error{ErrorCode::kLimitExceeded, "a value of the entity " + entity.uid.ToCedar() +
                                                " is nested too deep (json_depth)"};
  }
  row->attributes = attributes.record;
  row->tags = tags.record;
  return std::nullopt;
}

void Editor::ReleaseCells(const EntityRow& row) {
  ReleaseCell(Cell::Record(row.attributes));
  ReleaseCell(Cell::Record(row.tags));
  heap_.Retire(row.attributes);
}

// Takes over the uses of `parents`, and gives up those of the parents before. With the same parents
// as before, nothing below has to be computed anew.
void Editor::SetParents(std::uint32_t uid, std::vector<std::uint32_t> parents) {
  std::sort(parents.begin(), parents.end());
  for (std::size_t i = 1; i < parents.size(); ++i) {
    if (parents[i] == parents[i - 1]) ReleaseUid(parents[i]);
  }
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  const EntityRow old = data_.entities[uid];
  if (std::equal(parents.begin(), parents.end(), old.parents, old.parents + old.parent_count)) {
    for (const std::uint32_t parent : parents) ReleaseUid(parent);
    return;
  }
  changed_.insert(uid);
  EntityRow& row = data_.entities.Edit(heap_, uid);
  row.parents = nullptr;
  row.parent_count = static_cast<std::uint32_t>(parents.size());
  if (!parents.empty()) {
    auto* copy = heap_.New<std::uint32_t>(parents.size());
    std::copy(parents.begin(), parents.end(), copy);
    row.parents = copy;
  }
  for (std::uint32_t i = 0; i < old.parent_count; ++i) {
    data_.children.Erase(heap_, Edge(old.parents[i], uid));
  }
  for (const std::uint32_t parent : parents) data_.children.Insert(heap_, Edge(parent, uid));
  for (std::uint32_t i = 0; i < old.parent_count; ++i) ReleaseUid(old.parents[i]);
  heap_.Retire(old.parents);
}

Problem Editor::Finish() {
  UpdateDigest();
  return UpdateClosure();
}

// The entities whose ancestors may differ, and then their ancestors, parents before children.
Problem Editor::UpdateClosure() {
  std::vector<std::uint32_t> affected(changed_.begin(), changed_.end());
  std::sort(affected.begin(), affected.end());
  for (std::size_t i = 0; i < affected.size(); ++i) {
    ForEachChild(data_, affected[i], [&](std::uint32_t child) {
      if (changed_.insert(child).second) affected.push_back(child);
    });
  }
  // They count again as they are closed: what is over the limit then is over it in the end.
  for (const std::uint32_t uid : affected) {
    data_.ancestor_count -= data_.entities[uid].ancestor_count;
  }
  changed_.clear();
  return Close(affected);
}

namespace {

enum class State : std::uint8_t { kNew, kOpen, kClosed };

struct Frame {
  std::uint32_t uid;
  std::uint32_t next_parent;
};

}  // namespace

// Depth-first over the parents with a stack of its own, so that depth costs memory and not the
// machine's stack. An entity is closed once all its parents are.
Problem Editor::Close(const std::vector<std::uint32_t>& affected) {
  std::unordered_map<std::uint32_t, State> states;
  states.reserve(affected.size());
  for (const std::uint32_t uid : affected) states.emplace(uid, State::kNew);
  std::vector<Frame> stack;
  for (const std::uint32_t first : affected) {
    if (states[first] != State::kNew) continue;
    states[first] = State::kOpen;
    stack.push_back({first, 0});
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const EntityRow& row = data_.entities[frame.uid];
      if (frame.next_parent == row.parent_count) {
        if (auto problem = SetAncestors(frame.uid)) return problem;
        states[frame.uid] = State::kClosed;
        stack.pop_back();
        continue;
      }
      const std::uint32_t parent = row.parents[frame.next_parent++];
      const auto state = states.find(parent);
      if (state == states.end() || state->second == State::kClosed) continue;
      if (state->second == State::kOpen) {
        return Error{ErrorCode::kInvalidArgument,
                     "the entity " + UidText(parent) + " is an ancestor of itself"};
      }
      state->second = State::kOpen;
      stack.push_back({parent, 0});
    }
  }
  return std::nullopt;
}

// From the parents, whose ancestors are known.
Problem Editor::SetAncestors(std::uint32_t uid) {
  const EntityRow& row = data_.entities[uid];
  std::vector<std::uint32_t> all(row.parents, row.parents + row.parent_count);
  std::size_t united = all.size();
  for (std::uint32_t i = 0; i < row.parent_count; ++i) {
    const EntityRow& parent = data_.entities[row.parents[i]];
    all.insert(all.end(), parent.ancestors, parent.ancestors + parent.ancestor_count);
    // Parents share ancestors, and what repeats must not add up.
    if (all.size() < 2 * united + kFewRepetitions) continue;
    SortAndUnite(&all);
    united = all.size();
  }
  SortAndUnite(&all);
  data_.ancestor_count += all.size();
  if (data_.ancestor_count > limits_.ancestors) {
    return Error{ErrorCode::kLimitExceeded, "the entities have more than " +
                                                std::to_string(limits_.ancestors) +
                                                " ancestors together (ancestors)"};
  }
  if (std::equal(all.begin(), all.end(), row.ancestors, row.ancestors + row.ancestor_count)) {
    return std::nullopt;
  }
  EntityRow& edited = data_.entities.Edit(heap_, uid);
  heap_.Retire(edited.ancestors);
  edited.ancestors = nullptr;
  edited.ancestor_count = 0;
  if (all.empty()) return std::nullopt;
  auto* copy = heap_.New<std::uint32_t>(all.size());
  std::copy(all.begin(), all.end(), copy);
  edited.ancestors = copy;
  edited.ancestor_count = static_cast<std::uint32_t>(all.size());
  return std::nullopt;
}

std::string Editor::UidText(std::uint32_t uid) const {
  return EntityUid{std::string(data_.types.text(data_.uids.qualifier(uid))),
                   std::string(data_.uids.text(uid))}
      .ToCedar();
}

}  // namespace assay::rt
