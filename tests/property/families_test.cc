// Nothing is scanned whose scope cannot match: for every family, at sizes from 10 to 100,000.
#include "tests/support/families.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iomanip>
#include <iostream>

#include "assay/evaluator.h"
#include "assay/snapshot.h"
#include "engine/eval/authorizer.h"

namespace assay::testing {
namespace {

// What may be visited beyond the policies that the family's tests leave.
constexpr std::size_t kSlack = 16;
// The largest in release builds alone: sanitizers take minutes for it.
constexpr std::size_t kSizes[] = {10, 100, 1'000, 10'000,
#ifdef NDEBUG
                                  100'000
#endif
};

struct Seen {
  std::vector<std::uint32_t> determining, failing;
  Outcome outcome;
  std::size_t visited;
};

Seen Keep(const Decision& decision) {
  EXPECT_EQ(decision.status(), DecisionStatus::kDecided);
  Seen seen{{decision.determining().begin(), decision.determining().end()},
            {},
            decision.outcome(),
            decision.policies_visited()};
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    seen.failing.push_back(decision.error_policy(i));
  }
  return seen;
}

class Families : public ::testing::TestWithParam<Family> {};

TEST_P(Families, AreWhatTheirTextCompilesTo) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{40}}) {
    EXPECT_EQ(MakeFamilyProgram(GetParam().kind, size).Disassemble(),
              CompileFamily(GetParam().kind, size).Disassemble());
  }
}

TEST_P(Families, VisitOnlyWhatCanMatch) {
  for (const std::size_t size : kSizes) {
    const FamilyData data = MakeFamilyData(GetParam().kind, size);
    const Snapshot snapshot = Snapshot::Create(MakeFamilyProgram(GetParam().kind, size),
                                               Entities::Create(data.entities).value())
                                  .value();
    Scratch scratch;
    std::size_t most_in_scope = 0, most_hits = 0, most_visited = 0, allowed = 0;
    for (const FamilyRequest& each : data.requests) {
      BoundRequest bound;
      ASSERT_TRUE(bound.Bind(snapshot, each.request).ok());
      const Seen tree = Keep(Decide(snapshot, bound, scratch));
      const Seen scan = Keep(rt::DecideByScan(snapshot, bound, scratch));
      EXPECT_EQ(scan.visited, each.in_scope) << "the family miscounts itself";
      EXPECT_LE(tree.visited, each.in_scope + kSlack);
      EXPECT_LE(tree.visited, each.hits + kSlack);
      EXPECT_EQ(tree.outcome, scan.outcome);
      EXPECT_EQ(tree.determining, scan.determining);
      EXPECT_EQ(tree.failing, scan.failing);
      EXPECT_EQ(DecideOutcome(snapshot, bound, scratch).outcome, scan.outcome);
      most_in_scope = std::max(most_in_scope, each.in_scope);
      most_hits = std::max(most_hits, each.hits);
      most_visited = std::max(most_visited, tree.visited);
      allowed += tree.outcome == Outcome::kAllow ? 1 : 0;
    }
    EXPECT_GT(allowed, 0U);
    std::cout << std::setw(12) << GetParam().name << std::setw(9) << size
              << " policies; most in scope" << std::setw(7) << most_in_scope
              << ", with a true first condition" << std::setw(7) << most_hits << ", visited"
              << std::setw(7) << most_visited << "; " << allowed << " of " << data.requests.size()
              << " allowed\n";
  }
#ifndef NDEBUG
  std::cout << std::setw(12) << GetParam().name
            << "   100000 policies: left out, run a release build\n";
#endif
}

INSTANTIATE_TEST_SUITE_P(All, Families, ::testing::ValuesIn(kFamilies),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace assay::testing
