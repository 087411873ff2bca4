// What the decision tree is asked for one request.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "assay/trace.h"
#include "engine/eval/binding_data.h"
#include "engine/tree/tree.h"

namespace assay::rt {

// The keys of the tree that a request meets. The memory is kept from one request to the next.
struct TreeKeys {
  std::vector<std::uint64_t> principals;
  tree::KeySet resources;
  std::vector<std::uint32_t> actions;

  tree::Query query() const { return {principals, resources, actions}; }
};

// Replaces what is in `keys`. Throws std::bad_alloc when it cannot grow.
void CollectKeys(const SnapshotData& snapshot, const BindingData& binding, TreeKeys* keys);

// What the subject of first conditions is in this request, as the tree wants to know it: exactly
// what the code of those conditions would find.
tree::Finding FindSubject(const SnapshotData& snapshot, const BindingData& binding,
                          std::uint32_t subject) noexcept;

// Adds every policy but those that are neither satisfied nor fail, in ascending order. `find` is
// FindSubject, or something that looks on. Throws std::bad_alloc.
template <typename Find>
void FindCandidates(const SnapshotData& snapshot, const BindingData& binding, Find&& find,
                    TreeKeys* keys, std::vector<std::uint32_t>* found) {
  CollectKeys(snapshot, binding, keys);
  snapshot.tree.Walk(keys->query(), TreeSource{snapshot}, find,
                     [&](std::uint32_t policy) { found->push_back(policy); });
  if (!std::is_sorted(found->begin(), found->end())) std::sort(found->begin(), found->end());
}

// Whether the request is in the policy's scope, without the tree: a policy at a time.
ScopeMatch MatchScope(const SnapshotData& snapshot, const BindingData& binding,
                      const PolicyRow& policy) noexcept;

}  // namespace assay::rt
