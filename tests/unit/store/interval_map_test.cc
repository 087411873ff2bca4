// Interval maps against a plain set, over many versions.
#include "engine/store/interval_map.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "tests/unit/store/versions.h"

namespace assay::store {
namespace {

using Item = std::tuple<std::int64_t, std::int64_t, std::uint32_t>;

struct IntervalTest {
  using Handle = IntervalMap;
  using Model = std::set<Item>;
  std::int64_t range = 100;

  std::int64_t Number(std::mt19937_64& random) const {
    const auto pick = random() % 20;
    if (pick == 0) return INT64_MIN;
    if (pick == 1) return INT64_MAX;
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * range)) - range;
  }

  void Edit(Heap& heap, Handle& map, Model& model, std::mt19937_64& random) {
    std::int64_t lo = Number(random);
    std::int64_t hi = Number(random);
    auto value = static_cast<std::uint32_t>(random() % 3);
    if (random() % 2 == 0 && !model.empty()) {  // one that is there, likely
      const auto near = model.lower_bound({lo, hi, value});
      std::tie(lo, hi, value) = near == model.end() ? *model.begin() : *near;
    }
    if (random() % 5 < 2) {
      ASSERT_EQ(map.Erase(heap, lo, hi, value), model.erase({lo, hi, value}) == 1);
    } else {
      ASSERT_EQ(map.Insert(heap, lo, hi, value), model.emplace(lo, hi, value).second);
    }
  }

  void Compare(const Handle& map, const Model& model) {
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.empty(), model.empty());
    std::vector<Item> all;
    map.ForEach([&all](std::int64_t lo, std::int64_t hi, std::uint32_t value) {
      all.emplace_back(lo, hi, value);
    });
    ASSERT_EQ(all, std::vector<Item>(model.begin(), model.end()));
    std::mt19937_64 random(model.size());
    for (int i = 0; i < 30; ++i) {
      const std::int64_t x = Number(random);
      std::vector<std::uint32_t> expected;
      for (const auto& [lo, hi, value] : model) {
        if (lo <= x && x <= hi) expected.push_back(value);
      }
      std::vector<std::uint32_t> values;
      map.Stab(x, [&values](std::uint32_t value) { values.push_back(value); });
      ASSERT_EQ(values, expected) << x;
    }
  }
};

TEST(IntervalMap, IsASetOfIntervalsInEveryVersion) {
  IntervalTest test;
  RunVersions(test, 1, 150, 400);
  test.range = 3;
  RunVersions(test, 2, 300, 30);
  test.range = 1'000'000;
  RunVersions(test, 3, 60, 1500);
}

TEST(IntervalMap, SurvivesAFailureOfEveryAllocation) {
  IntervalTest test;
  test.range = 10'000;
  RunFailures(test, 500, 12);
}

// Sorted insertion is the worst order for a tree that does not balance itself.
TEST(IntervalMap, StaysFlat) {
  Heap heap;
  IntervalMap map;
  constexpr std::uint32_t kCount = 200'000;
  for (std::uint32_t i = 0; i < kCount; ++i) ASSERT_TRUE(map.Insert(heap, i, i + 2, i));
  heap.Commit();
  const std::size_t before = heap.bytes();
  ASSERT_TRUE(map.Insert(heap, 77, 78, 0));
  EXPECT_LE(heap.bytes() - before, 64 * 28U);  // a path
  for (std::uint32_t x = 2; x < kCount; x += 997) {
    std::vector<std::uint32_t> values;
    map.Stab(x, [&values](std::uint32_t value) { values.push_back(value); });
    ASSERT_EQ(values, (std::vector<std::uint32_t>{x - 2, x - 1, x}));
  }
}

}  // namespace
}  // namespace assay::store
