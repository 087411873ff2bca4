// Nothing writes a snapshot: its memory is read-only while random worlds are decided.
#include <gtest/gtest.h>

#include <iostream>

#include "assay/store.h"
#include "engine/eval/authorizer.h"
#include "engine/publish/core.h"
#include "tests/property/harness.h"
#include "tests/support/world_random.h"

namespace assay::testing {
namespace {

// All memory of a store, read-only for as long as this lives.
class ReadOnly {
 public:
  explicit ReadOnly(const Store& store) : heap_(rt::StoreAccess::Get(store).heap()) {
    EXPECT_TRUE(heap_.Protect(true));
  }
  ~ReadOnly() { EXPECT_TRUE(heap_.Protect(false)); }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;

 private:
  store::Heap& heap_;
};

std::optional<Store> StoreOf(const World& world, std::string* error) {
  const std::unique_ptr<EngineWorld> parsed = ParseWorld(world, error);
  if (parsed == nullptr) return std::nullopt;
  Diagnostics diagnostics;
  const auto entities = Entities::FromJson(
      parsed->sources, parsed->sources.Add("entities", world.EntitiesJson()), {}, &diagnostics);
  *error = diagnostics.Render(parsed->sources);
  if (!entities) return std::nullopt;
  return Store::Create(parsed->policies.Compile().value(), *entities).value();
}

std::vector<Request> RequestsOf(const World& world) {
  std::vector<Request> requests;
  for (const std::string& text : world.requests) {
    Sources sources;
    Diagnostics diagnostics;
    auto request = ParseRequestJson(sources, sources.Add("request", text), {}, &diagnostics);
    if (request) requests.push_back(std::move(*request));
  }
  return requests;
}

struct Counts {
  std::uint64_t decisions = 0, allowed = 0, texts = 0;
};

void DecideAll(const Snapshot& snapshot, const std::vector<Request>& requests, Scratch& scratch,
               Counts* counts) {
  BoundRequest bound;
  for (const Request& request : requests) {
    ASSERT_TRUE(bound.Bind(snapshot, request).ok());
    const OutcomeOnly outcome = DecideOutcome(snapshot, bound, scratch);
    const bool scanned = rt::DecideByScan(snapshot, bound, scratch).is_allow();
    const Decision decision = Decide(snapshot, bound, scratch);
    ASSERT_EQ(decision.status(), DecisionStatus::kDecided);
    ASSERT_EQ(decision.is_allow(), outcome.is_allow());
    ASSERT_EQ(decision.is_allow(), scanned);
    for (std::size_t i = 0; i < decision.error_count(); ++i) {
      ASSERT_FALSE(decision.error_text(i).empty());
      ASSERT_FALSE(snapshot.policy_id(decision.error_policy(i)).empty());
      ++counts->texts;
    }
    for (const std::uint32_t policy : decision.determining()) {
      ASSERT_EQ(snapshot.FindPolicy(snapshot.policy_id(policy)), policy);
      (void)snapshot.FindAnnotation(policy, "id");
    }
    counts->allowed += decision.is_allow() ? 1 : 0;
    counts->decisions += 3;
  }
}

TEST(ReadOnlyProperty, NothingWritesASnapshot) {
  std::cout << "seed " << Seed() << std::endl;
  Counts counts;
  Scratch scratch;
  const std::uint64_t wanted = DecisionsToMake(100'000);
  for (std::uint64_t seed = Seed(); counts.decisions < wanted && !HasFailure(); ++seed) {
    const World world = RandomWorld(seed);
    std::string error;
    std::optional<Store> store = StoreOf(world, &error);
    ASSERT_TRUE(store.has_value()) << error;
    const std::vector<Request> requests = RequestsOf(world);
    Reader reader = Reader::Create(*store).value();
    const ReadOnly guard(*store);
    DecideAll(reader.snapshot(), requests, scratch, &counts);
    const Snapshot copy = reader.snapshot();
    DecideAll(copy, requests, scratch, &counts);
  }
  std::cout << counts.decisions << " decisions and " << counts.texts
            << " error texts with the snapshot's memory read-only" << std::endl;
  EXPECT_GT(counts.allowed, counts.decisions / 30);
  EXPECT_GT(counts.texts, counts.decisions / 30);
}

// The proof is worth something only if a write is noticed.
TEST(ReadOnlyPropertyDeathTest, AWriteWouldBeNoticed) {
  const Store store = Store::Create(Program(), Entities()).value();
  void* block = rt::StoreAccess::Get(store).heap().Allocate(8);
  EXPECT_DEATH(
      {
        const ReadOnly guard(store);
        *static_cast<volatile char*>(block) = 1;
      },
      "");
}

}  // namespace
}  // namespace assay::testing
