// Symbols of what is edited: everything that is stored uses its names, types and uids.
#include "engine/snapshot/editor.h"

namespace assay::rt {

Editor::Editor(store::Heap* heap, SnapshotData* data, const Limits& limits,
               std::optional<Sha256>* sha)
    : heap_(*heap), data_(*data), limits_(limits), sha_(*sha) {
  data_.most_attributes = limits.attributes;
  data_.json_depth = limits.json_depth;
  if (data_.actions.size() > 0) return;
  data_.actions.Resize(heap_, 1);
  data_.actions.Edit(heap_, 0).uses = 1;  // never released
}

std::uint32_t Editor::AcquireType(std::string_view type) {
  return data_.types.Acquire(heap_, 0, type).number;
}

std::uint32_t Editor::AcquireName(std::string_view name) {
  return data_.names.Acquire(heap_, 0, name).number;
}

std::uint32_t Editor::AcquireUid(const EntityUid& uid) {
  // A type is used by the uids of it: once for each, not once for each use of the uid.
  const std::uint32_t type = AcquireType(uid.type);
  const auto [number, is_new] = data_.uids.Acquire(heap_, type, uid.id);
  if (!is_new) data_.types.Release(heap_, type);
  if (number == data_.entities.size()) {
    data_.entities.Resize(heap_, number + 1);
    data_.mentions.Resize(heap_, number + 1);
  }
  return number;
}

void Editor::ReleaseUid(std::uint32_t uid) {
  const std::uint32_t type = data_.uids.qualifier(uid);
  if (data_.uids.Release(heap_, uid)) data_.types.Release(heap_, type);
}

void Editor::ReleaseCell(const Cell& cell) {
  ForEachSymbol(
      cell, [&](std::uint32_t name) { data_.names.Release(heap_, name); },
      [&](std::uint32_t uid) { ReleaseUid(uid); });
}

void Editor::AcquireKey(tree::ScopeKey key) {
  if (key.uid() != tree::kNone) AcquireUid(key.uid());
  if (key.has_type()) data_.types.Acquire(heap_, key.type());
}

void Editor::ReleaseKey(tree::ScopeKey key) {
  if (key.uid() != tree::kNone) ReleaseUid(key.uid());
  if (key.has_type()) data_.types.Release(heap_, key.type());
}

}  // namespace assay::rt
