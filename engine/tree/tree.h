// The decision tree: from the parts of a request to the policies whose scope matches, without those
// whose first condition is known to be false.
//
// Levels: the principal that a scope names leads to a branch, which leads by resource to a leaf; a
// leaf leads by action to a node; a node holds policies, those with a test grouped by its subject
// and then by value or interval. Each level is a persistent container, so that one policy more or
// less costs the few pages on its path. A level with one policy below it is that policy's number,
// and a principal with one resource has that resource's leaf for a branch.
//
// Nothing is lost by a skip: scopes cannot fail; a test stands for the first condition, so nothing
// before it can fail either, and where the test itself fails all policies of its group are visited.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>

#include "engine/store/interval_map.h"
#include "engine/store/sorted_set.h"
#include "engine/tree/keys.h"

namespace assay::tree {

// What is known about the parts of one request: the keys that occur in the tree and match.
struct Query {
  std::span<const std::uint64_t> principals;  // by ScopeKey::hash(), each once
  const KeySet& resources;
  std::span<const std::uint32_t> actions;  // numbers of action constraints, each once
};

struct Branch;

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
    return Child(reinterpret_cast<std::uint64_t>(level) |
                 (std::is_same_v<T, Branch> ? kBranchBit : 0));
  }

  bool is_nothing() const { return bits_ == 0; }
  bool is_policy() const { return (bits_ & 1) != 0; }
  bool is_branch() const { return (bits_ & 3) == kBranchBit; }
  std::uint32_t policy() const { return static_cast<std::uint32_t>(bits_ >> 32); }
  std::uint32_t tag() const { return static_cast<std::uint32_t>(bits_) >> 1; }
  template <typename T>
  T* pointer() const {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): one of three in a word
    return reinterpret_cast<T*>(bits_ & ~kBranchBit);
  }
  friend bool operator==(Child, Child) = default;

 private:
  // Of a pointer; a policy's tag may have it too.
  static constexpr std::uint64_t kBranchBit = 2;
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
  ScopeKey resource;
  store::HashMap<Child> by_action;  // by Mix(action): a policy or a Node
};

// The policies of one principal.
struct Branch {
  store::HashMap<Child> by_resource;  // by ScopeKey::hash(): a policy with its action, or a Leaf
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
  void Erase(store::Heap& heap, const Place& place, const Test& test, std::uint32_t policy);

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
    principals_.ForEach([&](std::uint64_t, Child top) {
      if (!top.is_branch()) {
        f(top);
        return;
      }
      top.pointer<const Branch>()->by_resource.ForEach([&](std::uint64_t, Child leaf) { f(leaf); });
    });
  }

 private:
  template <typename Source>
  static ScopeKey ResourceOf(const Source& source, Child leaf) noexcept {
    return leaf.is_policy() ? source.place_of(leaf.policy()).resource
                            : leaf.pointer<const Leaf>()->resource;
  }
  // The leaf with one policy more or less.
  template <typename Source>
  static Child AddToLeaf(store::Heap& heap, const Source& source, Child child, const Place& place,
                         const Test& test, std::uint32_t policy);
  static Child RemoveFromLeaf(store::Heap& heap, Child child, const Place& place, const Test& test,
                              std::uint32_t policy);
  template <typename Take>
  static void WalkBranch(const Branch& branch, const KeySet& resources, Take& walk_leaf);
  template <typename Find, typename Visit>
  static void WalkLeaf(Child leaf, std::span<const std::uint32_t> actions, Find& find,
                       Visit& visit);
  template <typename Find, typename Visit>
  static void WalkNode(const Node& node, Find& find, Visit& visit);

  void CountResource(store::Heap& heap, ScopeKey resource);
  void UncountResource(store::Heap& heap, ScopeKey resource);

  store::HashMap<Child>
      principals_;  // by ScopeKey::hash(): a policy with its action, Leaf or Branch
  store::HashMap<std::uint32_t> resources_;  // by ScopeKey::hash(): the number of policies
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
Child Tree::AddToLeaf(store::Heap& heap, const Source& source, Child child, const Place& place,
                      const Test& test, std::uint32_t policy) {
  Leaf* leaf = nullptr;
  if (child.is_policy()) {
    leaf = edit::Make<Leaf>(heap);
    leaf->resource = place.resource;
    leaf->by_action.Insert(heap, store::Mix(child.tag()), Child::Policy(child.policy()));
  } else {
    leaf = edit::Own(heap, child.pointer<Leaf>());
  }
  const std::uint64_t action = store::Mix(place.action);
  const Child* below = leaf->by_action.Find(action);
  if (below == nullptr) {
    leaf->by_action.Insert(heap, action, Child::Policy(policy));
  } else {
    const Child before = *below;
    const Test other = before.is_policy() ? source.test_of(before.policy()) : Test();
    const Child after = edit::Add(heap, before, other, test, policy);
    if (after != before) leaf->by_action.Replace(heap, action, before, after);
  }
  return Child::Pointer(leaf);
}

template <typename Source>
void Tree::Insert(store::Heap& heap, const Source& source, const Place& place, const Test& test,
                  std::uint32_t policy) {
  ++size_;
  CountResource(heap, place.resource);
  const std::uint64_t principal = place.principal.hash(), resource = place.resource.hash();
  const Child alone = Child::Policy(policy, place.action);
  const Child* found = principals_.Find(principal);
  if (found == nullptr) {
    principals_.Insert(heap, principal, alone);
    return;
  }
  const Child top = *found;
  Child now = top;
  if (top.is_branch()) {
    Branch* branch = edit::Own(heap, top.pointer<Branch>());
    now = Child::Pointer(branch);
    found = branch->by_resource.Find(resource);
    if (found == nullptr) {
      branch->by_resource.Insert(heap, resource, alone);
    } else {
      const Child before = *found;
      const Child after = AddToLeaf(heap, source, before, place, test, policy);
      if (after != before) branch->by_resource.Replace(heap, resource, before, after);
    }
  } else if (const ScopeKey other = ResourceOf(source, top); other == place.resource) {
    now = AddToLeaf(heap, source, top, place, test, policy);
  } else {
    auto* branch = edit::Make<Branch>(heap);
    branch->by_resource.Insert(heap, other.hash(), top);
    branch->by_resource.Insert(heap, resource, alone);
    now = Child::Pointer(branch);
  }
  if (now != top) principals_.Replace(heap, principal, top, now);
}

template <typename Source, typename Find, typename Visit>
void Tree::Walk(const Query& query, const Source& source, Find&& find, Visit&& visit) const {
  const auto walk_leaf = [&](Child leaf) { WalkLeaf(leaf, query.actions, find, visit); };
  for (const std::uint64_t principal : query.principals) {
    const Child* top = principals_.Find(principal);
    if (top == nullptr) continue;
    if (top->is_branch()) {
      WalkBranch(*top->pointer<const Branch>(), query.resources, walk_leaf);
    } else if (query.resources.Has(ResourceOf(source, *top).hash())) {
      walk_leaf(*top);
    }
  }
}

// Asks for those of one side in the other, from the smaller side.
template <typename Take>
void Tree::WalkBranch(const Branch& branch, const KeySet& resources, Take& walk_leaf) {
  if (branch.by_resource.size() <= resources.hashes().size()) {
    branch.by_resource.ForEach([&](std::uint64_t resource, Child leaf) {
      if (resources.Has(resource)) walk_leaf(leaf);
    });
    return;
  }
  for (const std::uint64_t resource : resources.hashes()) {
    const Child* leaf = branch.by_resource.Find(resource);
    if (leaf != nullptr) walk_leaf(*leaf);
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
