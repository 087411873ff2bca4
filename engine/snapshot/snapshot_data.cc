#include "engine/snapshot/snapshot_data.h"

#include <algorithm>

namespace assay::rt {

std::uint32_t SnapshotData::FindPolicy(std::string_view id) const noexcept {
  const std::uint32_t* found = policy_by_id.Find(
      SeededHash(0, id), [&](std::uint32_t policy) { return policy_id(policy) == id; });
  return found == nullptr ? kNoSymbol : *found;
}

bool IsIn(const SnapshotData& snapshot, std::uint32_t uid, std::uint32_t target) noexcept {
  if (uid == target) return true;
  if (uid >= snapshot.entities.size()) return false;
  const EntityRow& row = snapshot.entities[uid];
  return std::binary_search(row.ancestors, row.ancestors + row.ancestor_count, target);
}

}  // namespace assay::rt
