// What a sink keeps of decisions, and what it does when there is no place.
#include "assay/sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/compile.h"

namespace assay {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Snapshot MakeSnapshot(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddCedar(sources, sources.Add("p", text), &diagnostics))
      << diagnostics.Render(sources);
  return Snapshot::Create(set.Compile().value(), Entities()).value();
}

struct World {
  explicit World(const std::string& text) : snapshot(MakeSnapshot(text)) {
    const Request request = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {}};
    EXPECT_TRUE(bound.Bind(snapshot, request).ok());
  }
  Snapshot snapshot;
  BoundRequest bound;
  Scratch scratch;
};

TEST(Sink, KeepsWhatWasDecidedAndWhy) {
  World world(
      "@id(\"one\") permit(principal, action, resource);"
      "@id(\"two\") permit(principal, action, resource);"
      "@id(\"fails\") forbid(principal, action, resource) when { context.none };"
      "permit(principal == User::\"other\", action, resource);");
  DecisionSink sink = DecisionSink::Create(4).value();
  EXPECT_FALSE(sink.Take());
  const Decision decision = sink.Decide(world.snapshot, world.bound, world.scratch);
  EXPECT_TRUE(decision.is_allow());
  const auto record = sink.Take();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->id, 1U);
  EXPECT_EQ(record->policy_digest, world.snapshot.policy_digest());
  EXPECT_EQ(record->outcome, Outcome::kAllow);
  EXPECT_EQ(record->status, DecisionStatus::kDecided);
  EXPECT_THAT(record->reasons, ElementsAre("one", "two"));
  EXPECT_THAT(record->errors, ElementsAre("fails"));
  EXPECT_EQ(record->reason_count, 2U);
  EXPECT_EQ(record->error_count, 1U);
  EXPECT_EQ(record->policies_visited, decision.policies_visited());
  EXPECT_GT(record->latency.count(), 0);
  EXPECT_FALSE(sink.Take());
}

TEST(Sink, CountsWhatItHasNoPlaceFor) {
  World world("permit(principal, action, resource);");
  DecisionSink sink = DecisionSink::Create(3).value();  // four places
  for (int i = 0; i < 6; ++i) {
    EXPECT_TRUE(sink.Decide(world.snapshot, world.bound, world.scratch).is_allow());
  }
  EXPECT_EQ(sink.dropped(), 2U);
  for (std::uint64_t id = 1; id <= 4; ++id) EXPECT_EQ(sink.Take()->id, id);
  EXPECT_FALSE(sink.Take());
  sink.Decide(world.snapshot, world.bound, world.scratch);
  EXPECT_EQ(sink.Take()->id, 7U);
  EXPECT_EQ(sink.dropped(), 2U);
}

TEST(Sink, LeavesOutIdsThatDoNotFitAndSaysHowManyThereAre) {
  const std::string name(250, 'a');
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += "@id(\"" + name + std::to_string(i) + "\") permit(principal, action, resource);";
  }
  text += "@id(\"e\") permit(principal, action, resource) when { context.none };";
  World world(text);
  DecisionSink sink = DecisionSink::Create(1).value();
  sink.Decide(world.snapshot, world.bound, world.scratch);
  const auto record = sink.Take();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->reasons.size(), 3U);
  EXPECT_EQ(record->reasons.back(), name + "2");
  EXPECT_EQ(record->reason_count, 5U);
  EXPECT_THAT(record->errors, IsEmpty());
  EXPECT_EQ(record->error_count, 1U);
}

TEST(Sink, KeepsThatNothingWasDecided) {
  World world("permit(principal, action, resource);");
  const Snapshot other = MakeSnapshot("permit(principal, action, resource);");
  DecisionSink sink = DecisionSink::Create(2).value();
  EXPECT_FALSE(sink.Decide(other, world.bound, world.scratch).is_allow());
  const auto record = sink.Take();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->outcome, Outcome::kDeny);
  EXPECT_EQ(record->status, DecisionStatus::kOtherSnapshot);
  EXPECT_EQ(record->policy_digest, decltype(record->policy_digest){});
}

TEST(Sink, HasALimit) {
  EXPECT_FALSE(DecisionSink::Create(DecisionSink::kMostPlaces + 1).ok());
  EXPECT_TRUE(DecisionSink::Create(0).ok());
}

}  // namespace
}  // namespace assay
