// One page of a HashMap: entries sorted by hash, hashes and values apart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engine/store/heap.h"

namespace assay::store {

// In memory: this head, then `capacity()` hashes, then as many values. All hashes of a page agree
// in their top depth() bits.
template <typename V>
class HashPage {
 public:
  static constexpr std::size_t kEntry = sizeof(std::uint64_t) + sizeof(V);
  // A page that can be split does not grow beyond this: a block of 256 entries' size with its
  // heads.
  static constexpr std::uint32_t kFull =
      static_cast<std::uint32_t>((256 * kEntry - 2 * sizeof(std::uint64_t)) / kEntry);

  // An empty page for at least `wanted` entries.
  static HashPage* Create(Heap& heap, std::uint32_t wanted, unsigned depth) {
    if (wanted > kCapacityMask) throw std::bad_alloc();
    void* const memory = heap.Allocate(sizeof(HashPage) + wanted * kEntry);
    const std::size_t capacity = (Heap::Usable(memory) - sizeof(HashPage)) / kEntry;
    auto* const page = static_cast<HashPage*>(memory);
    page->count_ = 0;
    page->form_ = static_cast<std::uint32_t>(std::min<std::size_t>(capacity, kCapacityMask)) |
                  depth << kCapacityBits;
    return page;
  }

  std::uint32_t count() const noexcept { return count_; }
  unsigned depth() const noexcept { return form_ >> kCapacityBits; }
  const std::uint64_t* hashes() const noexcept {
    return reinterpret_cast<const std::uint64_t*>(this + 1);
  }
  const V* values() const noexcept { return reinterpret_cast<const V*>(hashes() + capacity()); }
  std::uint64_t* hashes() noexcept { return reinterpret_cast<std::uint64_t*>(this + 1); }
  V* values() noexcept { return reinterpret_cast<V*>(hashes() + capacity()); }

  // The first entry whose hash is not less. Hashes are spread evenly, so it is near the place in
  // proportion; where it is not, bisection bounds the search.
  std::uint32_t LowerBound(std::uint64_t hash) const noexcept {
    const std::uint64_t* const all = hashes();
    if (count_ <= kWindow) return CountLess(all, count_, hash);
    const std::uint64_t fraction = (hash << depth()) >> 32;
    const auto guess = static_cast<std::uint32_t>(fraction * count_ >> 32);
    __builtin_prefetch(values() + guess);
    const std::uint32_t begin =
        std::min(guess < kWindow / 2 ? 0 : guess - kWindow / 2, count_ - kWindow);
    const std::uint32_t end = begin + kWindow;
    const std::uint32_t at = begin + CountLess(all + begin, kWindow, hash);
    if (at == begin && begin > 0) return Bisect(0, begin, hash);
    if (at == end && end < count_) return Bisect(end, count_, hash);
    return at;
  }

  // Whether there is a bit after the first depth() in which the hashes differ, `hash` among them.
  bool Differs(std::uint64_t hash) const noexcept {
    return hashes()[0] != hash || hashes()[count_ - 1] != hash;
  }

  // The functions from here on return the page that holds the result: this one if it was new and
  // fits, or another, and then this one is retired.

  // With an entry put before the one at `at`.
  HashPage* Insert(Heap& heap, std::uint32_t at, std::uint64_t hash, V value) {
    HashPage* page = this;
    if (!heap.IsNew(this) || count_ == capacity()) {
      page = Create(heap, WantedFor(heap.IsNew(this)), depth());
      page->Append(*this, 0, at);
      page->count_ = at + 1;
      page->Append(*this, at, count_);
      heap.Retire(this);
    } else {
      std::copy_backward(hashes() + at, hashes() + count_, hashes() + count_ + 1);
      std::copy_backward(values() + at, values() + count_, values() + count_ + 1);
      ++count_;
    }
    page->hashes()[at] = hash;
    page->values()[at] = value;
    return page;
  }

  // Without the entry at `at`. The page must have another.
  HashPage* Erase(Heap& heap, std::uint32_t at) {
    if (heap.IsNew(this) && count_ > capacity() / 4) {
      std::copy(hashes() + at + 1, hashes() + count_, hashes() + at);
      std::copy(values() + at + 1, values() + count_, values() + at);
      --count_;
      return this;
    }
    HashPage* const page = Create(heap, count_ - 1, depth());
    page->Append(*this, 0, at);
    page->Append(*this, at + 1, count_);
    heap.Retire(this);
    return page;
  }

  // A page to be changed in place.
  HashPage* Own(Heap& heap) {
    if (heap.IsNew(this)) return this;
    HashPage* const page = Create(heap, count_, depth());
    page->Append(*this, 0, count_);
    heap.Retire(this);
    return page;
  }

  // Distributes the entries by the bit after the first depth(). A half without entries is nullptr.
  // This page is retired.
  struct Halves {
    HashPage* low;
    HashPage* high;
  };
  Halves Split(Heap& heap) {
    const unsigned bits = depth() + 1;
    const std::uint64_t high = (hashes()[count_ - 1] >> (64 - bits) | 1) << (64 - bits);
    const std::uint32_t middle = LowerBound(high);
    const Halves halves{Part(heap, 0, middle), Part(heap, middle, count_)};
    heap.Retire(this);
    return halves;
  }

 private:
  static constexpr unsigned kCapacityBits = 26;
  static constexpr std::uint32_t kCapacityMask = (std::uint32_t{1} << kCapacityBits) - 1;
  static constexpr std::uint32_t kWindow = 15;  // four steps of CountLess

  std::uint32_t capacity() const noexcept { return form_ & kCapacityMask; }

  // Of sorted hashes; by bisection, without a branch that depends on them.
  static std::uint32_t CountLess(const std::uint64_t* from, std::uint32_t count,
                                 std::uint64_t hash) noexcept {
    std::uint32_t less = 0;
    for (std::uint32_t half = 0; count > 0; count -= half) {
      half = (count + 1) / 2;
      less += half & -std::uint32_t{from[less + half - 1] < hash};
    }
    return less;
  }

  std::uint32_t Bisect(std::uint32_t begin, std::uint32_t end, std::uint64_t hash) const noexcept {
    const std::uint64_t* const all = hashes();
    return static_cast<std::uint32_t>(std::lower_bound(all + begin, all + end, hash) - all);
  }

  // How many entries to make room for when one more comes. A new page is being filled: it grows in
  // proportion, and soon to the full size, so that growing leaves few sizes of free blocks behind.
  std::uint32_t WantedFor(bool filling) const noexcept {
    if (!filling) return count_ + 1;
    if (count_ < kFull && count_ >= kFull / 4) return kFull;
    return count_ + count_ / 2 + 1;
  }

  HashPage* Part(Heap& heap, std::uint32_t from, std::uint32_t to) const {
    if (from == to) return nullptr;
    const std::uint32_t count = to - from;
    HashPage* const part =
        Create(heap, count < kFull / 4 ? count : std::max(count, kFull), depth() + 1);
    part->Append(*this, from, to);
    return part;
  }

  void Append(const HashPage& from, std::uint32_t begin, std::uint32_t end) noexcept {
    std::copy(from.hashes() + begin, from.hashes() + end, hashes() + count_);
    std::copy(from.values() + begin, from.values() + end, values() + count_);
    count_ += end - begin;
  }

  std::uint32_t count_;
  std::uint32_t form_;  // capacity, and depth in the top bits
};

}  // namespace assay::store
