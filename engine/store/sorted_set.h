// A set of numbers in order that shares its chunks with its older versions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "engine/store/heap.h"

namespace assay::store {

// A root of chunks of at most 512 sorted keys; a set that fits one chunk has no root. The handle is
// a value: a copy made before Heap::Commit() stays what it was whatever is edited later.
template <typename K>
class SortedSet {
  static_assert(std::is_same_v<K, std::uint32_t> || std::is_same_v<K, std::uint64_t>);

 public:
  std::uint32_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  bool Contains(K key) const noexcept {
    if (size_ == 0) return false;
    const Chunk chunk = At(ChunkFor(key));
    return std::binary_search(chunk.keys, chunk.keys + chunk.count, key);
  }

  // f(key) for each key, ascending.
  template <typename F>
  void ForEach(F&& f) const {
    for (std::uint32_t index = 0; index < chunks_; ++index) {
      const Chunk chunk = At(index);
      for (std::uint32_t at = 0; at < chunk.count; ++at) f(chunk.keys[at]);
    }
  }

  // f(key) for each key from `lo` to `hi`, both included, ascending, until f returns false. f may
  // also return nothing.
  template <typename F>
  void ForEachInRange(K lo, K hi, F&& f) const {
    if (size_ == 0) return;
    for (std::uint32_t index = ChunkFor(lo); index < chunks_; ++index) {
      const Chunk chunk = At(index);
      const K* const begin = chunk.keys;
      const K* const end = begin + chunk.count;
      for (const K* key = std::lower_bound(begin, end, lo); key != end; ++key) {
        if (*key > hi) return;
        if constexpr (std::is_same_v<decltype(f(*key)), void>) {
          f(*key);
        } else if (!f(*key)) {
          return;
        }
      }
    }
  }

  // False if the key is there already.
  bool Insert(Heap& heap, K key);
  // False if the key is not there.
  bool Erase(Heap& heap, K key);
  void Clear(Heap& heap);

 private:
  static constexpr std::uint32_t kFull = (512 * sizeof(K) - 8) / sizeof(K);
  // A chunk below kSparse is joined with a neighbour if the result has at most kJoined.
  static constexpr std::uint32_t kSparse = kFull / 4;
  static constexpr std::uint32_t kJoined = kFull * 3 / 4;

  // What the root has of a chunk. `first` is at most its first key: erasing does not raise it.
  struct Chunk {
    K first;
    std::uint32_t count;
    K* keys;
  };

  Chunk* root() const noexcept { return static_cast<Chunk*>(root_); }

  Chunk At(std::uint32_t index) const noexcept {
    if (chunks_ == 1) return {0, size_, static_cast<K*>(root_)};
    return root()[index];
  }

  // The chunk that the key is or would be in. There must be one.
  std::uint32_t ChunkFor(K key) const noexcept {
    if (chunks_ == 1) return 0;
    const Chunk* const after =
        std::upper_bound(root() + 1, root() + chunks_, key,
                         [](K wanted, const Chunk& chunk) { return wanted < chunk.first; });
    return static_cast<std::uint32_t>(after - root()) - 1;
  }

  static K* NewChunk(Heap& heap, const K* from, std::uint32_t count, std::uint32_t wanted) {
    K* const keys = heap.New<K>(wanted);
    std::copy_n(from, count, keys);
    return keys;
  }

  // Edits of one chunk. The root, if any, must have been made writable.
  void InsertInChunk(Heap& heap, std::uint32_t index, std::uint32_t at, K key);
  void EraseInChunk(Heap& heap, std::uint32_t index, std::uint32_t at);
  void SplitChunk(Heap& heap, std::uint32_t index, bool appending);
  void JoinWithNext(Heap& heap, std::uint32_t index);

  // Makes the root writable, with room for `chunks`; there is one afterwards in any case.
  void OwnRoot(Heap& heap, std::uint32_t chunks);
  void RemoveFromRoot(Heap& heap, std::uint32_t index);
  void Set(std::uint32_t index, K* keys, std::uint32_t count) noexcept;

