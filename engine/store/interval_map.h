// Intervals of numbers, found by a number they contain; shares its nodes with its older versions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/store/heap.h"

namespace assay::store {

// A set of (lo, hi, value): an AVL tree in the order of lo, hi, value, whose nodes know the highest
// `hi` below them. The handle is a value: a copy made before Heap::Commit() stays what it was
// whatever is edited later.
class IntervalMap {
 public:
  std::uint32_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // f(value) for each interval with lo <= x <= hi, in the order of lo, hi, value. For n intervals
  // of which k contain x, at most O((k + 1) log n) nodes are visited.
  template <typename F>
  void Stab(std::int64_t x, F&& f) const {
    std::array<const Node*, kMaxHeight> waiting;
    std::size_t count = 0;
    const Node* node = root_;
    for (;;) {
      while (node != nullptr && node->max_hi >= x) {
        waiting[count++] = node;
        node = node->left;
      }
      if (count == 0) return;
      node = waiting[--count];
      if (node->lo > x) return;  // and so have all that follow
      if (node->hi >= x) f(node->value);
      node = node->right;
    }
  }

  // f(lo, hi, value) for each interval, in that order.
  template <typename F>
  void ForEach(F&& f) const {
    std::array<const Node*, kMaxHeight> waiting;
    std::size_t count = 0;
    for (const Node* node = root_;;) {
      for (; node != nullptr; node = node->left) waiting[count++] = node;
      if (count == 0) return;
      node = waiting[--count];
      f(node->lo, node->hi, node->value);
      node = node->right;
    }
  }

  // False if exactly that is there already. `lo` > `hi` is allowed and contains nothing.
  bool Insert(Heap& heap, std::int64_t lo, std::int64_t hi, std::uint32_t value);
  // False if it is not there.
  bool Erase(Heap& heap, std::int64_t lo, std::int64_t hi, std::uint32_t value);
  void Clear(Heap& heap);

 private:
  struct Node {
    std::int64_t lo, hi;
    std::int64_t max_hi;  // of the whole subtree
    Node* left;
    Node* right;
    std::uint32_t value;
    std::uint32_t height;
  };
  // An AVL tree of 2^32 nodes is at most 1.44 * 32 high.
  static constexpr std::size_t kMaxHeight = 48;

  class Editor;

  Node* root_ = nullptr;
  std::uint32_t size_ = 0;
};

}  // namespace assay::store
