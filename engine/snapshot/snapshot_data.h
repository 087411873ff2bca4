// The inside of a Snapshot: one version of policies and entities, as persistent containers.
#pragma once

#include <cstdint>
#include <string>

#include "assay/limits.h"
#include "assay/value.h"
#include "engine/snapshot/policy_digest.h"
#include "engine/snapshot/rows.h"
#include "engine/snapshot/symbol_space.h"
#include "engine/store/hash_map.h"
#include "engine/store/paged_array.h"
#include "engine/store/sorted_set.h"
#include "engine/tree/tree.h"

namespace assay::rt {

// A value: a copy is the same version, and editing the copy leaves the original as it was. What a
// number means is this version's alone: numbers of what is gone are given out again. Readers look
// at a version that is never changed again; the parts for the editor alone are marked.
struct SnapshotData {
  std::uint64_t serial = 0;  // unique in the process

  SymbolSpace types;
  SymbolSpace uids;  // qualified by type; an uid uses its type
  SymbolSpace names;

  store::PagedArray<BodyRow, 5> bodies;
  store::PagedArray<RuleRow, 5> rules;
  store::PagedArray<PolicyRow, 7> policies;
  store::PagedArray<ActionRow, 6> actions;  // 0 is any action
  store::PagedArray<SubjectRow, 6> subjects;
  store::PagedArray<EntityRow, 7> entities;           // by uid
  store::PagedArray<std::uint8_t, 12> mentions;       // by uid; bits of Mention
  store::PagedArray<std::uint8_t, 12> wide_mentions;  // by ScopeKey::wide_number(); may be shorter

  store::HashMap<std::uint32_t> policy_by_id;     // SeededHash of the id
  store::HashMap<std::uint32_t> action_mentions;  // Mix(uid) to the actions whose uids have it
  tree::Tree tree;
  PolicyDigest digest;
  std::uint32_t max_registers = 0;
  std::uint32_t expression = kNoSymbol;  // the body of a program that is one expression

  // What a request's context may be; of the Limits that the snapshot was made with.
  std::size_t most_attributes = Limits{}.attributes;
  std::uint32_t json_depth = Limits{}.json_depth;

  // The editor's alone.
  store::HashMap<std::uint32_t> body_by_hash, action_by_hash, subject_by_hash;
  store::SortedSet<std::uint64_t> children;  // parent << 32 | child
  std::uint32_t free_body = kNoSymbol, free_rule = kNoSymbol, free_policy = kNoSymbol,
                free_action = kNoSymbol, free_subject = kNoSymbol;
  std::uint32_t template_count = 0, entity_count = 0;
  std::uint64_t ancestor_count = 0;  // of all entities together; Limits::ancestors bounds it

  std::string_view policy_id(std::uint32_t policy) const {
    return {policies[policy].id, policies[policy].id_length};
  }
  // The number of a policy or template, or kNoSymbol.
  std::uint32_t FindPolicy(std::string_view id) const noexcept;
  // The row of an entity that exists, or nullptr. Any number may be asked.
  const EntityRow* Existing(std::uint32_t uid) const noexcept {
    if (uid >= entities.size()) return nullptr;
    const EntityRow& row = entities[uid];
    return row.attributes != nullptr ? &row : nullptr;
  }
};

// What the tree asks about policies that are in it.
struct TreeSource {
  const SnapshotData& data;
  tree::Place place_of(std::uint32_t policy) const {
    const PolicyRow& row = data.policies[policy];
    return {row.principal, row.resource, row.action};
  }
  tree::Test test_of(std::uint32_t policy) const {
    return data.bodies[data.policies[policy].body].test;
  }
};

// `uid in target`: the same, or an ancestor. An entity the store does not know has no ancestors.
bool IsIn(const SnapshotData& snapshot, std::uint32_t uid, std::uint32_t target) noexcept;

}  // namespace assay::rt
