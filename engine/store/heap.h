// Memory for persistent containers: blocks know the version they were born in, are never changed
// once that version is published, and are freed when no reader can reach them any more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace assay::store {

// One writer builds version after version; readers of published versions touch the blocks only,
// never the heap. Not thread-safe: all members belong to the writer, the static ones included.
//
// An edit that throws std::bad_alloc may have done a part of its work. The batch is then lost: call
// Abort() and go on from the handles of the last committed version.
class Heap {
 public:
  // `limit_bytes` bounds bytes(); an allocation that would exceed it throws.
  explicit Heap(std::size_t limit_bytes = SIZE_MAX) noexcept : limit_(limit_bytes) {}
  ~Heap() { Release(); }
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  void SetLimit(std::size_t limit_bytes) noexcept { limit_ = limit_bytes; }

  // The version under construction; the first is 1.
  std::uint64_t building() const noexcept { return building_; }

  // Uninitialised memory, aligned to 8 bytes, born in building(). Throws std::bad_alloc when the
  // system has none, over the limit, and for blocks of 256 MiB and more.
  void* Allocate(std::size_t bytes);

  // Uninitialised memory for `count` objects.
  template <typename T>
  T* New(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    static_assert(alignof(T) <= 8);
    // NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer.
    constexpr std::size_t kSize = sizeof(T);
    if (count > kMaxBlock / kSize) throw std::bad_alloc();
    return static_cast<T*>(Allocate(count * kSize));
  }

  // Whether the block was born in the version under construction, so that no reader knows it and it
  // may be changed in place.
  bool IsNew(const void* block) const noexcept { return BirthOf(block) == building_; }

  // The version under construction does without the block. A new one can be allocated again at
  // once; an older one stays until Collect() sees that nobody can read it. nullptr is ignored.
  void Retire(const void* block);

  // The bytes that may be used at `block`: at least as many as were asked for.
  static std::size_t Usable(const void* block) noexcept {
    return static_cast<std::size_t>(HeaderOf(block) & kUnitsMask) * kUnit - kHeader;
  }
  // The bytes that an allocation of `bytes` can use, for containers that fill their blocks.
  static std::size_t UsableFor(std::size_t bytes) noexcept;

  // Publishes what was built: it is immutable from now on, and a new version begins.
  void Commit() noexcept;

  // Frees all blocks of the version under construction and takes its retirements back.
  void Abort() noexcept;

  // Frees the retired blocks that no version in `pinned` (sorted; those that readers may still
  // read) contains. The newest committed version need not be listed. A reader that stays at one
  // version keeps the blocks of that version and none of those born and retired since. Time is in
  // proportion to the blocks retired since the last call and those whose pin has gone.
  void Collect(std::span<const std::uint64_t> pinned) noexcept;

  // Bytes of the blocks in use, with their headers: those of the newest version, of the one under
  // construction, and the retired ones.
  std::size_t bytes() const noexcept { return bytes_; }
  std::size_t retired_bytes() const noexcept { return retired_bytes_; }
  // Bytes of address space taken from the system.
  std::size_t mapped_bytes() const noexcept { return mapped_bytes_; }

  // Makes the memory of all blocks read-only, or writable again: a test shows that way that nothing
  // writes. False when the system refuses.
  bool Protect(bool read_only) noexcept;

 private:
  // Before each block: the birth version in 40 bits (0 when free), its size in units in 24 bits.
  static constexpr std::size_t kHeader = 8;
  static constexpr std::size_t kUnit = 16;
  static constexpr unsigned kUnitsBits = 24;
  static constexpr std::uint64_t kUnitsMask = (std::uint64_t{1} << kUnitsBits) - 1;
  static constexpr std::size_t kMaxBlock = kUnitsMask * kUnit - kHeader;
  static constexpr std::size_t kClasses = 92;

  struct Region {
    std::byte* begin = nullptr;
    std::size_t size = 0;
  };
  // Free blocks of one size, linked through their first word. The tail serves to join lists.
  struct FreeList {
    void* head = nullptr;
    void* tail = nullptr;
  };
  using FreeLists = std::array<FreeList, kClasses>;
  struct Retired {
    void* block;
    std::uint64_t version;  // the first without the block
  };

  static std::uint64_t HeaderOf(const void* block) noexcept {
    // The analyzer assumes that a level of a tree may be missing.
    return *(static_cast<const std::uint64_t*>(block) - 1);  // NOLINT(clang-analyzer-core.*)
  }
  static std::uint64_t BirthOf(const void* block) noexcept { return HeaderOf(block) >> kUnitsBits; }
  static std::size_t SizeOf(const void* block) noexcept { return Usable(block) + kHeader; }
  static void SetHeader(void* block, std::uint64_t birth, std::uint64_t units) noexcept {
    *(static_cast<std::uint64_t*>(block) - 1) = birth << kUnitsBits | units;
  }
  static std::size_t UnitsFor(std::size_t bytes) noexcept;
  static std::size_t ClassOf(std::size_t units) noexcept;
  static void Push(FreeLists& lists, void* block) noexcept;
  static void* Pop(FreeLists& lists, std::size_t size_class) noexcept;

  void* TakeFromCursor(std::size_t units);
  void Refill(std::size_t bytes);
  void KeepRest() noexcept;
  void Free(void* block) noexcept;
  void Place(const Retired& retired, std::span<const std::uint64_t> pinned);
  void Release() noexcept;

  std::size_t limit_;
  std::uint64_t building_ = 1;
  std::size_t bytes_ = 0;
  std::size_t retired_bytes_ = 0;
  std::size_t mapped_bytes_ = 0;
  std::vector<Region> regions_;
  std::byte* cursor_ = nullptr;  // memory that has never been a block, up to end_
  std::byte* end_ = nullptr;
  FreeLists free_;
  FreeLists batch_free_;           // of blocks in born_
  std::vector<void*> born_;        // in this batch; not kept in version 1, whose abort releases all
  std::vector<Retired> retired_;   // not yet looked at by Collect()
  std::size_t batch_retired_ = 0;  // from here on, they were retired in this batch
  std::map<std::uint64_t, std::vector<Retired>> homes_;  // by a pinned version that contains them
};

}  // namespace assay::store
