// The table of refusals: names that ledgers and callers may rely on.
#include "assay/mint/refusal.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>

namespace assay::mint {
namespace {

constexpr RefusalId kAll[] = {
#define REFUSAL(Name, name, text) RefusalId::Name,
#include "assay/mint/refusals.def"
#undef REFUSAL
};

TEST(Refusals, HaveDistinctNamesInSnakeCase) {
  std::set<std::string_view> names;
  for (const RefusalId id : kAll) {
    const std::string_view name = RefusalName(id);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    })) << name;
  }
}

TEST(Refusals, HaveTextsForPeople) {
  for (const RefusalId id : kAll) {
    const std::string_view text = RefusalText(id);
    EXPECT_FALSE(text.empty()) << RefusalName(id);
    EXPECT_NE(text.back(), '.') << text;
  }
}

}  // namespace
}  // namespace assay::mint
