// An array that shares its pages with its older versions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "engine/store/heap.h"

namespace assay::store {

// A root of pointers to pages of 2^kPageBits elements. The handle is a value: a copy made before
// Heap::Commit() stays what it was whatever is edited later. Elements past the size are T{}.
template <typename T, unsigned kPageBits>
class PagedArray {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);

 public:
  std::uint32_t size() const noexcept { return size_; }

  // `index` < size().
  const T& operator[](std::uint32_t index) const noexcept {
    return root_[index >> kPageBits][index & kMask];
  }

  // The element, to be changed until the next commit. `index` < size().
  T& Edit(Heap& heap, std::uint32_t index) {
    OwnRoot(heap, PagesFor(size_));
    return OwnPage(heap, index >> kPageBits)[index & kMask];
  }

  // New elements are T{}.
  void Resize(Heap& heap, std::uint32_t size) {
    if (size < size_) return Shrink(heap, size);
    const std::uint32_t pages = PagesFor(size);
    std::uint32_t page = PagesFor(size_);
    if (page < pages) OwnRoot(heap, pages);
    for (; page < pages; ++page) {
      root_[page] = heap.New<T>(kPage);
      std::fill_n(root_[page], kPage, T{});
    }
    size_ = size;
  }

  void Clear(Heap& heap) {
    for (std::uint32_t page = PagesFor(size_); page-- > 0;) heap.Retire(root_[page]);
    heap.Retire(root_);
    *this = {};
  }

 private:
  static constexpr std::uint32_t kPage = std::uint32_t{1} << kPageBits;
  static constexpr std::uint32_t kMask = kPage - 1;

  static std::uint32_t PagesFor(std::uint32_t size) noexcept {
    return (size >> kPageBits) + ((size & kMask) != 0 ? 1 : 0);
  }

  // Makes the root writable and long enough for `pages`, which are not fewer than now.
  void OwnRoot(Heap& heap, std::uint32_t pages) {
    const std::uint32_t used = PagesFor(size_);
    const std::size_t capacity = root_ == nullptr ? 0 : Heap::Usable(root_) / sizeof(void*);
    if (pages <= capacity && heap.IsNew(root_)) return;
    std::size_t wanted = pages;
    if (pages > capacity && root_ != nullptr) wanted = std::max(wanted, capacity + capacity / 2);
    T** const root = heap.New<T*>(wanted);
    std::copy_n(root_, used, root);
    heap.Retire(root_);
    root_ = root;
  }

  T* OwnPage(Heap& heap, std::uint32_t page) {
    T* const old = root_[page];
    if (heap.IsNew(old)) return old;
    T* const fresh = heap.New<T>(kPage);
    std::copy_n(old, kPage, fresh);
    heap.Retire(old);
    root_[page] = fresh;
    return fresh;
  }

  void Shrink(Heap& heap, std::uint32_t size) {
    if (size == 0) return Clear(heap);
    const std::uint32_t pages = PagesFor(size);
    OwnRoot(heap, PagesFor(size_));
    for (std::uint32_t page = PagesFor(size_); page-- > pages;) heap.Retire(root_[page]);
    T* const last = OwnPage(heap, pages - 1);
    const std::uint32_t kept = ((size - 1) & kMask) + 1;
    std::fill_n(last + kept, kPage - kept, T{});
    size_ = size;
  }

  T** root_ = nullptr;
  std::uint32_t size_ = 0;
};

}  // namespace assay::store
