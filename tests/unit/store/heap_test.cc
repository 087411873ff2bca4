// The heap of persistent containers: versions, abort, collection, limits, protection.
#include "engine/store/heap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <set>

namespace assay::store {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

TEST(Heap, GivesOutAlignedMemoryThatDoesNotOverlap) {
  Heap heap;
  std::vector<std::pair<unsigned char*, std::size_t>> given;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::size_t bytes = i * i % 5000;
    auto* const memory = static_cast<unsigned char*>(heap.Allocate(bytes));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 8, 0U);
    EXPECT_GE(Heap::Usable(memory), bytes);
    EXPECT_LE(Heap::Usable(memory), std::max<std::size_t>(24, bytes + bytes / 4 + 16));
    EXPECT_EQ(Heap::Usable(memory), Heap::UsableFor(bytes));
    std::memset(memory, static_cast<int>(i % 251), Heap::Usable(memory));
    given.emplace_back(memory, Heap::Usable(memory));
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto [memory, bytes] = given[i];
    EXPECT_TRUE(std::all_of(memory, memory + bytes, [i](unsigned c) { return c == i % 251; }));
  }
}

TEST(Heap, BlocksAreNewUntilTheCommit) {
  Heap heap;
  EXPECT_EQ(heap.building(), 1U);
  const int* const first = heap.New<int>(1);
  EXPECT_TRUE(heap.IsNew(first));
  heap.Commit();
  EXPECT_EQ(heap.building(), 2U);
  EXPECT_FALSE(heap.IsNew(first));
  EXPECT_TRUE(heap.IsNew(heap.New<int>(1)));
}

TEST(Heap, ReusesANewBlockInItsBatch) {
  Heap heap;
  for (int version = 0; version < 3; ++version) {
    const std::size_t before = heap.bytes();
    void* const block = heap.Allocate(100);
    heap.Retire(block);
    EXPECT_EQ(heap.bytes(), before);
    EXPECT_EQ(heap.Allocate(100), block);
    heap.Commit();
  }
  heap.Retire(nullptr);
  EXPECT_EQ(heap.retired_bytes(), 0U);
}

TEST(Heap, AbortForgetsTheBatch) {
  Heap heap;
  auto* const kept = heap.New<std::uint64_t>(1);
  *kept = 42;
  heap.Commit();
  const std::size_t before = heap.bytes();

  std::set<void*> born;
  for (int i = 0; i < 100; ++i) {
    void* const block = heap.Allocate(64);
    born.insert(block);
    if (i % 3 == 0) heap.Retire(block);
  }
  heap.Retire(kept);
  EXPECT_GT(heap.retired_bytes(), 0U);
  heap.Abort();
  EXPECT_EQ(heap.bytes(), before);
  EXPECT_EQ(heap.retired_bytes(), 0U);
  EXPECT_EQ(heap.building(), 2U);
  EXPECT_EQ(*kept, 42U);
  // The memory is there for the next batch, each block once.
  const std::size_t mapped = heap.mapped_bytes();
  std::set<void*> again;
  for (std::size_t i = 0; i < born.size(); ++i) again.insert(heap.Allocate(64));
  EXPECT_EQ(again, born);
  EXPECT_EQ(heap.mapped_bytes(), mapped);
}

TEST(Heap, AbortOfTheFirstVersionReleasesEverything) {
  Heap heap;
  for (int i = 0; i < 100; ++i) heap.Retire(heap.Allocate(5000));
  (void)heap.Allocate(kMiB);
  heap.Abort();
  EXPECT_EQ(heap.bytes(), 0U);
  EXPECT_EQ(heap.mapped_bytes(), 0U);
  EXPECT_NE(heap.Allocate(8), nullptr);
}

TEST(Heap, ThrowsAtItsLimitAndChangesNothing) {
  Heap heap(1000);
  (void)heap.Allocate(500);
  const std::size_t before = heap.bytes();
  EXPECT_THROW((void)heap.Allocate(500), std::bad_alloc);
  EXPECT_EQ(heap.bytes(), before);
  EXPECT_NE(heap.Allocate(300), nullptr);
  EXPECT_LE(heap.bytes(), 1000U);
}

TEST(Heap, RefusesBlocksThatTheHeaderCannotDescribe) {
  Heap heap;
  EXPECT_THROW((void)heap.Allocate(256 * kMiB), std::bad_alloc);
  EXPECT_THROW((void)heap.Allocate(SIZE_MAX), std::bad_alloc);
  EXPECT_THROW((void)heap.New<std::uint64_t>(SIZE_MAX / 4), std::bad_alloc);
  EXPECT_EQ(heap.bytes(), 0U);
}

