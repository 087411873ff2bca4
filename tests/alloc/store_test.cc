// The heap of the store keeps its books with operator new: wherever that fails, nothing is lost.
#include <gtest/gtest.h>

#include "engine/store/hash_map.h"
#include "tests/alloc/counter.h"

namespace assay::store {
namespace {

TEST(StoreAllocation, AFailedEditIsAborted) {
  for (std::uint64_t n = 1;; ++n) {
    Heap heap;
    HashMap<std::uint32_t> map;
    for (std::uint32_t i = 0; i < 1000; ++i) map.Insert(heap, Mix(i), i);
    heap.Commit();
    const std::size_t bytes = heap.bytes();
    HashMap<std::uint32_t> edited = map;
    testing::FailAllocation(n);
    bool failed = false;
    try {
      for (std::uint32_t i = 0; i < 1000; ++i) edited.Replace(heap, Mix(i), i, i + 1);
      for (std::uint32_t i = 0; i < 300; ++i) edited.Insert(heap, Mix(i + 5000), i);
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    testing::FailAllocation(0);
    heap.Abort();
    ASSERT_EQ(heap.bytes(), bytes);
    ASSERT_EQ(heap.retired_bytes(), 0U);
    ASSERT_EQ(map.size(), 1000U);
    for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(*map.Find(Mix(i)), i);
    if (!failed) {
      EXPECT_GT(n, 3U);
      return;
    }
  }
}

// What Collect() cannot note for want of memory stays for the next call.
TEST(StoreAllocation, AFailedCollectionIsMadeUpFor) {
  for (std::uint64_t n = 1;; ++n) {
    Heap heap;
    std::vector<std::uint64_t*> blocks;
    for (std::uint64_t i = 0; i < 40; ++i) {  // block i is in the versions i + 1 and i + 2
      blocks.push_back(heap.New<std::uint64_t>(1));
      *blocks.back() = i;
      if (i > 1) heap.Retire(blocks[i - 2]);
      heap.Commit();
    }
    const std::size_t one = heap.bytes() / 40;
    const std::vector<std::uint64_t> pinned{3, 4, 9, 20};
    const std::vector<std::uint64_t> fewer{3, 9, 20};
    testing::FailAllocation(n);
    heap.Collect(pinned);
    heap.Collect(fewer);
    testing::FailAllocation(0);
    for (const std::uint64_t i : {1, 2, 7, 8, 18, 19, 38, 39}) ASSERT_EQ(*blocks[i], i);
    heap.Collect(std::vector<std::uint64_t>{3, 20});
    ASSERT_EQ(heap.bytes(), 6 * one);
    heap.Collect({});
    ASSERT_EQ(heap.bytes(), 2 * one);
    ASSERT_EQ(heap.retired_bytes(), 0U);
    if (!testing::AllocationFailed()) {
      EXPECT_GT(n, 3U);
      return;
    }
  }
}

}  // namespace
}  // namespace assay::store
