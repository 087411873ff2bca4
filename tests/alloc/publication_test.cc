// Stores without memory: every allocation failed in turn at every door, and none on the way from a
// reader to a decision.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <iostream>
#include <thread>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/store.h"
#include "engine/publish/core.h"
#include "tests/alloc/counter.h"

namespace assay {
namespace {

using testing::AllocationFailed;
using testing::Allocations;
using testing::FailAllocation;

Program Compile(const std::string& id, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddPolicy(id, sources, sources.Add("p", text), &diagnostics))
      << diagnostics.Render(sources);
  return set.Compile().value();
}

const std::string kAny = "permit(principal, action, resource)";
const Request kRequest = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {{"n", 1}}};

Edit Start() {
  Edit edit;
  edit.Add(Compile("p",
                   "@a(\"b\") permit(principal in Group::\"g\", action in [Action::\"a\", "
                   "Action::\"b\"], resource) when { context.n == 1 };"));
  edit.Add(Compile("q", kAny + " when { context has n && context.n < 9 };"));
  edit.Add(Compile("t", "permit(principal == ?principal, action, resource in ?resource);"));
  edit.Link("t", "l", EntityUid{"User", "u"}, EntityUid{"Folder", "f"});
  edit.Upsert(
      {{"User", "u"}, {{"s", "text"}}, {{"Group", "g"}}, {{"t", Value(Value::Set{1, "x"})}}});
  edit.Upsert({{"Group", "g"}, {}, {{"Group", "top"}}, {}});
  return edit;
}

Store MakeStore() {
  Store store = Store::Create(Program(), Entities()).value();
  EXPECT_TRUE(store.Apply(Start()).ok());
  return store;
}

// What of a store can be seen from outside.
std::string StateOf(Store& store) {
  const Store::Memory memory = store.Collect();
  const Snapshot snapshot = store.snapshot();
  Scratch scratch;
  const Decision decision = Decide(snapshot, kRequest, scratch);
  std::string state;
  for (const std::uint32_t policy : decision.determining()) {
    state += std::string(snapshot.policy_id(policy)) + " ";
  }
  for (const std::size_t number :
       {memory.live_bytes, memory.retired_bytes, memory.versions, snapshot.policy_count(),
        snapshot.entity_count(), snapshot.name_count(), decision.error_count()}) {
    state += std::to_string(number) + " ";
  }
  return state;
}

struct Change {
  const char* what;
  std::function<Edit()> edit;
};

std::vector<Change> Changes() {
  const auto one = [](auto&& make) {
    return [make] {
      Edit edit;
      make(edit);
      return edit;
    };
  };
  return {
      {"add", one([](Edit& e) {
         e.Add(Compile("new", kAny + " when { context.m == \"x\" && context.s like \"y*\" };"));
       })},
      {"replace",
       one([](Edit& e) { e.Replace(Compile("p", "forbid(principal, action, resource);")); })},
      {"remove", one([](Edit& e) { e.Remove("q"); })},
      {"add template", one([](Edit& e) {
         e.Add(Compile("t2", "forbid(principal in ?principal, action, resource);"));
       })},
      {"link", one([](Edit& e) {
         e.Link("t", "m", EntityUid{"User", "new"}, EntityUid{"Folder", "new"});
       })},
      {"unlink", one([](Edit& e) { e.Unlink("l"); })},
      {"upsert", one([](Edit& e) {
         e.Upsert({{"User", "v"}, {{"r", Record{{"k", IpAddr{}}}}}, {{"Group", "g"}}, {}});
       })},
      {"upsert again", one([](Edit& e) {
         e.Upsert(
             {{"User", "u"}, {{"s", "other"}}, {{"Group", "h"}}, {{"z", EntityUid{"Z", "z"}}}});
       })},
      {"erase", one([](Edit& e) {
         e.Erase({"Group", "g"});
       })},
      {"a batch", one([](Edit& e) {
         e.Remove("p").Remove("q").Unlink("l").Remove("t").Erase({"User", "u"});
         e.Add(Compile("p", kAny + ";")).Upsert({{"User", "u"}, {}, {{"Group", "g"}}, {}});
       })},
  };
}

