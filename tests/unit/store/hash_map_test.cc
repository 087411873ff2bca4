// Hash maps against std::multimap, over many versions, with good hashes and bad ones.
#include "engine/store/hash_map.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/unit/store/versions.h"

namespace assay::store {
namespace {

// Entries in the order of their hash, and of insertion.
template <typename V>
using Entries = std::vector<std::pair<std::uint64_t, V>>;

template <typename V>
struct MapTest {
  using Handle = HashMap<V>;
  using Model = std::multimap<std::uint64_t, V>;
  std::function<std::uint64_t(std::uint64_t)> hash_of;
  std::uint64_t keys = 4000;

  void Edit(Heap& heap, Handle& map, Model& model, std::mt19937_64& random) {
    const std::uint64_t hash = hash_of(random() % keys);
    const auto value = static_cast<V>(random() % 4);
    const auto other = static_cast<V>(random() % 4);
    const auto [begin, end] = model.equal_range(hash);
    const auto found =
        std::find_if(begin, end, [value](const auto& entry) { return entry.second == value; });
    switch (random() % 5) {
      case 0: {
        ASSERT_EQ(map.Erase(heap, hash, value), found != end);
        if (found != end) model.erase(found);
        break;
      }
      case 1: {
        ASSERT_EQ(map.Replace(heap, hash, value, other), found != end);
        if (found != end) found->second = other;
        break;
      }
      default: {
        map.Insert(heap, hash, value);
        model.emplace(hash, value);
        break;
      }
    }
  }

