// Traces of random decisions: whatever the policies are, they tell what Decide answered.
#include "assay/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/property/harness.h"
#include "tests/support/world_draw.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

constexpr std::uint64_t kWorlds = 150;
constexpr WorldSize kSize = {40, 10};

// What a decision says of single policies.
std::map<std::uint32_t, std::string> Errors(const Decision& decision) {
  std::map<std::uint32_t, std::string> errors;
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    errors[decision.error_policy(i)] = decision.error_text(i);
  }
  return errors;
}

void CheckRun(const PolicyTrace& run, const Decision& decision, bool was_visited) {
  const auto errors = Errors(decision);
  const auto error = errors.find(run.policy);
  const bool failed = run.scope.all() && run.verdict == PolicyVerdict::kFailed;
  EXPECT_EQ(failed, error != errors.end());
  if (failed) {
    EXPECT_EQ(run.error, error->second);
  }
  const bool satisfied = run.scope.all() && run.verdict == PolicyVerdict::kSatisfied;
  const auto determining = decision.determining();
  const bool determines =
      std::find(determining.begin(), determining.end(), run.policy) != determining.end();
  if (determines) {
    EXPECT_TRUE(satisfied);
  }
  if (satisfied && run.is_forbid) {
    EXPECT_TRUE(determines && !decision.is_allow());
  }
  if (satisfied && !run.is_forbid) {
    EXPECT_EQ(determines, decision.is_allow());
  }
  if (satisfied || failed) {
    EXPECT_TRUE(was_visited);
  }
  if (was_visited) {
    EXPECT_TRUE(run.scope.all());
  }
}

void CheckTrace(const Snapshot& snapshot, const Request& request, Scratch& scratch) {
  const Decision decision = Decide(snapshot, request, scratch);
  Result<Tracer> tracer = Tracer::Create(snapshot, request);
  ASSERT_TRUE(tracer.ok()) << tracer.error().message;
  const Result<DecisionTrace> trace = tracer.value().Decide();
  ASSERT_TRUE(trace.ok()) << trace.error().message;
  EXPECT_EQ(trace.value().is_allow, decision.is_allow());
  const auto determining = decision.determining();
  EXPECT_TRUE(std::equal(determining.begin(), determining.end(), trace.value().determining.begin(),
                         trace.value().determining.end()));
  EXPECT_EQ(trace.value().policies.size(), decision.policies_visited());
  std::map<std::uint32_t, const PolicyTrace*> visited;
  for (const PolicyTrace& policy : trace.value().policies) visited[policy.policy] = &policy;
  for (std::uint32_t policy = 0; policy < snapshot.policy_end(); ++policy) {
    if (!snapshot.FindPolicy(snapshot.policy_id(policy))) continue;
    const Result<PolicyTrace> run = tracer.value().Run(policy);
    ASSERT_TRUE(run.ok()) << run.error().message;
    CheckRun(run.value(), decision, visited.count(policy) != 0);
    if (visited.count(policy) != 0) {
      EXPECT_EQ(visited[policy]->verdict, run.value().verdict);
    }
  }
}

TEST(TraceProperty, TellsWhatDecideAnswers) {
  Scratch scratch;
  for (std::uint64_t i = 0; i < kWorlds && !::testing::Test::HasFailure(); ++i) {
    const World world = RandomWorld(Draw(Seed() + i).Next(), kSize);
    std::string error;
    const std::unique_ptr<EngineWorld> engine = LoadEngine(world, &error);
    ASSERT_NE(engine, nullptr) << error;
    for (const std::string& text : world.requests) {
      Sources sources;
      Diagnostics diagnostics;
      const auto request =
          ParseRequestJson(sources, sources.Add("request", text), Limits{}, &diagnostics);
      ASSERT_TRUE(request) << diagnostics.Render(sources);
      for (const auto* snapshot : {&engine->compiled, &engine->from_image, &engine->edited}) {
        CheckTrace(**snapshot, *request, scratch);
      }
      ASSERT_FALSE(::testing::Test::HasFailure()) << world.ToJson() << "\n" << text;
    }
  }
}

}  // namespace
}  // namespace assay::testing
