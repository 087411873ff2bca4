// A hash table that shares its pages with its older versions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "engine/store/hash_page.h"
#include "engine/store/heap.h"

namespace assay::store {

// Spreads the bits of an integer key for HashMap: equal results if and only if equal keys. (The
// finalizer of SplitMix64.)
inline std::uint64_t Mix(std::uint64_t key) noexcept {
  key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9U;
  key = (key ^ key >> 27) * 0x94d049bb133111ebU;
  return key ^ key >> 31;
}

// From 64-bit hashes to values; a hash, and also a hash with the same value, may be there more than
// once. Extendible hashing: the top bits of the hash select a page through a directory; in a page
// the entries are sorted, and found by interpolation. The handle is a value: a copy made before
// Heap::Commit() stays what it was whatever is edited later.
//
// Hashes must be spread well, and by a seed where they are made of foreign data. Those that agree
// in their top bits share a page that outgrows the others: finding stays logarithmic, and editing
// gets linear in their number.
template <typename V>
class HashMap {
  static_assert(std::is_trivially_copyable_v<V> && (sizeof(V) == 4 || sizeof(V) == 8));
  static_assert(std::has_unique_object_representations_v<V>, "values are compared by their bytes");

 public:
  std::uint32_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // The first value with that hash, in the order they were inserted in, for which match(value)
  // holds; nullptr if none. The pointer is good as long as the version.
  template <typename Match>
  const V* Find(std::uint64_t hash, Match&& match) const noexcept {
    const Page* const page = PageOf(hash);
    if (page == nullptr) return nullptr;
    const std::uint64_t* const hashes = page->hashes();
    for (std::uint32_t at = page->LowerBound(hash); at < page->count() && hashes[at] == hash;
         ++at) {
      const V* const value = page->values() + at;
      if (match(*value)) return value;
    }
    return nullptr;
  }
  const V* Find(std::uint64_t hash) const noexcept {
    return Find(hash, [](const V&) { return true; });
  }

  // f(value) for each entry with that hash, in the order they were inserted in.
  template <typename F>
  void ForEachOf(std::uint64_t hash, F&& f) const {
    const Page* const page = PageOf(hash);
    if (page == nullptr) return;
    const std::uint64_t* const hashes = page->hashes();
    for (std::uint32_t at = page->LowerBound(hash); at < page->count() && hashes[at] == hash;
         ++at) {
      f(page->values()[at]);
    }
  }

  // f(hash, value) for each entry, by ascending hash; equal hashes in the order of insertion.
  template <typename F>
  void ForEach(F&& f) const {
    ForEachPage([&f](const Page* page) {
      for (std::uint32_t at = 0; at < page->count(); ++at) {
        f(page->hashes()[at], page->values()[at]);
      }
    });
  }

  void Insert(Heap& heap, std::uint64_t hash, V value) {
    while (MaySplit(PageOf(hash), hash)) Split(heap, PageOf(hash));
    OwnDirectory(heap);
    Page* const old = PageOf(hash);
    Page* page = nullptr;
    if (old == nullptr) {
      page = Page::Create(heap, 1, depth_)->Insert(heap, 0, hash, value);
    } else {
      // Behind the entries of the same hash.
      page = old->Insert(heap, hash == UINT64_MAX ? old->count() : old->LowerBound(hash + 1), hash,
                         value);
    }
    if (page != old) SetSlots(hash, page->depth(), page);
    ++size_;
  }

  // Takes one entry of exactly that hash and value away; false if there is none.
  bool Erase(Heap& heap, std::uint64_t hash, V value) {
    const V* const found = Find(hash, Equals{value});
    if (found == nullptr) return false;
    if (size_ == 1) {
      Clear(heap);
      return true;
    }
    Page* const old = PageOf(hash);
    const auto at = static_cast<std::uint32_t>(found - old->values());
    OwnDirectory(heap);
    const unsigned depth = old->depth();
    Page* page = nullptr;
    if (old->count() == 1) {
      heap.Retire(old);
    } else {
      page = old->Erase(heap, at);
    }
    if (page != old) SetSlots(hash, depth, page);
    --size_;
    return true;
  }