  void Compare(const Handle& map, const Model& model) {
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.empty(), model.empty());
    Entries<V> entries;
    map.ForEach([&entries](std::uint64_t hash, V value) { entries.emplace_back(hash, value); });
    ASSERT_EQ(entries, Entries<V>(model.begin(), model.end()));
    for (auto entry = model.begin(); entry != model.end();
         entry = model.upper_bound(entry->first)) {
      const V* const found = map.Find(entry->first);
      ASSERT_NE(found, nullptr);
      ASSERT_EQ(*found, entry->second);
    }
    for (std::uint64_t key = 0; key < 100; ++key) {
      const std::uint64_t hash = hash_of(key);
      for (V value = 0; value < 5; ++value) {
        const auto [begin, end] = model.equal_range(hash);
        const bool there =
            std::any_of(begin, end, [value](const auto& entry) { return entry.second == value; });
        const V* const found = map.Find(hash, [value](V each) { return each == value; });
        ASSERT_EQ(found != nullptr, there);
      }
      if (!model.contains(hash + 1)) {
        ASSERT_EQ(map.Find(hash + 1), nullptr);
      }
    }
  }
};

TEST(HashMap, IsAMultimapInEveryVersion) {
  MapTest<std::uint32_t> test{[](std::uint64_t key) { return Mix(key); }};
  RunVersions(test, 1, 100, 300);
  test.keys = 100'000;
  RunVersions(test, 2, 60, 4000);
  MapTest<std::uint64_t> wide{[](std::uint64_t key) { return Mix(key); }};
  RunVersions(wide, 3, 100, 1000);
}

TEST(HashMap, CanBeSmall) {
  MapTest<std::uint32_t> test{[](std::uint64_t key) { return Mix(key); }, 3};
  RunVersions(test, 1, 500, 6);
  test.keys = 1;
  RunVersions(test, 2, 500, 4);
}

TEST(HashMap, AcceptsHashesThatAgreeInTheirTopBits) {
  MapTest<std::uint32_t> low{[](std::uint64_t key) { return key; }};
  RunVersions(low, 1, 60, 1500);
  MapTest<std::uint32_t> high{[](std::uint64_t key) { return UINT64_MAX - key; }};
  RunVersions(high, 2, 60, 1500);
  MapTest<std::uint32_t> skewed{[](std::uint64_t key) { return std::uint64_t{1} << key % 64; }};
  RunVersions(skewed, 3, 60, 1500);
  MapTest<std::uint32_t> mixed{
      [](std::uint64_t key) { return key % 2 == 0 ? Mix(key) : Mix(0) ^ key; }};
  RunVersions(mixed, 4, 60, 3000);
}

TEST(HashMap, AcceptsMoreEqualHashesThanAPageHas) {
  for (const std::uint64_t hash : {std::uint64_t{0}, Mix(1), UINT64_MAX}) {
    MapTest<std::uint32_t> test{
        [hash](std::uint64_t key) { return key % 8 == 0 ? Mix(key) : hash; }};
    RunVersions(test, 1, 60, 900);
  }
}

TEST(HashMap, SurvivesAFailureOfEveryAllocation) {
  MapTest<std::uint32_t> test{[](std::uint64_t key) { return Mix(key); }};
  RunFailures(test, 700, 20);
  RunFailures(test, 240, 40);  // the first split is among them
}

TEST(HashMap, AnEmptyOneAllocatesNothingAndOneEntryLittle) {
  Heap heap;
  HashMap<std::uint32_t> map;
  map.Clear(heap);
  EXPECT_EQ(map.Find(1), nullptr);
  EXPECT_FALSE(map.Erase(heap, 1, 1));
  EXPECT_FALSE(map.Replace(heap, 1, 1, 2));
  EXPECT_EQ(heap.bytes(), 0U);
  map.Insert(heap, Mix(1), 1);
  EXPECT_EQ(heap.bytes(), 32U);
  EXPECT_TRUE(map.Erase(heap, Mix(1), 1));
  EXPECT_EQ(heap.bytes(), 0U);
}

TEST(HashMap, EqualHashesDoNotBlowUpTheDirectory) {
  Heap heap;
  HashMap<std::uint32_t> map;
  for (std::uint32_t i = 0; i < 4000; ++i) map.Insert(heap, i, i);
  EXPECT_LE(heap.bytes(), 4000 * 12 * 2U);
}

TEST(HashMap, AnInsertionInAMillionCostsAPageAndTheDirectory) {
  Heap heap;
  HashMap<std::uint32_t> map;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) map.Insert(heap, Mix(i), i);
  EXPECT_LE(heap.bytes(), 1'000'000 * 24U);
  heap.Commit();
  const std::size_t before = heap.bytes();
  map.Insert(heap, Mix(1'000'000), 1'000'000);
  EXPECT_LE(heap.bytes() - before, 300'000U);
  for (std::uint32_t i = 0; i <= 1'000'000; i += 101) {
    const std::uint32_t* const found = map.Find(Mix(i));
    ASSERT_NE(found, nullptr);
    ASSERT_EQ(*found, i);
    ASSERT_EQ(map.Find(Mix(i + 2'000'000)), nullptr);
  }
}

// The free blocks of one version serve the next.
TEST(HashMap, SteadyChangeDoesNotTakeMoreMemory) {
  Heap heap;
  HashMap<std::uint32_t> map;
  for (std::uint32_t i = 0; i < 50'000; ++i) map.Insert(heap, Mix(i), i);
  heap.Commit();
  const std::size_t bytes = heap.bytes();
  const std::size_t mapped = heap.mapped_bytes();
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(map.Erase(heap, Mix(i), i));
    map.Insert(heap, Mix(i + 50'000), i + 50'000);
    heap.Commit();
    heap.Collect({});
  }
  EXPECT_EQ(map.size(), 50'000U);
  EXPECT_LE(heap.bytes(), bytes * 5 / 4);
  EXPECT_LE(heap.mapped_bytes(), mapped * 2);
}

TEST(Mix, GivesDifferentKeysDifferentHashes) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t key = 0; key < 100'000; ++key) seen.insert(Mix(key));
  EXPECT_EQ(seen.size(), 100'000U);
}

}  // namespace
}  // namespace assay::store