  void* root_ = nullptr;  // Chunk[], or the only chunk's keys
  std::uint32_t size_ = 0;
  std::uint32_t chunks_ = 0;
};

template <typename K>
bool SortedSet<K>::Insert(Heap& heap, K key) {
  if (size_ == 0) {
    K* const keys = heap.New<K>(1);
    keys[0] = key;
    root_ = keys;
    size_ = chunks_ = 1;
    return true;
  }
  std::uint32_t index = ChunkFor(key);
  const Chunk chunk = At(index);
  const K* const place = std::lower_bound(chunk.keys, chunk.keys + chunk.count, key);
  auto at = static_cast<std::uint32_t>(place - chunk.keys);
  if (at < chunk.count && *place == key) return false;
  if (chunks_ > 1) OwnRoot(heap, chunks_);
  if (chunk.count == kFull) {
    const bool appending = index + 1 == chunks_ && at == chunk.count;
    SplitChunk(heap, index, appending);
    if (const std::uint32_t low = At(index).count; appending || at > low) {
      at -= low;
      ++index;
    }
  }
  InsertInChunk(heap, index, at, key);
  return true;
}

template <typename K>
bool SortedSet<K>::Erase(Heap& heap, K key) {
  if (size_ == 0) return false;
  const std::uint32_t index = ChunkFor(key);
  const Chunk chunk = At(index);
  const K* const place = std::lower_bound(chunk.keys, chunk.keys + chunk.count, key);
  if (place == chunk.keys + chunk.count || *place != key) return false;
  if (size_ == 1) {
    Clear(heap);
    return true;
  }
  if (chunks_ > 1) OwnRoot(heap, chunks_);
  EraseInChunk(heap, index, static_cast<std::uint32_t>(place - chunk.keys));
  return true;
}

template <typename K>
void SortedSet<K>::Clear(Heap& heap) {
  for (std::uint32_t index = 0; index < chunks_; ++index) heap.Retire(At(index).keys);
  if (chunks_ > 1) heap.Retire(root_);
  *this = {};
}

template <typename K>
void SortedSet<K>::Set(std::uint32_t index, K* keys, std::uint32_t count) noexcept {
  if (chunks_ == 1) {
    root_ = keys;
    return;
  }
  root()[index].keys = keys;
  root()[index].count = count;
}

template <typename K>
void SortedSet<K>::InsertInChunk(Heap& heap, std::uint32_t index, std::uint32_t at, K key) {
  const Chunk chunk = At(index);
  K* keys = chunk.keys;
  const bool is_new = heap.IsNew(keys);
  if (is_new && chunk.count < Heap::Usable(keys) / sizeof(K)) {
    std::copy_backward(keys + at, keys + chunk.count, keys + chunk.count + 1);
  } else {
    // A new chunk is being filled: it grows in proportion.
    const std::uint32_t wanted =
        is_new ? std::min(kFull, chunk.count + chunk.count / 2 + 1) : chunk.count + 1;
    keys = NewChunk(heap, chunk.keys, at, wanted);
    std::copy(chunk.keys + at, chunk.keys + chunk.count, keys + at + 1);
    heap.Retire(chunk.keys);
  }
  keys[at] = key;
  Set(index, keys, chunk.count + 1);
  if (chunks_ > 1) root()[index].first = std::min(root()[index].first, key);
  ++size_;
}

template <typename K>
void SortedSet<K>::EraseInChunk(Heap& heap, std::uint32_t index, std::uint32_t at) {
  const Chunk chunk = At(index);
  --size_;
  if (chunk.count == 1) {
    heap.Retire(chunk.keys);
    RemoveFromRoot(heap, index);
    return;
  }
  K* keys = chunk.keys;
  if (heap.IsNew(keys)) {
    std::copy(keys + at + 1, keys + chunk.count, keys + at);
  } else {
    keys = NewChunk(heap, chunk.keys, at, chunk.count - 1);
    std::copy(chunk.keys + at + 1, chunk.keys + chunk.count, keys + at);
    heap.Retire(chunk.keys);
  }
  Set(index, keys, chunk.count - 1);
  if (chunks_ == 1 || chunk.count > kSparse) return;
  if (index + 1 < chunks_ && chunk.count + At(index + 1).count <= kJoined) {
    JoinWithNext(heap, index);
  } else if (index > 0 && chunk.count + At(index - 1).count <= kJoined) {
    JoinWithNext(heap, index - 1);
  }
}

// Cuts a full chunk in two; or, when keys come in order, leaves it full and begins another.
template <typename K>
void SortedSet<K>::SplitChunk(Heap& heap, std::uint32_t index, bool appending) {
  OwnRoot(heap, chunks_ + 1);
  const Chunk full = root()[index];
  const bool filling = heap.IsNew(full.keys);
  const std::uint32_t low = appending ? full.count : full.count / 2;
  const std::uint32_t high = full.count - low;
  K* const keys = NewChunk(heap, full.keys + low, high, filling ? kFull : high + 1);
  if (!filling && !appending) {
    root()[index].keys = NewChunk(heap, full.keys, low, low);
    heap.Retire(full.keys);
  }
  root()[index].count = low;
  std::copy_backward(root() + index + 1, root() + chunks_, root() + chunks_ + 1);
  // An empty chunk's first key comes with the insertion.
  root()[index + 1] = {high == 0 ? std::numeric_limits<K>::max() : *keys, high, keys};
  ++chunks_;
}

template <typename K>
void SortedSet<K>::JoinWithNext(Heap& heap, std::uint32_t index) {
  const Chunk low = root()[index];
  const Chunk high = root()[index + 1];
  const std::uint32_t count = low.count + high.count;
  K* keys = low.keys;
  if (!heap.IsNew(keys) || Heap::Usable(keys) / sizeof(K) < count) {
    keys = NewChunk(heap, low.keys, low.count, count);
    heap.Retire(low.keys);
  }
  std::copy_n(high.keys, high.count, keys + low.count);
  heap.Retire(high.keys);
  root()[index].keys = keys;
  root()[index].count = count;
  RemoveFromRoot(heap, index + 1);
}

template <typename K>
void SortedSet<K>::OwnRoot(Heap& heap, std::uint32_t chunks) {
  if (chunks_ == 1) {
    Chunk* const fresh = heap.New<Chunk>(chunks);
    fresh[0] = At(0);
    root_ = fresh;
    return;
  }
  const bool is_new = heap.IsNew(root_);
  if (is_new && chunks <= Heap::Usable(root_) / sizeof(Chunk)) return;
  Chunk* const fresh = heap.New<Chunk>(is_new ? chunks + chunks / 2 : chunks);
  std::copy_n(root(), chunks_, fresh);
  heap.Retire(root_);
  root_ = fresh;
}

template <typename K>
void SortedSet<K>::RemoveFromRoot(Heap& heap, std::uint32_t index) {
  std::copy(root() + index + 1, root() + chunks_, root() + index);
  if (--chunks_ > 1) return;
  K* const only = root()[0].keys;
  heap.Retire(root_);
  root_ = only;
}

}  // namespace assay::store
