// Readers and publishers of one store at the same time: nobody waits, and nobody sees two versions
// at once.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/store.h"
#include "engine/publish/core.h"

namespace assay {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int kPublications = 500;
#else
constexpr int kPublications = 5'000;
#endif

Program Compile(const std::string& id, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddPolicy(id, sources, sources.Add("p", text), &diagnostics))
      << diagnostics.Render(sources);
  return set.Compile().value();
}

// Version `n` of the policy `p` and the entity User::"u", which allow together only: the policy
// asks for the very number that the entity of the same version has.
Edit VersionNumber(int n) {
  const std::string text = std::to_string(n);
  Edit edit;
  edit.Replace(Compile("p", "@version(\"" + text +
                                "\") permit(principal, action, resource) when { "
                                "principal.version == " +
                                text + " };"));
  edit.Upsert({{"User", "u"}, {{"version", n}}, {}, {}});
  return edit;
}

const Request& TheRequest() {
  static const Request request = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {}};
  return request;
}

Store MakeStore() {
  Store store = Store::Create(Program(), Entities()).value();
  EXPECT_TRUE(store.Apply(VersionNumber(0)).ok());
  return store;
}

// The version that allowed, or -1 if the answer belongs to no version.
int VersionOf(const Snapshot& snapshot, const Decision& decision) {
  if (!decision.is_allow() || decision.determining().size() != 1 || decision.error_count() != 0) {
    return -1;
  }
  const auto text = snapshot.FindAnnotation(decision.determining()[0], "version");
  return text ? std::stoi(std::string(*text)) : -1;
}

// Stops the publisher at a place, until told to go on.
class Stop {
 public:
  Stop(const Store& store, const std::string& place) {
    rt::StoreAccess::Get(store).failpoint = [this, place](const char* here) {
      if (place != here) return;
      std::unique_lock lock(mutex_);
      reached_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return released_; });
    };
  }
  void WaitUntilReached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false, released_ = false;
};

// The version before is the answer until the next one is published, and the next one afterwards,
// wherever the publisher hangs.
TEST(Publication, ReadersGoOnWhileAPublisherHangs) {
  constexpr int kDecisions = 1'000'000;
  for (const std::string place :
       {"before editing", "edited", "committed", "published", "reclaimed"}) {
    Store store = MakeStore();
    Reader reader = Reader::Create(store).value();
    Scratch scratch;
    BoundRequest bound;
    Stop stop(store, place);
    std::thread publisher([&] { EXPECT_TRUE(store.Apply(VersionNumber(1)).ok()); });
    stop.WaitUntilReached();
    const int expected = place == "published" || place == "reclaimed" ? 1 : 0;
    int wrong = 0;
    for (int i = 0; i < kDecisions; ++i) {
      const Snapshot& snapshot = reader.snapshot();
      if (i % 1000 == 0) {
        ASSERT_TRUE(bound.Bind(snapshot, TheRequest()).ok());
      }
      if (VersionOf(snapshot, Decide(snapshot, bound, scratch)) != expected) ++wrong;
    }
    EXPECT_EQ(wrong, 0) << place;
    std::cout << kDecisions << " decisions while the publisher hangs: " << place << std::endl;
    stop.Release();
    publisher.join();
    EXPECT_EQ(VersionOf(reader.snapshot(), Decide(reader.snapshot(), TheRequest(), scratch)), 1);
    rt::StoreAccess::Get(store).failpoint = nullptr;
  }
}

// Linearisability: the version of every answer was the newest at some time between the question and
// the answer. Whole batches only: a policy never meets the entity of another version.
TEST(Publication, EveryAnswerIsOfOneVersionThatWasCurrent) {
  Store store = MakeStore();
  std::atomic<int> begun{0}, published{0}, wrong{0};
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> decisions{0}, changes{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      Reader reader = Reader::Create(store).value();
      Scratch scratch;
      int last = 0;
      while (!done) {
        const int earliest = published;
        const Snapshot& snapshot = reader.snapshot();
        const int version = VersionOf(snapshot, Decide(snapshot, TheRequest(), scratch));
        const int latest = begun;
        if (version < earliest || version > latest || version < last) ++wrong;
        changes += version != last ? 1 : 0;
        last = version;
        ++decisions;
      }
    });
  }
  for (int n = 1; n <= kPublications; ++n) {
    begun = n;
    ASSERT_TRUE(store.Apply(VersionNumber(n)).ok());
    published = n;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(changes, 3U);
  std::cout << decisions << " decisions during " << kPublications << " publications, " << changes
            << " times another version than before" << std::endl;
}

// Everything at once: publishers that wait for each other, readers that come and go, snapshots
// handed from thread to thread and kept.
TEST(Publication, SnapshotsReadersAndPublishersComeAndGo) {
  Store store = MakeStore();
  std::mutex mutex;
  std::vector<Snapshot> kept;
  std::atomic<int> wrong{0}, next{1};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kPublications / 4; ++i) {
        const Result<Snapshot> mine = store.Apply(VersionNumber(next++));
        if (!mine.ok()) ++wrong;
        const std::lock_guard lock(mutex);
        kept.push_back(mine.value());
        if (kept.size() > 20) kept.erase(kept.begin(), kept.begin() + 10);
      }
    });
    threads.emplace_back([&] {
      Scratch scratch;
      for (int i = 0; i < kPublications / 4; ++i) {
        Reader first = Reader::Create(store).value();
        Reader reader = std::move(first);
        const Snapshot own = reader.snapshot();  // keeps what the reader moves on from
        const std::lock_guard lock(mutex);
        if (VersionOf(own, Decide(own, TheRequest(), scratch)) < 0) ++wrong;
        if (kept.empty()) continue;
        const Snapshot old = kept[static_cast<std::size_t>(i) % kept.size()];
        if (VersionOf(old, Decide(old, TheRequest(), scratch)) < 0) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(store.Collect().versions, kept.size() + 1);
  kept.clear();
  EXPECT_EQ(store.Collect().versions, 1U);
  EXPECT_EQ(store.Collect().retired_bytes, 0U);
}

// A snapshot and a reader outlive the store they came from.
TEST(Publication, SnapshotsAndReadersOutliveTheStore) {
  Scratch scratch;
  std::optional<Reader> reader;
  std::optional<Snapshot> snapshot;
  {
    Store store = MakeStore();
    reader = Reader::Create(store).value();
    snapshot = reader->snapshot();
    ASSERT_TRUE(store.Apply(VersionNumber(1)).ok());
  }
  EXPECT_EQ(VersionOf(*snapshot, Decide(*snapshot, TheRequest(), scratch)), 0);
  EXPECT_EQ(VersionOf(reader->snapshot(), Decide(reader->snapshot(), TheRequest(), scratch)), 1);
  reader.reset();
  EXPECT_EQ(VersionOf(*snapshot, Decide(*snapshot, TheRequest(), scratch)), 0);
}

}  // namespace
}  // namespace assay
