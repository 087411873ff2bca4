// Paged arrays against std::vector, over many versions.
#include "engine/store/paged_array.h"

#include <gtest/gtest.h>

#include "tests/unit/store/versions.h"

namespace assay::store {
namespace {

struct Item {
  std::uint64_t a = 7;
  std::uint32_t b = 8;
  bool operator==(const Item&) const = default;
};

template <unsigned kPageBits>
struct ArrayTest {
  using Handle = PagedArray<Item, kPageBits>;
  using Model = std::vector<Item>;
  std::uint32_t largest = 500;

  void Edit(Heap& heap, Handle& array, Model& model, std::mt19937_64& random) {
    if (model.empty() || random() % 8 == 0) {
      const bool by_one = random() % 2 == 0;
      const auto size = by_one ? array.size() + 1 : static_cast<std::uint32_t>(random() % largest);
      array.Resize(heap, size);
      model.resize(size);
      return;
    }
    const auto index = static_cast<std::uint32_t>(random() % model.size());
    const Item item{random(), static_cast<std::uint32_t>(random())};
    array.Edit(heap, index) = item;
    model[index] = item;
  }

  void Compare(const Handle& array, const Model& model) {
    ASSERT_EQ(array.size(), model.size());
    for (std::uint32_t i = 0; i < array.size(); ++i) ASSERT_EQ(array[i], model[i]) << i;
  }
};

TEST(PagedArray, IsAVectorInEveryVersion) {
  ArrayTest<0> single;
  RunVersions(single, 1, 150, 100);
  ArrayTest<3> small;
  RunVersions(small, 2, 400, 200);
  ArrayTest<8> large;
  large.largest = 5000;
  RunVersions(large, 3, 100, 200);
}

TEST(PagedArray, SurvivesAFailureOfEveryAllocation) {
  ArrayTest<2> test;
  RunFailures(test, 100, 60);
}

TEST(PagedArray, AnEmptyOneAllocatesNothing) {
  Heap heap;
  PagedArray<std::uint32_t, 4> array;
  array.Resize(heap, 0);
  array.Clear(heap);
  EXPECT_EQ(heap.bytes(), 0U);
}

TEST(PagedArray, AnEditOfAnOldVersionCopiesOnePageAndTheRoot) {
  Heap heap;
  PagedArray<std::uint64_t, 6> array;
  array.Resize(heap, 64 * 100);
  heap.Commit();
  const std::size_t before = heap.bytes();
  array.Edit(heap, 5) = 1;
  const std::size_t once = heap.bytes() - before;
  EXPECT_LE(once, 64 * 8 + 100 * 8 + 500U);
  array.Edit(heap, 6) = 1;
  EXPECT_EQ(heap.bytes(), before + once);
}

}  // namespace
}  // namespace assay::store
