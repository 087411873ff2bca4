#include "engine/tree/tree.h"

namespace assay::tree {

void Tree::CountResource(store::Heap& heap, ScopeKey resource) {
  const std::uint64_t hash = resource.hash();
  const std::uint32_t* count = resources_.Find(hash);
  if (count == nullptr) {
    resources_.Insert(heap, hash, 1);
  } else {
    const std::uint32_t old = *count;
    resources_.Replace(heap, hash, old, old + 1);
  }
}

void Tree::UncountResource(store::Heap& heap, ScopeKey resource) {
  const std::uint64_t hash = resource.hash();
  const std::uint32_t count = *resources_.Find(hash);
  if (count == 1) {
    resources_.Erase(heap, hash, count);
  } else {
    resources_.Replace(heap, hash, count, count - 1);
  }
}

Child Tree::RemoveFromLeaf(store::Heap& heap, Child child, const Place& place, const Test& test,
                           std::uint32_t policy) {
  if (child.is_policy()) return Child();
  Leaf* leaf = edit::Own(heap, child.pointer<Leaf>());
  const std::uint64_t action = store::Mix(place.action);
  const Child before = *leaf->by_action.Find(action);
  const Child after = edit::Remove(heap, before, test, policy);
  if (after.is_nothing()) {
    leaf->by_action.Erase(heap, action, before);
  } else if (after != before) {
    leaf->by_action.Replace(heap, action, before, after);
  }
  if (!leaf->by_action.empty()) return Child::Pointer(leaf);
  heap.Retire(leaf);
  return Child();
}

void Tree::Erase(store::Heap& heap, const Place& place, const Test& test, std::uint32_t policy) {
  --size_;
  UncountResource(heap, place.resource);
  const std::uint64_t principal = place.principal.hash();
  const Child top = *principals_.Find(principal);
  Child now;
  if (top.is_branch()) {
    Branch* branch = edit::Own(heap, top.pointer<Branch>());
    const std::uint64_t resource = place.resource.hash();
    const Child before = *branch->by_resource.Find(resource);
    const Child after = RemoveFromLeaf(heap, before, place, test, policy);
    if (after.is_nothing()) {
      branch->by_resource.Erase(heap, resource, before);
    } else if (after != before) {
      branch->by_resource.Replace(heap, resource, before, after);
    }
    if (branch->by_resource.empty()) {
      heap.Retire(branch);
    } else {
      now = Child::Pointer(branch);
    }
  } else {
    now = RemoveFromLeaf(heap, top, place, test, policy);
  }
  if (now.is_nothing()) {
    principals_.Erase(heap, principal, top);
  } else if (now != top) {
    principals_.Replace(heap, principal, top, now);
  }
}

namespace edit {

namespace {

void InsertByValue(store::Heap& heap, Group* group, std::uint64_t value, std::uint32_t policy) {
  const Child* found = group->by_value.Find(value);
  if (found == nullptr) {
    group->by_value.Insert(heap, value, Child::Policy(policy));
    return;
  }
  const Child old = *found;
  Posting* posting = nullptr;
  if (old.is_policy()) {
    posting = Make<Posting>(heap);
    posting->policies.Insert(heap, old.policy());
  } else {
    posting = Own(heap, old.pointer<Posting>());
  }
  posting->policies.Insert(heap, policy);
  const Child now = Child::Pointer(posting);
  if (now != old) group->by_value.Replace(heap, value, old, now);
}

void EraseByValue(store::Heap& heap, Group* group, std::uint64_t value, std::uint32_t policy) {
  const Child old = *group->by_value.Find(value);
  if (old.is_policy()) {
    group->by_value.Erase(heap, value, old);
    return;
  }
  Posting* posting = Own(heap, old.pointer<Posting>());
  posting->policies.Erase(heap, policy);
  if (posting->policies.empty()) {
    heap.Retire(posting);
    group->by_value.Erase(heap, value, old);
  } else if (Child::Pointer(posting) != old) {
    group->by_value.Replace(heap, value, old, Child::Pointer(posting));
  }
}

}  // namespace

void InsertIntoNode(store::Heap& heap, Node* node, const Test& test, std::uint32_t policy) {
  if (test.subject == kNone) {
    node->plain.Insert(heap, policy);
    return;
  }
  const std::uint64_t hash = store::Mix(test.subject);
  Group* const* found = node->groups.Find(hash);
  Group* group = nullptr;
  if (found == nullptr) {
    group = Make<Group>(heap);
    group->subject = test.subject;
    node->groups.Insert(heap, hash, group);
  } else {
    Group* const old = *found;
    group = Own(heap, old);
    if (group != old) node->groups.Replace(heap, hash, old, group);
  }
  group->all.Insert(heap, policy);
  if (test.is_range) {
    group->ranges.Insert(heap, test.low, test.high, policy);
  } else {
    InsertByValue(heap, group, test.value, policy);
  }
}

bool EraseFromNode(store::Heap& heap, Node* node, const Test& test, std::uint32_t policy) {
  if (test.subject == kNone) {
    node->plain.Erase(heap, policy);
  } else {
    const std::uint64_t hash = store::Mix(test.subject);
    Group* const old = *node->groups.Find(hash);
    Group* group = Own(heap, old);
    group->all.Erase(heap, policy);
    if (test.is_range) {
      group->ranges.Erase(heap, test.low, test.high, policy);
    } else {
      EraseByValue(heap, group, test.value, policy);
    }
    if (group->all.empty()) {
      heap.Retire(group);
      node->groups.Erase(heap, hash, old);
    } else if (group != old) {
      node->groups.Replace(heap, hash, old, group);
    }
  }
  return node->plain.empty() && node->groups.empty();
}

Child Add(store::Heap& heap, Child child, const Test& other, const Test& test,
          std::uint32_t policy) {
  Node* node = nullptr;
  if (child.is_policy()) {
    node = Make<Node>(heap);
    InsertIntoNode(heap, node, other, child.policy());
  } else {
    node = Own(heap, child.pointer<Node>());
  }
  InsertIntoNode(heap, node, test, policy);
  return Child::Pointer(node);
}

Child Remove(store::Heap& heap, Child child, const Test& test, std::uint32_t policy) {
  if (child.is_policy()) return Child();
  Node* node = Own(heap, child.pointer<Node>());
  if (!EraseFromNode(heap, node, test, policy)) return Child::Pointer(node);
  heap.Retire(node);
  return Child();
}

}  // namespace edit

}  // namespace assay::tree
