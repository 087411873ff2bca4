#include "engine/store/interval_map.h"

#include <algorithm>
#include <tuple>

namespace assay::store {

// Recursion goes down one path, so it is at most kMaxHeight deep.
class IntervalMap::Editor {
 public:
  explicit Editor(Heap& heap) : heap_(heap) {}

  static auto KeyOf(const Node& node) noexcept { return std::tie(node.lo, node.hi, node.value); }

  static bool Contains(const Node* node, const Node& item) noexcept {
    while (node != nullptr && KeyOf(*node) != KeyOf(item)) {
      node = KeyOf(item) < KeyOf(*node) ? node->left : node->right;
    }
    return node != nullptr;
  }

  // `item` must not be there.
  Node* Insert(Node* node, const Node& item) {
    if (node == nullptr) {
      Node* const leaf = heap_.New<Node>(1);
      *leaf = item;
      return leaf;
    }
    node = Own(node);
    Node*& side = KeyOf(item) < KeyOf(*node) ? node->left : node->right;
    side = Insert(side, item);
    return Balance(node);
  }

  // `item` must be there.
  Node* Erase(Node* node, const Node& item) {
    if (KeyOf(item) == KeyOf(*node)) return EraseRoot(node);
    node = Own(node);
    Node*& side = KeyOf(item) < KeyOf(*node) ? node->left : node->right;
    side = Erase(side, item);
    return Balance(node);
  }

  void Retire(Node* node) {
    if (node == nullptr) return;
    Node* const left = node->left;
    Node* const right = node->right;
    heap_.Retire(node);
    Retire(left);
    Retire(right);
  }

 private:
  static std::uint32_t HeightOf(const Node* node) noexcept {
    return node == nullptr ? 0 : node->height;
  }

  static void Update(Node* node) noexcept {
    node->max_hi = node->hi;
    node->height = 1 + std::max(HeightOf(node->left), HeightOf(node->right));
    if (node->left != nullptr) node->max_hi = std::max(node->max_hi, node->left->max_hi);
    if (node->right != nullptr) node->max_hi = std::max(node->max_hi, node->right->max_hi);
  }

  Node* Own(Node* node) {
    if (heap_.IsNew(node)) return node;
    Node* const copy = heap_.New<Node>(1);
    *copy = *node;
    heap_.Retire(node);
    return copy;
  }

  Node* EraseRoot(Node* node) {
    Node* const left = node->left;
    Node* const right = node->right;
    if (left == nullptr || right == nullptr) {
      heap_.Retire(node);
      return left == nullptr ? right : left;
    }
    const Node* next = right;
    while (next->left != nullptr) next = next->left;
    node = Own(node);
    node->lo = next->lo;
    node->hi = next->hi;
    node->value = next->value;
    node->right = EraseFirst(right);
    return Balance(node);
  }

  Node* EraseFirst(Node* node) {
    if (node->left == nullptr) {
      Node* const right = node->right;
      heap_.Retire(node);
      return right;
    }
    node = Own(node);
    node->left = EraseFirst(node->left);
    return Balance(node);
  }

  // From here on, `node` is new.
  Node* Balance(Node* node) {
    const std::uint32_t left = HeightOf(node->left);
    const std::uint32_t right = HeightOf(node->right);
    if (left > right + 1) {
      node->left = Own(node->left);
      if (HeightOf(node->left->left) < HeightOf(node->left->right)) {
        node->left->right = Own(node->left->right);
        node->left = RotateLeft(node->left);
      }
      return RotateRight(node);
    }
    if (right > left + 1) {
      node->right = Own(node->right);
      if (HeightOf(node->right->right) < HeightOf(node->right->left)) {
        node->right->left = Own(node->right->left);
        node->right = RotateRight(node->right);
      }
      return RotateLeft(node);
    }
    Update(node);
    return node;
  }

  static Node* RotateLeft(Node* node) noexcept {
    Node* const top = node->right;
    node->right = top->left;
    top->left = node;
    Update(node);
    Update(top);
    return top;
  }

  static Node* RotateRight(Node* node) noexcept {
    Node* const top = node->left;
    node->left = top->right;
    top->right = node;
    Update(node);
    Update(top);
    return top;
  }

  Heap& heap_;
};

bool IntervalMap::Insert(Heap& heap, std::int64_t lo, std::int64_t hi, std::uint32_t value) {
  const Node item{lo, hi, hi, nullptr, nullptr, value, 1};
  if (Editor::Contains(root_, item)) return false;
  root_ = Editor(heap).Insert(root_, item);
  ++size_;
  return true;
}

bool IntervalMap::Erase(Heap& heap, std::int64_t lo, std::int64_t hi, std::uint32_t value) {
  const Node item{lo, hi, hi, nullptr, nullptr, value, 1};
  if (!Editor::Contains(root_, item)) return false;
  root_ = Editor(heap).Erase(root_, item);
  --size_;
  return true;
}

void IntervalMap::Clear(Heap& heap) {
  Editor(heap).Retire(root_);
  *this = {};
}

}  // namespace assay::store