  // Puts `now` in the place of an entry of exactly that hash and value; false if there is none.
  bool Replace(Heap& heap, std::uint64_t hash, V old_value, V now) {
    const V* const found = Find(hash, Equals{old_value});
    if (found == nullptr) return false;
    Page* const old = PageOf(hash);
    const auto at = found - old->values();
    OwnDirectory(heap);
    Page* const page = old->Own(heap);
    page->values()[at] = now;
    if (page != old) SetSlots(hash, page->depth(), page);
    return true;
  }

  void Clear(Heap& heap) {
    ForEachPage([&heap](const Page* page) { heap.Retire(page); });
    if (depth_ > 0) heap.Retire(root_);
    *this = {};
  }

 private:
  using Page = HashPage<V>;

  struct Equals {
    V wanted;
    bool operator()(const V& value) const noexcept {
      return std::memcmp(&wanted, &value, sizeof(V)) == 0;
    }
  };

  // The directory is at most this many times smaller than the number of entries, so that hashes
  // with the same top bits cannot blow it up.
  static constexpr std::uint64_t kEntriesPerSlot = 16;

  Page** directory() const noexcept { return static_cast<Page**>(root_); }

  std::size_t SlotOf(std::uint64_t hash) const noexcept { return hash >> (64 - depth_); }

  Page* PageOf(std::uint64_t hash) const noexcept {
    return depth_ == 0 ? static_cast<Page*>(root_) : directory()[SlotOf(hash)];
  }

  template <typename F>
  void ForEachPage(F&& f) const {
    if (depth_ == 0) {
      if (root_ != nullptr) f(static_cast<const Page*>(root_));
      return;
    }
    for (std::size_t slot = 0; slot < std::size_t{1} << depth_;) {
      const Page* const page = directory()[slot];
      // A page fills all slots of its prefix; f may free it.
      slot += page == nullptr ? 1 : std::size_t{1} << (depth_ - page->depth());
      if (page != nullptr) f(page);
    }
  }

  bool MaySplit(const Page* page, std::uint64_t hash) const noexcept {
    if (page == nullptr || page->count() < Page::kFull || !page->Differs(hash)) return false;
    return page->depth() < depth_ ||
           (std::uint64_t{2} << depth_) <= std::uint64_t{size_} / kEntriesPerSlot;
  }

  void Split(Heap& heap, Page* page) {
    const std::uint64_t hash = page->hashes()[0];
    const unsigned depth = page->depth();
    if (depth == depth_) {
      DoubleDirectory(heap);
    } else {
      OwnDirectory(heap);
    }
    const auto [low, high] = page->Split(heap);
    const std::uint64_t bit = std::uint64_t{1} << (63 - depth);
    SetSlots(hash & ~bit, depth + 1, low);
    SetSlots(hash | bit, depth + 1, high);
  }

  void DoubleDirectory(Heap& heap) {
    const std::size_t count = std::size_t{1} << depth_;
    Page** const doubled = heap.New<Page*>(count * 2);
    for (std::size_t slot = 0; slot < count; ++slot) {
      doubled[slot * 2] = doubled[slot * 2 + 1] =
          depth_ == 0 ? static_cast<Page*>(root_) : directory()[slot];
    }
    if (depth_ > 0) heap.Retire(root_);
    root_ = doubled;
    ++depth_;
  }

  // Makes the directory, if there is one, writable.
  void OwnDirectory(Heap& heap) {
    if (depth_ == 0 || heap.IsNew(root_)) return;
    const std::size_t count = std::size_t{1} << depth_;
    Page** const copy = heap.New<Page*>(count);
    std::copy_n(directory(), count, copy);
    heap.Retire(root_);
    root_ = copy;
  }

  // Lets all hashes that agree with `hash` in the top `depth` bits find `page`.
  void SetSlots(std::uint64_t hash, unsigned depth, Page* page) noexcept {
    if (depth_ == 0) {
      root_ = page;
      return;
    }
    const std::size_t count = std::size_t{1} << (depth_ - depth);
    std::fill_n(directory() + SlotOf(hash) / count * count, count, page);
  }

  void* root_ = nullptr;  // the directory, or at depth 0 the only page
  std::uint32_t size_ = 0;
  std::uint32_t depth_ = 0;
};

}  // namespace assay::store
