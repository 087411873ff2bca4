#include "engine/store/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define ASSAY_POISONS_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASSAY_POISONS_MEMORY 1
#endif
#endif
#ifdef ASSAY_POISONS_MEMORY
#include <sanitizer/asan_interface.h>
#endif

namespace assay::store {

namespace {

constexpr std::size_t kFirstRegion = std::size_t{64} << 10;
constexpr std::size_t kLargestRegion = std::size_t{64} << 20;
// Free blocks from this size on serve again for smaller ones.
constexpr std::size_t kReusable = std::size_t{4} << 10;
// A list of so many pointers is not kept for the next batch.
constexpr std::size_t kKeptCapacity = std::size_t{1} << 16;

// With the address sanitizer, a reader of freed memory is found.
void Poison([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef ASSAY_POISONS_MEMORY
  ASAN_POISON_MEMORY_REGION(memory, bytes);
#endif
}

void Unpoison([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef ASSAY_POISONS_MEMORY
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
#endif
}

void*& NextOf(void* block) noexcept { return *static_cast<void**>(block); }

}  // namespace

// Sizes have four steps in each doubling, so at most a fifth of a block is lost.
std::size_t Heap::UnitsFor(std::size_t bytes) noexcept {
  const std::size_t units = std::max<std::size_t>(1, (bytes + kHeader + kUnit - 1) / kUnit);
  if (units <= 8) return units;
  const auto shift = static_cast<unsigned>(std::bit_width(units - 1)) - 3;
  return (((units - 1) >> shift) + 1) << shift;
}

std::size_t Heap::ClassOf(std::size_t units) noexcept {
  if (units <= 8) return units - 1;
  const auto bits = static_cast<unsigned>(std::bit_width(units - 1));  // 4 for the units 9 to 16
  const std::size_t step_in_doubling = ((units - 1) >> (bits - 3)) - 4;
  return 8 + std::size_t{bits - 4} * 4 + step_in_doubling;
}

std::size_t Heap::UsableFor(std::size_t bytes) noexcept {
  return UnitsFor(bytes) * kUnit - kHeader;
}

void Heap::Push(FreeLists& lists, void* block) noexcept {
  const std::uint64_t units = HeaderOf(block) & kUnitsMask;
  SetHeader(block, 0, units);
  FreeList& list = lists[ClassOf(units)];
  NextOf(block) = list.head;
  list.head = block;
  if (list.tail == nullptr) list.tail = block;
  Poison(block, units * kUnit - kHeader);
}

void* Heap::Pop(FreeLists& lists, std::size_t size_class) noexcept {
  FreeList& list = lists[size_class];
  void* const block = list.head;
  if (block == nullptr) return nullptr;
  Unpoison(block, Usable(block));
  list.head = NextOf(block);
  if (list.head == nullptr) list.tail = nullptr;
  return block;
}

void* Heap::Allocate(std::size_t bytes) {
  if (bytes > kMaxBlock) throw std::bad_alloc();
  const std::size_t units = UnitsFor(bytes);
  const std::size_t size = units * kUnit;
  if (units > kUnitsMask || bytes_ > limit_ || size > limit_ - bytes_) throw std::bad_alloc();
  const std::size_t size_class = ClassOf(units);
  void* block = Pop(batch_free_, size_class);
  if (block == nullptr) {
    if (building_ > 1 && born_.size() == born_.capacity()) born_.reserve(born_.size() * 2 + 16);
    block = Pop(free_, size_class);
    if (block == nullptr) block = TakeFromCursor(units);
    if (building_ > 1) born_.push_back(block);
  }
  SetHeader(block, building_, units);
  bytes_ += size;
  return block;
}

void* Heap::TakeFromCursor(std::size_t units) {
  const std::size_t size = units * kUnit;
  if (size > static_cast<std::size_t>(end_ - cursor_)) Refill(size);
  Unpoison(cursor_, size);
  void* const block = cursor_ + kHeader;
  cursor_ += size;
  return block;
}

// Lets the cursor go on in a large free block, or else in new memory from the system.
void Heap::Refill(std::size_t bytes) {
  const std::size_t wanted = std::max(bytes, kReusable);
  const std::size_t units = UnitsFor(wanted - kHeader);
  for (std::size_t index = kClasses; index-- > ClassOf(std::min(units, kUnitsMask));) {
    if (free_[index].head == nullptr) continue;
    void* const block = Pop(free_, index);
    KeepRest();
    cursor_ = static_cast<std::byte*>(block) - kHeader;
    end_ = cursor_ + SizeOf(block);
    Poison(cursor_, SizeOf(block));
    return;
  }
  const std::size_t size =
      std::max(bytes, std::clamp(std::bit_ceil(mapped_bytes_), kFirstRegion, kLargestRegion));
  regions_.reserve(regions_.size() + 1);
  const std::size_t whole = (size + 4095) / 4096 * 4096;
  void* const memory =
      mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  KeepRest();
  cursor_ = static_cast<std::byte*>(memory);
  end_ = cursor_ + whole;
  regions_.push_back({cursor_, whole});
  mapped_bytes_ += whole;
  Poison(cursor_, whole);
}

// Makes free blocks of what lies between the cursor and its end.
void Heap::KeepRest() noexcept {
  while (cursor_ != end_) {
    std::size_t units = std::min<std::size_t>(static_cast<std::size_t>(end_ - cursor_) / kUnit,
                                              std::bit_floor(kUnitsMask));
    if (units > 8) {
      const auto shift = static_cast<unsigned>(std::bit_width(units)) - 3;
      units = units >> shift << shift;
    }
    Unpoison(cursor_, kHeader + sizeof(void*));
    void* const block = cursor_ + kHeader;
    SetHeader(block, 0, units);
    Push(free_, block);
    cursor_ += units * kUnit;
  }
}

void Heap::Retire(const void* block) {
  if (block == nullptr) return;
  // The caller's view is const; the memory is the heap's.
  void* const mine = const_cast<void*>(block);
  if (!IsNew(mine)) {
    retired_.push_back({mine, building_});
    retired_bytes_ += SizeOf(mine);
    return;
  }
  bytes_ -= SizeOf(mine);
  Push(batch_free_, mine);
}

void Heap::Commit() noexcept {
  for (std::size_t index = 0; index < kClasses; ++index) {
    FreeList& from = batch_free_[index];
    if (from.head == nullptr) continue;
    FreeList& to = free_[index];
    Unpoison(from.tail, sizeof(void*));
    NextOf(from.tail) = to.head;
    Poison(from.tail, sizeof(void*));
    to.head = from.head;
    if (to.tail == nullptr) to.tail = from.tail;
    from = {};
  }
  if (born_.capacity() > kKeptCapacity) std::vector<void*>().swap(born_);
  born_.clear();
  batch_retired_ = retired_.size();
  ++building_;
}

void Heap::Abort() noexcept {
  if (building_ == 1) {
    Release();
    return;
  }
  batch_free_ = {};  // they are in born_, too
  for (void* block : born_) {
    if (BirthOf(block) == building_) bytes_ -= SizeOf(block);
    Unpoison(block, sizeof(void*));
    Push(free_, block);
  }
  born_.clear();
  while (retired_.size() > batch_retired_) {
    retired_bytes_ -= SizeOf(retired_.back().block);
    retired_.pop_back();
  }
}

void Heap::Free(void* block) noexcept {
  bytes_ -= SizeOf(block);
  retired_bytes_ -= SizeOf(block);
  Push(free_, block);
}

// Frees the block, or notes it under the newest pinned version that contains it: the older readers
// are the first to leave, and then need not look at it.
void Heap::Place(const Retired& retired, std::span<const std::uint64_t> pinned) {
  const auto after = std::lower_bound(pinned.begin(), pinned.end(), retired.version);
  if (after == pinned.begin() || *(after - 1) < BirthOf(retired.block)) {
    Free(retired.block);
    return;
  }
  homes_[*(after - 1)].push_back(retired);
}

void Heap::Collect(std::span<const std::uint64_t> pinned) noexcept {
  std::size_t done = 0;
  try {
    for (auto home = homes_.begin(); home != homes_.end();) {
      if (std::binary_search(pinned.begin(), pinned.end(), home->first)) {
        ++home;
        continue;
      }
      for (std::vector<Retired>& blocks = home->second; !blocks.empty(); blocks.pop_back()) {
        Place(blocks.back(), pinned);
      }
      home = homes_.erase(home);
    }
    for (; done < batch_retired_; ++done) Place(retired_[done], pinned);
  } catch (const std::bad_alloc&) {
    // There is no memory to note a block that is still read: the rest waits for the next call.
  }
  retired_.erase(retired_.begin(), retired_.begin() + static_cast<std::ptrdiff_t>(done));
  batch_retired_ -= done;
}

bool Heap::Protect(bool read_only) noexcept {
  const int access = read_only ? PROT_READ : PROT_READ | PROT_WRITE;
  return std::all_of(regions_.begin(), regions_.end(), [access](const Region& region) {
    return mprotect(region.begin, region.size, access) == 0;
  });
}

void Heap::Release() noexcept {
  for (const Region& region : regions_) {
    Unpoison(region.begin, region.size);
    munmap(region.begin, region.size);
  }
  regions_.clear();
  cursor_ = end_ = nullptr;
  free_ = {};
  batch_free_ = {};
  born_.clear();
  retired_.clear();
  homes_.clear();
  batch_retired_ = bytes_ = retired_bytes_ = mapped_bytes_ = 0;
}

}  // namespace assay::store