// One version a block: block i lives in the versions from i + 1 to i + 1.
TEST(Heap, CollectFreesWhatNoPinnedVersionContains) {
  Heap heap;
  std::vector<std::uint64_t*> blocks;
  for (std::uint64_t i = 0; i < 10; ++i) {
    blocks.push_back(heap.New<std::uint64_t>(1));
    *blocks.back() = i;
    if (i > 0) heap.Retire(blocks[i - 1]);
    heap.Commit();
  }
  const std::size_t one = heap.bytes() / 10;
  EXPECT_EQ(heap.retired_bytes(), 9 * one);
  heap.Collect(std::vector<std::uint64_t>{3, 7});
  EXPECT_EQ(heap.bytes(), 3 * one);  // those of versions 3, 7 and the newest
  EXPECT_EQ(*blocks[2], 2U);
  EXPECT_EQ(*blocks[6], 6U);
  heap.Collect(std::vector<std::uint64_t>{7});
  EXPECT_EQ(heap.bytes(), 2 * one);
  heap.Collect({});
  EXPECT_EQ(heap.bytes(), one);
  EXPECT_EQ(heap.retired_bytes(), 0U);
  EXPECT_EQ(*blocks[9], 9U);
}

TEST(Heap, CollectLeavesTheBatchAlone) {
  Heap heap;
  auto* const block = heap.New<std::uint64_t>(1);
  *block = 42;
  heap.Commit();
  heap.Retire(block);
  heap.Collect({});
  EXPECT_EQ(*block, 42U);
  heap.Abort();
  heap.Collect({});
  EXPECT_EQ(*block, 42U);
  EXPECT_EQ(heap.retired_bytes(), 0U);
}

// A model that knows for each block from when to when it lived.
TEST(Heap, CollectKeepsExactlyThePinnedIntervals) {
  struct Block {
    std::uint64_t* memory;
    std::uint64_t birth, retired, content;
    std::size_t size;
  };
  std::mt19937_64 random(1);
  Heap heap;
  std::vector<Block> blocks;
  std::set<std::uint64_t> pinned;
  for (int step = 0; step < 3000; ++step) {
    const std::size_t words = random() % 60 + 1;
    auto* const memory = heap.New<std::uint64_t>(words);
    const std::uint64_t content = random();
    std::fill_n(memory, words, content);
    blocks.push_back({memory, heap.building(), UINT64_MAX, content, Heap::Usable(memory) + 8});
    for (int i = 0; i < 2; ++i) {
      Block& victim = blocks[random() % blocks.size()];
      if (victim.retired != UINT64_MAX || victim.birth == heap.building()) continue;
      heap.Retire(victim.memory);
      victim.retired = heap.building();
    }
    if (random() % 3 == 0) heap.Commit();
    if (random() % 7 == 0) pinned.insert(heap.building() - 1);
    if (!pinned.empty() && random() % 8 == 0) {
      pinned.erase(std::next(pinned.begin(), static_cast<long>(random() % pinned.size())));
    }
    if (random() % 4 != 0) continue;
    heap.Collect(std::vector<std::uint64_t>(pinned.begin(), pinned.end()));
    std::size_t expected = 0;
    std::erase_if(blocks, [&](const Block& block) {
      const auto pin = pinned.lower_bound(block.birth);
      const bool kept =
          block.retired >= heap.building() || (pin != pinned.end() && *pin < block.retired);
      if (kept) {
        EXPECT_EQ(*block.memory, block.content);
        expected += block.size;
      }
      return !kept;
    });
    ASSERT_EQ(heap.bytes(), expected);
  }
}

TEST(Heap, LargeFreeBlocksServeForSmallOnes) {
  Heap heap;
  void* const large = heap.Allocate(kMiB);
  heap.Commit();
  heap.Retire(large);
  heap.Commit();
  heap.Collect({});
  const std::size_t mapped = heap.mapped_bytes();
  for (std::size_t i = 0; i < kMiB / 64; ++i) (void)heap.Allocate(56);
  EXPECT_EQ(heap.mapped_bytes(), mapped);
}

TEST(HeapDeathTest, ProtectedMemoryCannotBeWritten) {
  Heap heap;
  auto* const block = heap.New<std::uint64_t>(1);
  *block = 1;
  ASSERT_TRUE(heap.Protect(true));
  EXPECT_EQ(*block, 1U);
  EXPECT_DEATH(*const_cast<volatile std::uint64_t*>(block) = 2, "");
  ASSERT_TRUE(heap.Protect(false));
  *block = 3;
  EXPECT_EQ(*block, 3U);
}

}  // namespace
}  // namespace assay::store
