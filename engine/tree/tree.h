// The decision tree: from the parts of a request to the policies whose scope matches, without those
// whose first condition is known to be false.
//
// Levels: a map of the principals that scopes name leads, with the resource, to a leaf; a leaf
// leads by action to a node; a node holds policies, those with a test grouped by its subject and
// then by value or interval. Each level is a persistent container, so that one policy more or less
// costs the few pages on its path. A level with one policy below it is that policy's number.
//
// Nothing is lost by a skip: scopes cannot fail; a test stands for the first condition, so nothing
// before it can fail either, and where the test itself fails all policies of its group are visited.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/store/interval_map.h"
#include "engine/store/sorted_set.h"
#include "engine/tree/keys.h"

namespace assay::tree {

// What is known about the parts of one request: the keys that occur in the tree and match.
struct Query {
  std::span<const HashedKey> principals;  // each once, like the others
  std::span<const HashedKey> resources;
  std::span<const std::uint32_t> actions;  // numbers of action constraints
};

// A child of a level: nothing, one policy, or a pointer to the next level.
class Child {
 public:
  Child() = default;
  // `tag` < 2^31 travels with the policy.
  static Child Policy(std::uint32_t policy, std::uint32_t tag = 0) {
    return Child(std::uint64_t{policy} << 32 | std::uint64_t{tag} << 1 | 1);
  }
  template <typename T>
  static Child Pointer(const T* level) {
    return Child(reinterpret_cast<std::uint64_t>(level));
  }

  bool is_nothing() const { return bits_ == 0; }
  bool is_policy() const { return (bits_ & 1) != 0; }
  std::uint32_t policy() const { return static_cast<std::uint32_t>(bits_ >> 32); }
  std::uint32_t tag() const { return static_cast<std::uint32_t>(bits_) >> 1; }
  template <typename T>
  T* pointer() const {
    return reinterpret_cast<T*>(bits_);  // NOLINT(performance-no-int-to-ptr): one of two in a word
  }
  friend bool operator==(Child, Child) = default;

 private:
  explicit Child(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_ = 0;
};

// The policies of one value of a subject.
struct Posting {
  store::SortedSet<std::uint32_t> policies;
};

// The policies whose tests ask for one subject.
struct Group {
  std::uint32_t subject = kNone;
  store::SortedSet<std::uint32_t> all;
  store::HashMap<Child> by_value;  // by the hash of a cell: a policy or a Posting
  store::IntervalMap ranges;
};

// The policies of one scope.
struct Node {
  store::SortedSet<std::uint32_t> plain;  // without a test
  store::HashMap<Group*> groups;          // by Mix(subject)
};

// The policies of one principal and resource.
struct Leaf {
  ScopeKey principal, resource;
  store::HashMap<Child> by_action;  // by Mix(action): a policy or a Node
};

// A handle of the roots: a copy keeps the older version. Reading is safe from many threads.
class Tree {
 public:
  // Both want the policy's place and test as they were and are. `Source` has
  //   Place place_of(policy), Test test_of(policy)
  // for the policies that are in the tree; it is asked when a level below one policy has to grow.
  template <typename Source>
  void Insert(store::Heap& heap, const Source& source, const Place& place, const Test& test,
              std::uint32_t policy);
  template <typename Source>
  void Erase(store::Heap& heap, const Source& source, const Place& place, const Test& test,
             std::uint32_t policy);

  bool HasPrincipal(ScopeKey key) const noexcept { return principals_.Find(key.hash()) != nullptr; }
  bool HasResource(ScopeKey key) const noexcept { return resources_.Find(key.hash()) != nullptr; }
  std::uint32_t size() const noexcept { return size_; }

  // visit(policy) for each policy that can be satisfied or fail. `source` as above;
  // find(subject) gives a Finding.
  template <typename Source, typename Find, typename Visit>
  void Walk(const Query& query, const Source& source, Find&& find, Visit&& visit) const;

  // f(Child) for every leaf, in no order that means anything.
  template <typename F>
  void ForEachLeaf(F&& f) const {
    leaves_.ForEach([&](std::uint64_t, Child leaf) { f(leaf); });
  }