TEST(PublicationFailure, AnApplyThatFailsChangesNothing) {
  for (const Change& change : Changes()) {
    const Edit edit = change.edit();
    std::uint64_t n = 1, refused = 0;
    for (;; ++n) {
      Store store = MakeStore();
      const std::string before = StateOf(store);
      bool ok = false;
      FailAllocation(n);
      EXPECT_NO_THROW(ok = store.Apply(edit).ok()) << change.what << ", allocation " << n;
      FailAllocation(0);
      const bool failed = AllocationFailed();
      if (!ok) {
        ++refused;
        ASSERT_TRUE(failed) << change.what;
        ASSERT_EQ(StateOf(store), before) << change.what << ", allocation " << n;
        ASSERT_TRUE(store.Apply(edit).ok());
      }
      // However often it failed before, the same comes out.
      Store whole = MakeStore();
      ASSERT_TRUE(whole.Apply(edit).ok());
      ASSERT_EQ(StateOf(store), StateOf(whole)) << change.what << ", allocation " << n;
      if (!failed) break;
    }
    std::cout << change.what << ": " << n - 1 << " allocations failed in turn, " << refused
              << " of them refused the call\n";
    EXPECT_GT(refused, 0U) << change.what;
  }
}

// The same when the heap of the store has no more memory, at each of its allocations.
TEST(PublicationFailure, AnApplyWithoutRoomInTheHeapChangesNothing) {
  for (const Change& change : Changes()) {
    const Edit edit = change.edit();
    std::uint64_t refused = 0;
    for (std::size_t room = 0;; room += 16) {
      Store store = MakeStore();
      const std::string before = StateOf(store);
      store::Heap& heap = rt::StoreAccess::Get(store).heap();
      heap.SetLimit(heap.bytes() + room);
      const Result<Snapshot> applied = store.Apply(edit);
      heap.SetLimit(SIZE_MAX);
      if (applied.ok()) break;
      ++refused;
      ASSERT_EQ(applied.error().code, ErrorCode::kOutOfMemory);
      ASSERT_EQ(StateOf(store), before) << change.what << ", room for " << room;
      ASSERT_TRUE(store.Apply(edit).ok());
    }
    EXPECT_GT(refused, 3U) << change.what;
  }
}

TEST(PublicationFailure, AnEditThatCouldNotGrowIsNeverApplied) {
  const Program program = Compile("new", kAny + ";");
  std::uint64_t n = 1;
  for (bool failed = true; failed; ++n) {
    Store store = MakeStore();
    const std::string before = StateOf(store);
    EntityUid user{"User", "u"}, folder{"Folder", "f"};
    Entity entity{{"User", "v"}, {}, {}, {}};
    FailAllocation(n);
    Edit edit;
    edit.Unlink("l").Remove("t").Remove("p").Upsert(std::move(entity)).Add(program);
    edit.Erase(std::move(user)).Replace(program);
    FailAllocation(0);
    failed = AllocationFailed();
    const Result<Snapshot> applied = store.Apply(edit);
    ASSERT_EQ(applied.ok(), !failed) << n;
    if (!failed) break;
    ASSERT_EQ(applied.error().code, ErrorCode::kOutOfMemory);
    ASSERT_EQ(StateOf(store), before);
  }
  EXPECT_GT(n, 3U);
  Store store = MakeStore();
  Edit from;
  const Edit to = std::move(from);
  EXPECT_TRUE(store.Apply(to).ok());
  from.Remove("p");                      // NOLINT(bugprone-use-after-move)
  EXPECT_FALSE(store.Apply(from).ok());  // NOLINT(bugprone-use-after-move)
}

