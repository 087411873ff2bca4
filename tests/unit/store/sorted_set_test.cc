// Sorted sets against std::set, over many versions.
#include "engine/store/sorted_set.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/store/versions.h"

namespace assay::store {
namespace {

template <typename K>
struct SetTest {
  using Handle = SortedSet<K>;
  using Model = std::set<K>;
  std::uint64_t keys = 3000;
  std::uint64_t stride = 1;
  unsigned erasures = 4;  // of 10

  void Edit(Heap& heap, Handle& set, Model& model, std::mt19937_64& random) {
    const K key = static_cast<K>(random() % keys * stride);
    if (random() % 10 < erasures) {
      ASSERT_EQ(set.Erase(heap, key), model.erase(key) == 1);
    } else {
      ASSERT_EQ(set.Insert(heap, key), model.insert(key).second);
    }
  }

  void Compare(const Handle& set, const Model& model) {
    ASSERT_EQ(set.size(), model.size());
    ASSERT_EQ(set.empty(), model.empty());
    std::vector<K> all;
    set.ForEach([&all](K key) { all.push_back(key); });
    ASSERT_EQ(all, std::vector<K>(model.begin(), model.end()));
    std::mt19937_64 random(model.size());
    for (int i = 0; i < 50; ++i) {
      const K lo = static_cast<K>(random() % keys * stride);
      const K hi = static_cast<K>(random() % keys * stride);
      ASSERT_EQ(set.Contains(lo), model.contains(lo));
      std::vector<K> range;
      set.ForEachInRange(lo, hi, [&range](K key) { range.push_back(key); });
      const auto end = lo <= hi ? model.upper_bound(hi) : model.lower_bound(lo);
      ASSERT_EQ(range, std::vector<K>(model.lower_bound(lo), end));
    }
  }
};

TEST(SortedSet, IsASetInEveryVersion) {
  SetTest<std::uint32_t> test;
  RunVersions(test, 1, 100, 1500);
  test.keys = 20'000;
  RunVersions(test, 2, 60, 6000);
  SetTest<std::uint64_t> wide{3000, std::uint64_t{1} << 50};
  RunVersions(wide, 3, 100, 1500);
  SetTest<std::uint64_t> shrinking{6000, 1, 6};
  RunVersions(shrinking, 4, 100, 4000);
}

// Fills up and empties, again and again, from any place: chunks become sparse, and are joined.
template <typename K>
struct TidalTest : SetTest<K> {
  bool is_ebb = false;

  void Edit(Heap& heap, SortedSet<K>& set, std::set<K>& model, std::mt19937_64& random) {
    if (model.size() > 4000) is_ebb = true;
    if (model.empty()) is_ebb = false;
    const bool is_against = random() % 8 == 0;
    const K key = static_cast<K>(random() % this->keys);
    if (is_ebb == is_against) {
      ASSERT_EQ(set.Insert(heap, key), model.insert(key).second);
      return;
    }
    const auto next = model.lower_bound(key);
    if (next == model.end()) return;
    ASSERT_TRUE(set.Erase(heap, *next));
    model.erase(next);
  }
};

TEST(SortedSet, JoinsChunksThatBecomeSparse) {
  TidalTest<std::uint32_t> narrow{{20'000}};
  RunVersions(narrow, 5, 100, 6000);
  TidalTest<std::uint64_t> wide{{20'000}};
  RunVersions(wide, 6, 100, 6000);
  TidalTest<std::uint64_t> failing{{20'000}};
  RunFailures(failing, 8500, 30);
}

TEST(SortedSet, CanBeSmall) {
  SetTest<std::uint32_t> test{4};
  RunVersions(test, 1, 500, 6);
}

TEST(SortedSet, SurvivesAFailureOfEveryAllocation) {
  SetTest<std::uint64_t> test{100'000, 1, 1};
  RunFailures(test, 550, 30);  // the first split is among them
  RunFailures(test, 3000, 4);
}

TEST(SortedSet, HoldsTheLimitsOfItsType) {
  Heap heap;
  SortedSet<std::uint32_t> set;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    ASSERT_TRUE(set.Insert(heap, UINT32_MAX - i));
    ASSERT_TRUE(set.Insert(heap, i));
  }
  EXPECT_FALSE(set.Insert(heap, UINT32_MAX));
  EXPECT_TRUE(set.Contains(0));
  EXPECT_TRUE(set.Contains(UINT32_MAX));
  std::uint32_t count = 0;
  set.ForEachInRange(0, UINT32_MAX, [&count](std::uint32_t) { ++count; });
  EXPECT_EQ(count, 4000U);
}

TEST(SortedSet, StopsWhenToldTo) {
  Heap heap;
  SortedSet<std::uint32_t> set;
  for (std::uint32_t i = 0; i < 5000; ++i) set.Insert(heap, i * 2);
  std::vector<std::uint32_t> seen;
  set.ForEachInRange(1999, 9000, [&seen](std::uint32_t key) {
    seen.push_back(key);
    return seen.size() < 3;
  });
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{2000, 2002, 2004}));
}

TEST(SortedSet, KeysInOrderFillTheirChunks) {
  Heap heap;
  SortedSet<std::uint32_t> set;
  for (std::uint32_t i = 0; i < 100'000; ++i) set.Insert(heap, i);
  EXPECT_LE(heap.bytes(), 100'000 * 4 * 1.1);
}

TEST(SortedSet, OneKeyIsSmall) {
  Heap heap;
  SortedSet<std::uint32_t> set;
  EXPECT_FALSE(set.Contains(1));
  EXPECT_FALSE(set.Erase(heap, 1));
  set.Insert(heap, 1);
  EXPECT_EQ(heap.bytes(), 16U);
}

}  // namespace
}  // namespace assay::store
