// The closure of the hierarchy under changes, against one that is computed from nothing.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <set>

#include "assay/store.h"
#include "engine/snapshot/version.h"

namespace assay {
namespace {

constexpr int kEntities = 12;

// The parents of the entities that exist, some of whom do not.
using Model = std::map<int, std::set<int>>;

EntityUid Uid(int number) { return {"E" + std::to_string(number % 3), std::to_string(number)}; }

// All ancestors by depth-first search; nothing if an entity is its own.
std::optional<std::map<int, std::set<int>>> Closure(const Model& model) {
  std::map<int, std::set<int>> closure;
  for (const auto& [start, parents] : model) {
    std::set<int>& found = closure[start];
    const std::function<void(int)> visit = [&](int at) {
      const auto entity = model.find(at);
      if (entity == model.end()) return;
      for (const int parent : entity->second) {
        if (found.insert(parent).second) visit(parent);
      }
    };
    visit(start);
    if (found.count(start) > 0) return std::nullopt;
  }
  return closure;
}

void Compare(const Snapshot& snapshot, const std::map<int, std::set<int>>& closure) {
  const rt::SnapshotData& data = *rt::SnapshotAccess::Data(snapshot);
  const auto number = [&](int entity) {
    const std::uint32_t type = data.types.Find(0, Uid(entity).type);
    return type == rt::kNoSymbol ? rt::kNoSymbol : data.uids.Find(type, Uid(entity).id);
  };
  std::size_t total = 0;
  for (const auto& [entity, ancestors] : closure) total += ancestors.size();
  ASSERT_EQ(data.ancestor_count, total);
  for (int a = 0; a < kEntities; ++a) {
    const auto ancestors = closure.find(a);
    const bool exists = ancestors != closure.end();
    ASSERT_EQ(data.Existing(number(a)) != nullptr, exists);
    if (number(a) == rt::kNoSymbol) continue;
    for (int b = 0; b < kEntities; ++b) {
      const bool expected = a == b || (exists && ancestors->second.count(b) > 0);
      ASSERT_EQ(rt::IsIn(data, number(a), number(b)), expected) << a << " in " << b;
    }
    ASSERT_EQ(data.entities[number(a)].ancestor_count, exists ? ancestors->second.size() : 0);
  }
}

struct Change {
  int entity;
  bool erase;
  std::set<int> parents;
};

// `upward` keeps the parents above the entity, so that there is no cycle.
Change RandomChange(std::mt19937_64& random, bool upward) {
  Change change{static_cast<int>(random() % kEntities), random() % 4 == 0, {}};
  for (std::uint64_t i = random() % 4; i > 0; --i) {
    const int parent = static_cast<int>(random() % kEntities);
    if (!upward || parent > change.entity) change.parents.insert(parent);
  }
  return change;
}

Entity EntityOf(const Change& change) {
  Entity entity{Uid(change.entity), {}, {}, {}};
  for (const int parent : change.parents) entity.parents.push_back(Uid(parent));
  if (!entity.parents.empty()) entity.parents.push_back(entity.parents[0]);  // twice is once
  return entity;
}

TEST(Hierarchy, IsClosedAfterAnySeriesOfChanges) {
  int published = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    Store store = Store::Create(Program(), Entities()).value();
    Model model;
    for (int batch = 0; batch < 30; ++batch) {
      Model next = model;
      Edit edit;
      const bool upward = random() % 4 != 0;
      for (std::uint64_t i = 1 + random() % 5; i > 0; --i) {
        const Change change = RandomChange(random, upward);
        if (!change.erase) {
          edit.Upsert(EntityOf(change));
          next[change.entity] = change.parents;
        } else if (next.erase(change.entity) > 0) {
          edit.Erase(Uid(change.entity));
          for (auto& [other, parents] : next) parents.erase(change.entity);
        }
      }
      const auto closure = Closure(next);
      const Result<Snapshot> applied = store.Apply(edit);
      ASSERT_EQ(applied.ok(), closure.has_value()) << "seed " << seed << " batch " << batch;
      ++(applied.ok() ? published : refused);
      if (applied.ok()) model = next;
      ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), *Closure(model)))
          << "seed " << seed << " batch " << batch;
    }
  }
  std::cout << published << " batches published, " << refused << " refused for a cycle\n";
  EXPECT_GT(published, 1000);
  EXPECT_GT(refused, 100);
}

