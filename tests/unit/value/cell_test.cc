// Cells: order, equality, sorting in place, lookup.
#include "engine/value/cell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace assay::rt {
namespace {

struct Cells {
  Cell one[2] = {Cell::Long(1), Cell::Long(2)};
  Cell two[2] = {Cell::Long(1), Cell::Long(3)};
  SetRep empty{0, one}, short_set{1, one}, set{2, one}, larger_set{2, two};
  std::uint32_t names[2] = {0, 5}, later_names[2] = {0, 6};
  RecordRep no_record{0, names, one}, short_record{1, names, one}, record{2, names, one},
      larger_value{2, names, two}, larger_name{2, later_names, one};
  IpAddr ip{}, other_ip{.is_v6 = true, .bytes = {}, .prefix = 128};

  // In ascending order.
  std::vector<Cell> All() const {
    return {Cell(),
            Cell::Bool(false),
            Cell::Bool(true),
            Cell::Long(-1),
            Cell::Long(1),
            Cell::String("a"),
            Cell::String("ab"),
            Cell::String("b"),
            Cell::Entity(1),
            Cell::Entity(2),
            Cell::Set(&empty),
            Cell::Set(&short_set),
            Cell::Set(&set),
            Cell::Set(&larger_set),
            Cell::Record(&no_record),
            Cell::Record(&short_record),
            Cell::Record(&record),
            Cell::Record(&larger_value),
            Cell::Record(&larger_name),
            Cell::Number(Kind::kDatetime, 0),
            Cell::Number(Kind::kDatetime, 1),
            Cell::Number(Kind::kDecimal, 0),
            Cell::Number(Kind::kDuration, 0),
            Cell::Ip(&ip),
            Cell::Ip(&other_ip)};
  }
};

int Sign(int order) { return (order > 0) - (order < 0); }

TEST(Cell, HasOneTotalOrderThatEqualityFits) {
  const Cells a, b;  // equal content, different memory
  const std::vector<Cell> left = a.All(), right = b.All();
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < right.size(); ++j) {
      EXPECT_EQ(Sign(Compare(left[i], right[j])), (i > j) - (i < j)) << i << " and " << j;
      EXPECT_EQ(Equal(left[i], right[j]), i == j) << i << " and " << j;
    }
  }
}

TEST(Cell, FinishSortsASetAndDropsDuplicates) {
  Cell elements[] = {Cell::Long(3), Cell::String("a"), Cell::Long(1), Cell::Long(3),
                     Cell::Bool(true)};
  SetRep set{5, elements};
  Finish(&set);
  ASSERT_EQ(set.count, 4U);
  EXPECT_TRUE(std::is_sorted(set.begin(), set.end(),
                             [](const Cell& a, const Cell& b) { return Compare(a, b) < 0; }));
  EXPECT_TRUE(Contains(set, Cell::Long(3)));
  EXPECT_FALSE(Contains(set, Cell::Long(2)));
  EXPECT_FALSE(Contains(set, Cell::Number(Kind::kDuration, 3)));
}

// Small records are searched from the front, large ones by halves.
TEST(Cell, FinishSortsARecordWhoseMembersAreThenFound) {
  std::mt19937 random(1);  // NOLINT: the same order on every run
  for (std::uint32_t count = 0; count < 60; ++count) {
    std::vector<std::uint32_t> names;
    for (std::uint32_t i = 0; i < count; ++i) names.push_back(2 * i + 1);
    std::shuffle(names.begin(), names.end(), random);
    std::vector<Cell> values;
    for (const std::uint32_t name : names) values.push_back(Cell::Long(name * 10));
    RecordRep record{count, names.data(), values.data()};
    Finish(&record);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    for (std::uint32_t name = 0; name < 2 * count + 2; ++name) {
      const Cell* found = Find(record, name);
      const bool is_there = name % 2 == 1 && name < 2 * count;
      ASSERT_EQ(found != nullptr, is_there) << count << " " << name;
      if (is_there) {
        EXPECT_EQ(found->number, name * 10);
      }
    }
  }
}

}  // namespace
}  // namespace assay::rt
