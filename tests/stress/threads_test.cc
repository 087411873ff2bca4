// Many threads on one snapshot, and snapshots that are replaced while they work: for
// ThreadSanitizer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/schema.h"
#include "assay/sink.h"

namespace assay {
namespace {

Snapshot MakeSnapshot(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddCedar(sources, sources.Add("p", text), &diagnostics));
  const Entity user = {{"User", "u"}, {{"n", 1}}, {{"Group", "g"}}, {}};
  return Snapshot::Create(set.Compile().value(), Entities::Create({user}).value()).value();
}

const Request& TheRequest() {
  static const Request request = {{"User", "u"}, {"Action", "a"}, {"Doc", "new"}, {{"n", 1}}};
  return request;
}

TEST(Threads, DecideOnOneSnapshot) {
  const Snapshot snapshot = MakeSnapshot(
      "permit(principal in Group::\"g\", action, resource) when { "
      "[principal.n].contains(context.n) };"
      "forbid(principal, action, resource) when { decimal(\"x\") == principal.none };");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Scratch scratch;
      for (int i = 0; i < 2000; ++i) {
        const Decision decision = Decide(snapshot, TheRequest(), scratch);
        if (!decision.is_allow() || decision.error_count() != 1 || decision.error_text(0).empty()) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// Each decision is taken once or was dropped, and each record is whole.
TEST(Threads, LeaveRecordsInOneSink) {
  constexpr int kThreads = 3, kDecisions = 3000;
  const Snapshot snapshot = MakeSnapshot("@id(\"all\") permit(principal, action, resource);");
  DecisionSink sink = DecisionSink::Create(64).value();
  std::atomic<int> working{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      Scratch scratch;
      BoundRequest bound;
      EXPECT_TRUE(bound.Bind(snapshot, TheRequest()).ok());
      for (int i = 0; i < kDecisions; ++i) sink.Decide(snapshot, bound, scratch);
      --working;
    });
  }
  std::mutex mutex;
  std::set<std::uint64_t> ids;
  const auto take = [&] {
    for (;;) {
      const bool is_last = working == 0;
      while (const auto record = sink.Take()) {
        EXPECT_EQ(record->reasons, std::vector<std::string>{"all"});
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(ids.insert(record->id).second);
      }
      if (is_last) return;
      std::this_thread::yield();
    }
  };
  threads.emplace_back(take);
  take();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ids.size() + sink.dropped(), std::size_t{kThreads} * kDecisions);
  EXPECT_GT(ids.size(), 0U);
}

// Callers hold snapshots by value; until the engine publishes them itself, a lock hands them over.
TEST(Threads, DecideWhileSnapshotsAreReplaced) {
  std::mutex mutex;
  Snapshot current = MakeSnapshot("permit(principal, action, resource);");
  std::atomic<bool> done{false};
  std::atomic<int> decisions{0}, wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      Scratch scratch;
      BoundRequest bound;
      while (!done) {
        const Snapshot mine = [&] {
          const std::lock_guard lock(mutex);
          return current;
        }();
        if (!bound.Bind(mine, TheRequest()).ok()) ++wrong;
        if (Decide(mine, bound, scratch).status() != DecisionStatus::kDecided) ++wrong;
        ++decisions;
      }
    });
  }
  for (int i = 0; i < 50 || decisions < 100; ++i) {
    Snapshot next = MakeSnapshot(i % 2 == 0 ? "forbid(principal, action, resource);"
                                            : "permit(principal, action, resource);");
    const std::lock_guard lock(mutex);
    current = std::move(next);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(decisions, 100);
}

// Errors make the parsers follow the grammars' automata, which all of them share.
TEST(Threads, CompileAtOnce) {
  const auto policy_errors = [](const std::string& text) {
    Sources sources;
    Diagnostics diagnostics;
    PolicySet set;
    set.AddCedar(sources, sources.Add("p", text), &diagnostics);
    return diagnostics.Render(sources);
  };
  const auto schema_errors = [](const std::string& text) {
    Sources sources;
    Diagnostics diagnostics;
    Schema::Parse(sources, sources.Add("s", text), SchemaFormat::kCedar, Limits{}, &diagnostics);
    return diagnostics.Render(sources);
  };
  const std::string bad_policies =
      "permit(principal, action resource); forbid(principal, action, resource) when { 1 + };"
      "permit(principal in, action, resource); permit(principal, action, resource) when { [1 };";
  const std::string bad_schema =
      "entity A in [B; entity B { a: }; action x appliesTo { principal: };";
  const std::string good = "permit(principal, action, resource) when { context.a.b < 1 + 2 };";
  std::vector<std::string> policies(4), schemas(4);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < policies.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        policies[t] = policy_errors(bad_policies);
        schemas[t] = schema_errors(bad_schema);
        if (!policy_errors(good).empty()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_NE(policies[0], "");
  EXPECT_NE(schemas[0], "");
  EXPECT_THAT(policies, ::testing::Each(policies[0]));
  EXPECT_THAT(schemas, ::testing::Each(schemas[0]));
}

}  // namespace
}  // namespace assay
