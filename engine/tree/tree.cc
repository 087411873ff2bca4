#include "engine/tree/tree.h"

namespace assay::tree {

void Tree::Count(store::Heap& heap, const Place& place) {
  ++size_;
  const std::uint64_t hash = place.principal.hash();
  const std::uint64_t* known = principals_.Find(hash);
  Summary summary = known == nullptr ? Summary() : Summary::Of(*known);
  const std::uint64_t before = summary.bits();
  if (summary.count < Summary::kMaxCount) ++summary.count;
  summary.classes |= HashedKey(place.resource).class_bit;
  if (known == nullptr) {
    principals_.Insert(heap, hash, summary.bits());
  } else if (summary.bits() != before) {
    principals_.Replace(heap, hash, before, summary.bits());
  }
  const std::uint64_t resource = place.resource.hash();
  const std::uint32_t* count = resources_.Find(resource);
  if (count == nullptr) {
    resources_.Insert(heap, resource, 1);
  } else {
    const std::uint32_t old = *count;
    resources_.Replace(heap, resource, old, old + 1);
  }
}

void Tree::Uncount(store::Heap& heap, const Place& place) {
  --size_;
  const std::uint64_t hash = place.principal.hash();
  const std::uint64_t before = *principals_.Find(hash);
  Summary summary = Summary::Of(before);
  if (summary.count < Summary::kMaxCount) --summary.count;
  if (summary.count == 0) {
    principals_.Erase(heap, hash, before);
  } else if (summary.bits() != before) {
    principals_.Replace(heap, hash, before, summary.bits());
  }
  const std::uint64_t resource = place.resource.hash();
  const std::uint32_t count = *resources_.Find(resource);
  if (count == 1) {
    resources_.Erase(heap, resource, count);
  } else {
    resources_.Replace(heap, resource, count, count - 1);
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