// Also where the reason of a refusal is too long for a string without memory.
TEST(PublicationFailure, DoesNotEscapeFromCreating) {
  const Program program = Compile("p", kAny + " when { context.n == 1 };");
  const Entities entities =
      Entities::Create({{{"User", "u"}, {{"n", 1}}, {{"Group", "g"}}, {}}}).value();
  for (const std::uint32_t policies : {10U, 0U}) {
    Limits limits;
    limits.policies = policies;
    for (std::uint64_t n = 1;; ++n) {
      FailAllocation(n);
      bool ok = false;
      EXPECT_NO_THROW(ok = Store::Create(program, entities, limits).ok()) << n;
      EXPECT_TRUE(!ok || policies > 0);
      FailAllocation(0);
      if (!AllocationFailed()) break;
    }
    for (std::uint64_t n = 1;; ++n) {
      FailAllocation(n);
      EXPECT_NO_THROW((void)Snapshot::Create(program, entities, limits).ok()) << n;
      FailAllocation(0);
      if (!AllocationFailed()) break;
    }
  }
}

TEST(PublicationFailure, ReadersAndCollectionsGoOn) {
  for (std::uint64_t n = 1;; ++n) {
    Store store = MakeStore();
    FailAllocation(n);
    Result<Reader> reader = Reader::Create(store);
    FailAllocation(0);
    const bool failed = AllocationFailed();
    ASSERT_EQ(reader.ok(), !failed);
    if (!failed) break;
    ASSERT_EQ(reader.error().code, ErrorCode::kOutOfMemory);
    ASSERT_TRUE(Reader::Create(store).ok());
    ASSERT_TRUE(store.Apply(Edit().Remove("p")).ok());
    ASSERT_EQ(store.Collect().versions, 1U);
  }
  for (std::uint64_t n = 1;; ++n) {
    Store store = MakeStore();
    Reader reader = Reader::Create(store).value();
    std::vector<Snapshot> kept;
    for (int i = 0; i < 5; ++i) {
      kept.push_back(store.Apply(Edit().Upsert({{"User", "u"}, {{"n", i}}, {}, {}})).value());
    }
    kept.erase(kept.begin() + 1, kept.begin() + 3);
    FailAllocation(n);
    const Snapshot& shown = reader.snapshot();
    (void)store.Collect();
    FailAllocation(0);
    const bool failed = AllocationFailed();
    EXPECT_EQ(shown.policy_count(), 3U);
    EXPECT_EQ(kept[0].policy_count(), 3U);
    kept.clear();
    EXPECT_EQ(store.Collect().versions, 1U);
    EXPECT_EQ(store.Collect().retired_bytes, 0U);
    if (!failed) break;
  }
}

// A forbid that had no memory to be evaluated does not let the permit decide.
TEST(PublicationFailure, AForbidWithoutMemoryNeverAllows) {
  const Store store = Store::Create(Program(), Entities()).value();
  Store edited = store;
  ASSERT_TRUE(
      edited
          .Apply(
              Edit()
                  .Add(Compile("p", kAny + ";"))
                  .Add(Compile(
                      "f",
                      "forbid(principal, action, resource) when { [context.n, 2].contains(1) };")))
          .ok());
  const Snapshot snapshot = edited.snapshot();
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(snapshot, kRequest).ok());
  for (std::uint64_t n = 1;; ++n) {
    Scratch one, two;
    FailAllocation(n);
    const bool allow = Decide(snapshot, bound, one).is_allow();
    FailAllocation(0);
    const bool failed = AllocationFailed();
    FailAllocation(n);
    const bool outcome = DecideOutcome(snapshot, bound, two).is_allow();
    FailAllocation(0);
    EXPECT_FALSE(allow) << n;
    EXPECT_FALSE(outcome) << n;
    if (!failed && !AllocationFailed()) break;
  }
}

