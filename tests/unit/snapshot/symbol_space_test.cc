// Numbers of names over many versions: kept while used, given out again, the same in old handles.
#include "engine/snapshot/symbol_space.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace assay::rt {
namespace {

TEST(SymbolSpace, ANameKeepsItsNumberUntilItsLastUseIsReleased) {
  store::Heap heap;
  SymbolSpace names;
  EXPECT_EQ(names.Find(0, "a"), kNoSymbol);
  const auto a = names.Acquire(heap, 0, "a");
  EXPECT_TRUE(a.is_new);
  const auto again = names.Acquire(heap, 0, std::string("a"));
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.number, a.number);
  names.Acquire(heap, a.number);
  EXPECT_FALSE(names.Release(heap, a.number));
  EXPECT_FALSE(names.Release(heap, a.number));
  EXPECT_EQ(names.Find(0, "a"), a.number);
  EXPECT_TRUE(names.Release(heap, a.number));
  EXPECT_EQ(names.Find(0, "a"), kNoSymbol);
  EXPECT_EQ(names.count(), 0U);
}

TEST(SymbolSpace, TheQualifierAndTheEmptyTextArePartsOfTheName) {
  store::Heap heap;
  SymbolSpace names;
  const std::uint32_t plain = names.Acquire(heap, 0, "a").number;
  const std::uint32_t qualified = names.Acquire(heap, 7, "a").number;
  const std::uint32_t empty = names.Acquire(heap, 7, "").number;
  EXPECT_NE(plain, qualified);
  EXPECT_EQ(names.Find(7, "a"), qualified);
  EXPECT_EQ(names.Find(7, ""), empty);
  EXPECT_EQ(names.Find(0, ""), kNoSymbol);
  EXPECT_EQ(names.text(empty), "");
  EXPECT_EQ(names.qualifier(qualified), 7U);
  EXPECT_EQ(names.count(), 3U);
}

TEST(SymbolSpace, FreeNumbersAreGivenOutAgainLastFirst) {
  store::Heap heap;
  SymbolSpace names;
  for (const char* text : {"a", "b", "c", "d"}) names.Acquire(heap, 0, text);
  names.Release(heap, 1);
  names.Release(heap, 2);
  EXPECT_EQ(names.size(), 4U);
  EXPECT_EQ(names.count(), 2U);
  EXPECT_EQ(names.Acquire(heap, 0, "e").number, 2U);
  EXPECT_EQ(names.Acquire(heap, 0, "f").number, 1U);
  EXPECT_EQ(names.Acquire(heap, 0, "g").number, 4U);
  EXPECT_EQ(names.text(1), "f");
  EXPECT_EQ(names.text(2), "e");
}

TEST(SymbolSpace, OldHandlesStayAsTheyWere) {
  store::Heap heap;
  SymbolSpace names;
  for (int i = 0; i < 300; ++i) names.Acquire(heap, 0, "old" + std::to_string(i));
  heap.Commit();
  const SymbolSpace before = names;
  for (std::uint32_t i = 0; i < 300; ++i) EXPECT_TRUE(names.Release(heap, i));
  for (int i = 0; i < 300; ++i) names.Acquire(heap, 0, "new" + std::to_string(i));
  heap.Commit();
  const std::vector<std::uint64_t> pinned{1};
  heap.Collect(pinned);
  for (std::uint32_t i = 0; i < 300; ++i) {
    EXPECT_EQ(before.Find(0, "old" + std::to_string(i)), i);
    EXPECT_EQ(before.text(i), "old" + std::to_string(i));
    EXPECT_EQ(before.Find(0, "new" + std::to_string(i)), kNoSymbol);
    EXPECT_EQ(names.Find(0, "old" + std::to_string(i)), kNoSymbol);
  }
  EXPECT_EQ(names.size(), 300U);
}

// Against a map of counts.
TEST(SymbolSpace, RandomUses) {
  std::mt19937_64 random(1);
  store::Heap heap;
  SymbolSpace names;
  std::map<std::string, std::pair<std::uint32_t, int>> model;  // number and uses
  std::uint32_t most = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::string text = "n" + std::to_string(random() % 200);
    const auto found = model.find(text);
    ASSERT_EQ(names.Find(3, text), found == model.end() ? kNoSymbol : found->second.first);
    if (random() % 2 == 0) {
      const auto [number, is_new] = names.Acquire(heap, 3, text);
      ASSERT_EQ(is_new, found == model.end());
      auto& entry = model.try_emplace(text, number, 0).first->second;
      ASSERT_EQ(entry.first, number);
      ++entry.second;
    } else if (found != model.end()) {
      const bool last = --found->second.second == 0;
      ASSERT_EQ(names.Release(heap, found->second.first), last);
      if (last) model.erase(found);
    }
    most = std::max(most, static_cast<std::uint32_t>(model.size()));
    ASSERT_EQ(names.count(), model.size());
    if (step % 50 == 0) {
      heap.Commit();
      heap.Collect({});
    }
  }
  EXPECT_EQ(names.size(), most);
}

}  // namespace
}  // namespace assay::rt