 private:
  // How many policies name a principal, and in which classes their resources are: most pairs of a
  // principal and a resource that no policy names are told apart without looking.
  struct Summary {
    static constexpr std::uint64_t kMaxCount = (1U << (64 - HashedKey::kClasses)) - 1;
    std::uint64_t count = 0;    // at kMaxCount it stays there
    std::uint64_t classes = 0;  // one bit each
    static Summary Of(std::uint64_t bits) { return {bits & kMaxCount, bits >> 24}; }
    std::uint64_t bits() const { return classes << 24 | count; }
  };

  static std::uint64_t PairHash(const HashedKey& principal, const HashedKey& resource) noexcept {
    return store::Mix(principal.hash + 3 * resource.hash);
  }
  template <typename Source>
  const Child* FindLeaf(const Source& source, std::uint64_t pair_hash, ScopeKey principal,
                        ScopeKey resource) const noexcept;
  template <typename Find, typename Visit>
  static void WalkLeaf(Child leaf, std::span<const std::uint32_t> actions, Find& find,
                       Visit& visit);
  template <typename Find, typename Visit>
  static void WalkNode(const Node& node, Find& find, Visit& visit);

  void Count(store::Heap& heap, const Place& place);
  void Uncount(store::Heap& heap, const Place& place);

  store::HashMap<std::uint64_t> principals_;  // ScopeKey::hash() to Summary
  store::HashMap<std::uint32_t> resources_;   // ScopeKey::hash() to the number of policies
  store::HashMap<Child> leaves_;              // by PairHash: a policy with its action, or a Leaf
  std::uint32_t size_ = 0;
};

// The parts of editing that need to know nothing of policies; in tree.cc.
namespace edit {
void InsertIntoNode(store::Heap& heap, Node* node, const Test& test, std::uint32_t policy);
// True if the node is empty now.
bool EraseFromNode(store::Heap& heap, Node* node, const Test& test, std::uint32_t policy);
// The child of a leaf with one policy more; `other`'s test if the child was that policy.
Child Add(store::Heap& heap, Child child, const Test& other, const Test& test,
          std::uint32_t policy);
// The child with one policy less; nothing if that was the last.
Child Remove(store::Heap& heap, Child child, const Test& test, std::uint32_t policy);
// A level that may be changed: itself if it is new, else a copy that takes its place.
template <typename T>
T* Own(store::Heap& heap, T* level) {
  if (heap.IsNew(level)) return level;
  T* copy = heap.New<T>(1);
  *copy = *level;
  heap.Retire(level);
  return copy;
}
template <typename T>
T* Make(store::Heap& heap) {
  T* level = heap.New<T>(1);
  *level = T();
  return level;
}
}  // namespace edit

template <typename Source>
const Child* Tree::FindLeaf(const Source& source, std::uint64_t pair_hash, ScopeKey principal,
                            ScopeKey resource) const noexcept {
  return leaves_.Find(pair_hash, [&](Child child) {
    if (!child.is_policy()) {
      const Leaf& leaf = *child.pointer<const Leaf>();
      return leaf.principal == principal && leaf.resource == resource;
    }
    const Place place = source.place_of(child.policy());
    return place.principal == principal && place.resource == resource;
  });
}

template <typename Source>
void Tree::Insert(store::Heap& heap, const Source& source, const Place& place, const Test& test,
                  std::uint32_t policy) {
  Count(heap, place);
  const std::uint64_t hash = PairHash(place.principal, place.resource);
  const Child* found = FindLeaf(source, hash, place.principal, place.resource);
  if (found == nullptr) {
    leaves_.Insert(heap, hash, Child::Policy(policy, place.action));
    return;
  }
  const Child child = *found;
  Leaf* leaf = nullptr;
  if (child.is_policy()) {
    leaf = edit::Make<Leaf>(heap);
    leaf->principal = place.principal;
    leaf->resource = place.resource;
    leaf->by_action.Insert(heap, store::Mix(child.tag()), Child::Policy(child.policy()));
  } else {
    leaf = edit::Own(heap, child.pointer<Leaf>());
  }
  if (Child::Pointer(leaf) != child) leaves_.Replace(heap, hash, child, Child::Pointer(leaf));
  const std::uint64_t action = store::Mix(place.action);
  const Child* below = leaf->by_action.Find(action);
  if (below == nullptr) {
    leaf->by_action.Insert(heap, action, Child::Policy(policy));
    return;
  }
  const Child before = *below;
  const Test other = before.is_policy() ? source.test_of(before.policy()) : Test();
  const Child after = edit::Add(heap, before, other, test, policy);
  if (after != before) leaf->by_action.Replace(heap, action, before, after);
}

template <typename Source>
void Tree::Erase(store::Heap& heap, const Source& source, const Place& place, const Test& test,
                 std::uint32_t policy) {
  const std::uint64_t hash = PairHash(place.principal, place.resource);
  const Child child = *FindLeaf(source, hash, place.principal, place.resource);
  Uncount(heap, place);
  if (child.is_policy()) {
    leaves_.Erase(heap, hash, child);
    return;
  }
  Leaf* leaf = edit::Own(heap, child.pointer<Leaf>());
  const std::uint64_t action = store::Mix(place.action);
  const Child before = *leaf->by_action.Find(action);
  const Child after = edit::Remove(heap, before, test, policy);
  if (after.is_nothing()) {
    leaf->by_action.Erase(heap, action, before);
  } else if (after != before) {
    leaf->by_action.Replace(heap, action, before, after);
  }
  if (leaf->by_action.empty()) {
    heap.Retire(leaf);
    leaves_.Erase(heap, hash, child);
  } else if (Child::Pointer(leaf) != child) {
    leaves_.Replace(heap, hash, child, Child::Pointer(leaf));
  }
}

template <typename Source, typename Find, typename Visit>
void Tree::Walk(const Query& query, const Source& source, Find&& find, Visit&& visit) const {
  const auto walk_pair = [&](const HashedKey& principal, const HashedKey& resource) {
    const std::uint64_t hash = PairHash(principal, resource);
    const Child* leaf = FindLeaf(source, hash, principal.key, resource.key);
    if (leaf != nullptr) WalkLeaf(*leaf, query.actions, find, visit);
  };
  // A summary costs as much as a pair: it is worth it from two pairs on.
  if (query.resources.size() < 2) {
    for (const HashedKey& resource : query.resources) {
      for (const HashedKey& principal : query.principals) walk_pair(principal, resource);
    }
    return;
  }
  std::uint64_t classes = 0;
  for (const HashedKey& resource : query.resources) classes |= resource.class_bit;
  for (const HashedKey& principal : query.principals) {
    const std::uint64_t* summary = principals_.Find(principal.hash);
    if (summary == nullptr) continue;
    const std::uint64_t met = Summary::Of(*summary).classes & classes;
    if (met == 0) continue;
    for (const HashedKey& resource : query.resources) {
      if ((met & resource.class_bit) != 0) walk_pair(principal, resource);
    }
  }
}

template <typename Find, typename Visit>
void Tree::WalkLeaf(Child leaf, std::span<const std::uint32_t> actions, Find& find, Visit& visit) {
  if (leaf.is_policy()) {
    if (std::find(actions.begin(), actions.end(), leaf.tag()) != actions.end()) {
      visit(leaf.policy());
    }
    return;
  }
  for (const std::uint32_t action : actions) {
    const Child* below = leaf.pointer<const Leaf>()->by_action.Find(store::Mix(action));
    if (below == nullptr) continue;
    if (below->is_policy()) {
      visit(below->policy());
    } else {
      WalkNode(*below->pointer<const Node>(), find, visit);
    }
  }
}

template <typename Find, typename Visit>
void Tree::WalkNode(const Node& node, Find& find, Visit& visit) {
  node.plain.ForEach(visit);
  node.groups.ForEach([&](std::uint64_t, const Group* each) {
    const Group& group = *each;
    const Finding finding = find(group.subject);
    if (finding.kind == Finding::Kind::kAbsent) return;
    if (finding.kind == Finding::Kind::kFails) {
      group.all.ForEach(visit);
      return;
    }
    if (!group.ranges.empty()) {
      group.ranges.Stab(finding.number, visit);
      return;
    }
    const Child* found = group.by_value.Find(finding.value);
    if (found == nullptr) return;
    if (found->is_policy()) {
      visit(found->policy());
    } else {
      found->pointer<const Posting>()->policies.ForEach(visit);
    }
  });
}

}  // namespace assay::tree