TEST(PublicationFailure, DoesNotEscapeFromEvaluate) {
  for (const char* text : {"\"a text that is too long for the string itself\" ", "context.missing",
                           "[principal, {a: context.n}]"}) {
    Sources sources;
    Diagnostics diagnostics;
    const auto program = CompileExpression(sources, sources.Add("e", text), Limits{}, &diagnostics);
    const Snapshot snapshot = Snapshot::Create(*program, Entities()).value();
    for (std::uint64_t n = 1;; ++n) {
      Scratch scratch;
      FailAllocation(n);
      EXPECT_NO_THROW((void)Evaluate(snapshot, kRequest, scratch).ok()) << text << n;
      FailAllocation(0);
      if (!AllocationFailed()) break;
    }
  }
}

// Another attribute of an entity costs the same however many entities are below it.
TEST(PublicationAllocations, AChangeOfAttributesDoesNotTouchWhatIsBelow) {
  std::uint64_t fewest = 0;
  for (const int members : {10, 10'000}) {
    Store store = Store::Create(Program(), Entities()).value();
    Edit start;
    for (int i = 0; i < members; ++i) {
      start.Upsert({{"User", std::to_string(i)}, {}, {{"Group", "g"}}, {}});
    }
    start.Upsert({{"Group", "g"}, {{"n", 0}}, {{"Group", "top"}}, {}});
    ASSERT_TRUE(store.Apply(start).ok());
    const Edit edit =
        std::move(Edit().Upsert({{"Group", "g"}, {{"n", 1}}, {{"Group", "top"}}, {}}));
    const std::uint64_t before = Allocations();
    ASSERT_TRUE(store.Apply(edit).ok());
    const std::uint64_t made = Allocations() - before;
    std::cout << made << " allocations with " << members << " members\n";
    if (fewest == 0) fewest = made;
    EXPECT_LE(made, fewest + 20);
  }
}

// From a reader to a decision nothing is allocated, also where another version is shown each time.
TEST(PublicationAllocations, NoneInReadersAcrossPublications) {
  Store store = MakeStore();
  constexpr int kPublications = 300;
  std::vector<Edit> edits;
  for (int i = 0; i < kPublications; ++i) {
    Edit edit;
    edit.Upsert({{"User", "u"}, {{"s", std::to_string(i)}}, {{"Group", "g"}}, {}});
    edits.push_back(std::move(edit));
  }
  // The publisher allocates, so the two take turns; the reader counts in its own.
  std::atomic<int> turn{0};
  std::thread publisher([&] {
    for (int i = 0; i < kPublications; ++i) {
      while (turn.load() != 2 * i + 1) std::this_thread::yield();
      EXPECT_TRUE(store.Apply(edits[static_cast<std::size_t>(i)]).ok());
      turn.store(2 * i + 2);
    }
  });
  Reader reader = Reader::Create(store).value();
  Scratch scratch;
  std::uint64_t allocations = 0, decisions = 0, moved = 0;
  const Decision warm_up = Decide(reader.snapshot(), kRequest, scratch);
  EXPECT_TRUE(warm_up.is_allow());
  for (int i = 0; i < kPublications; ++i) {
    turn.store(2 * i + 1);
    while (turn.load() != 2 * i + 2) std::this_thread::yield();
    const std::uint64_t before = Allocations();
    for (int k = 0; k < 10; ++k) {
      const Decision decision = Decide(reader.snapshot(), kRequest, scratch);
      decisions += decision.is_allow() ? 1 : 0;
    }
    allocations += Allocations() - before;
    moved += store.Collect().versions == 1 ? 1 : 0;  // the version before is read no more
  }
  publisher.join();
  std::cout << allocations << " allocations in " << decisions << " decisions across " << moved
            << " publications\n";
  EXPECT_EQ(allocations, 0U);
  EXPECT_EQ(decisions, 10U * kPublications);
  EXPECT_EQ(moved, kPublications);
}

}  // namespace
}  // namespace assay