TEST(Hierarchy, AParentThatComesLaterBringsItsAncestors) {
  Store store = Store::Create(Program(), Entities()).value();
  ASSERT_TRUE(store.Apply(Edit().Upsert({Uid(0), {}, {Uid(1)}, {}})).ok());
  ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), {{0, {1}}}));
  ASSERT_TRUE(store.Apply(Edit().Upsert({Uid(1), {}, {Uid(2)}, {}})).ok());
  ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), {{0, {1, 2}}, {1, {2}}}));
  // Other attributes and the same parents leave the closure as it is.
  ASSERT_TRUE(store.Apply(Edit().Upsert({Uid(1), {{"n", 1}}, {Uid(2), Uid(2)}, {}})).ok());
  ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), {{0, {1, 2}}, {1, {2}}}));
  ASSERT_TRUE(store.Apply(Edit().Upsert({Uid(1), {{"n", 2}}, {}, {}})).ok());
  ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), {{0, {1}}, {1, {}}}));
}

TEST(Hierarchy, LongChainsAndDiamonds) {
  Store store = Store::Create(Program(), Entities()).value();
  Edit edit;
  constexpr int kLength = 2'000;
  const auto uid = [](int i) { return EntityUid{"N", std::to_string(i)}; };
  for (int i = 0; i + 2 < kLength; ++i) edit.Upsert({uid(i), {}, {uid(i + 1), uid(i + 2)}, {}});
  ASSERT_TRUE(store.Apply(edit).ok());
  const Snapshot snapshot = store.snapshot();
  const rt::SnapshotData& data = *rt::SnapshotAccess::Data(snapshot);
  const std::uint32_t type = data.types.Find(0, "N");
  const std::uint32_t first = data.uids.Find(type, "0");
  EXPECT_EQ(data.entities[first].ancestor_count, kLength - 1U);
  const Result<Snapshot> cycle = store.Apply(Edit().Upsert({uid(kLength - 1), {}, {uid(0)}, {}}));
  ASSERT_FALSE(cycle.ok());
  EXPECT_NE(cycle.error().message.find("is an ancestor of itself"), std::string::npos);
}

TEST(Hierarchy, AncestorsAreBoundedInAllEntitiesTogether) {
  Limits limits;
  limits.ancestors = 6;
  Store store = Store::Create(Program(), Entities(), limits).value();
  const auto below = [](int i) { return Entity{Uid(i), {}, {Uid(i + 1)}, {}}; };
  ASSERT_TRUE(store.Apply(Edit().Upsert(below(0)).Upsert(below(1)).Upsert(below(2))).ok());
  const auto refused = [&](const Edit& edit) {
    const Result<Snapshot> applied = store.Apply(edit);
    ASSERT_FALSE(applied.ok());
    EXPECT_EQ(applied.error().code, ErrorCode::kLimitExceeded);
    EXPECT_EQ(applied.error().message,
              "the entities have more than 6 ancestors together (ancestors)");
  };
  // One more, wherever it stands: below, above all others, or beside them.
  refused(Edit().Upsert({Uid(7), {}, {Uid(8)}, {}}));
  refused(Edit().Upsert(below(3)));
  refused(Edit().Upsert({Uid(2), {}, {Uid(3), Uid(8)}, {}}));
  ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), {{0, {1, 2, 3}}, {1, {2, 3}}, {2, {3}}}));
  // What a batch takes away counts for what it adds, in any order.
  ASSERT_TRUE(store.Apply(Edit().Upsert({Uid(7), {}, {Uid(8)}, {}}).Erase(Uid(2))).ok());
  ASSERT_NO_FATAL_FAILURE(Compare(store.snapshot(), {{0, {1}}, {1, {}}, {7, {8}}}));
  ASSERT_TRUE(store.Apply(Edit().Upsert({Uid(7), {}, {}, {}}).Upsert(below(1))).ok());
  ASSERT_FALSE(Snapshot::Create(Program(),
                                Entities::Create({below(0), below(1), below(2), below(3)}).value(),
                                limits)
                   .ok());
}

}  // namespace
}  // namespace assay
