// Many threads on one snapshot, and snapshots that are replaced while they work: for
// ThreadSanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "assay/compile.h"
#include "assay/evaluator.h"

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

}  // namespace
}  // namespace assay
