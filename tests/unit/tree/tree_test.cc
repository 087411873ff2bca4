// The decision tree by itself: what it visits for a query, compared with a look at every policy.
#include "engine/tree/tree.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace assay::tree {
namespace {

struct Policy {
  Place place;
  Test test;
};

struct Source {
  const std::map<std::uint32_t, Policy>& policies;
  Place place_of(std::uint32_t policy) const { return policies.at(policy).place; }
  Test test_of(std::uint32_t policy) const { return policies.at(policy).test; }
};

// A tree and the policies that are in it.
struct Forest {
  store::Heap heap;
  Tree tree;
  std::map<std::uint32_t, Policy> policies;

  void Insert(std::uint32_t number, const Policy& policy) {
    policies[number] = policy;
    tree.Insert(heap, Source{policies}, policy.place, policy.test, number);
  }
  void Erase(std::uint32_t number) {
    const Policy policy = policies.at(number);
    tree.Erase(heap, policy.place, policy.test, number);
    policies.erase(number);
  }
  void Publish() {
    heap.Commit();
    heap.Collect({});
  }
  void Clear() {
    while (!policies.empty()) Erase(policies.begin()->first);
    Publish();
  }
};

struct Asked {
  std::vector<ScopeKey> principals, resources;
  std::vector<std::uint32_t> actions;
  std::map<std::uint32_t, Finding> findings;  // a subject that is not here is absent

  Finding Find(std::uint32_t subject) const {
    const auto found = findings.find(subject);
    return found == findings.end() ? Finding{Finding::Kind::kAbsent} : found->second;
  }
};

template <typename T>
bool Has(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::set<std::uint32_t> Visited(const Forest& forest, const Asked& asked) {
  std::set<std::uint32_t> visited;
  std::vector<std::uint64_t> principals;
  for (const ScopeKey key : asked.principals) principals.push_back(key.hash());
  KeySet resources;
  for (const ScopeKey key : asked.resources) resources.Add(key);
  forest.tree.Walk(
      {principals, resources, asked.actions}, Source{forest.policies},
      [&](std::uint32_t subject) { return asked.Find(subject); },
      [&](std::uint32_t policy) {
        EXPECT_TRUE(visited.insert(policy).second) << policy << " visited twice";
      });
  return visited;
}

// Whether the policy can be satisfied or fail, and whether the tree may run it all the same: a
// policy that stands alone is run without its test.
bool InScope(const Policy& policy, const Asked& asked) {
  return Has(asked.principals, policy.place.principal) &&
         Has(asked.resources, policy.place.resource) && Has(asked.actions, policy.place.action);
}

bool Counts(const Policy& policy, const Asked& asked) {
  if (!InScope(policy, asked)) return false;
  if (policy.test.subject == kNone) return true;
  const Finding finding = asked.Find(policy.test.subject);
  if (finding.kind == Finding::Kind::kAbsent) return false;
  if (finding.kind == Finding::Kind::kFails) return true;
  if (!policy.test.is_range) return policy.test.value == finding.value;
  return policy.test.low <= finding.number && finding.number <= policy.test.high;
}

void Compare(const Forest& forest, const Asked& asked) {
  const std::set<std::uint32_t> visited = Visited(forest, asked);
  for (const auto& [number, policy] : forest.policies) {
    if (Counts(policy, asked)) {
      ASSERT_EQ(visited.count(number), 1U) << number << " was skipped";
    }
  }
  for (const std::uint32_t number : visited) {
    ASSERT_TRUE(InScope(forest.policies.at(number), asked)) << number << " is out of scope";
  }
}

Test Value(std::uint32_t subject, std::uint64_t value) { return {subject, false, value, 0, 0}; }
Test Range(std::uint32_t subject, std::int64_t low, std::int64_t high) {
  return {subject, true, 0, low, high};
}
Finding Is(std::uint64_t value) { return {Finding::Kind::kValue, value, 0}; }
Finding IsNumber(std::int64_t number) { return {Finding::Kind::kValue, 0, number}; }

constexpr ScopeKey kAny;
const Test kNoTest;  // inside a TEST, `Test` is gtest's

TEST(ScopeKey, SaysWhatItWasMadeOf) {
  EXPECT_TRUE(kAny.is_any());
  EXPECT_EQ(kAny.uid(), kNone);
  EXPECT_FALSE(kAny.has_type());
  const ScopeKey equal = ScopeKey::Equal(7), in = ScopeKey::In(7), is = ScopeKey::Is(0),
                 is_in = ScopeKey::IsIn(5, 7);
  EXPECT_TRUE(equal.is_equal());
  EXPECT_FALSE(equal.has_type());
  EXPECT_EQ(equal.uid(), 7U);
  EXPECT_FALSE(in.is_equal() || in.has_type() || in.is_any());
  EXPECT_EQ(in.uid(), 7U);
  EXPECT_TRUE(is.has_type());
  EXPECT_EQ(is.type(), 0U);
  EXPECT_EQ(is.uid(), kNone);
  EXPECT_FALSE(is.is_any());
  EXPECT_EQ(is_in.type(), 5U);
  EXPECT_EQ(is_in.uid(), 7U);
}

// Levels grow from one policy to a leaf, a node, groups, postings, and all of it goes again.
TEST(Tree, OneScopeWithManySubjectsValuesAndRanges) {
  Forest forest;
  const Place place{ScopeKey::In(1), ScopeKey::Equal(2), 3};
  std::uint32_t number = 0;
  const auto add = [&](const tree::Test& test) { forest.Insert(number++, {place, test}); };
  add(Value(0, 10));  // alone, then with a second of the same value, and a third
  const Asked asked{{kAny, ScopeKey::In(1)}, {ScopeKey::Equal(2)}, {0, 3}, {}};
  EXPECT_EQ(Visited(forest, asked).size(), 1U);  // nobody asks for its test
  add(Value(0, 10));
  add(Value(0, 11));
  add(kNoTest);
  for (int i = 0; i < 20; ++i) add(Range(1, i, i + 3));
  add(Range(1, 5, 4));  // of nothing
  for (std::uint32_t i = 0; i < 20; ++i) add(Value(2 + i, i));
  forest.Publish();
  Asked all = asked;
  EXPECT_EQ(Visited(forest, all), (std::set<std::uint32_t>{3}));
  all.findings[0] = Is(10);
  EXPECT_EQ(Visited(forest, all), (std::set<std::uint32_t>{0, 1, 3}));
  all.findings[0] = Is(11);
  EXPECT_EQ(Visited(forest, all), (std::set<std::uint32_t>{2, 3}));
  all.findings[0] = Is(12);
  EXPECT_EQ(Visited(forest, all), (std::set<std::uint32_t>{3}));
  all.findings[1] = IsNumber(2);  // 0..3, 1..4, 2..5
  EXPECT_EQ(Visited(forest, all), (std::set<std::uint32_t>{3, 4, 5, 6}));
  all.findings[1] = {};  // fails: all 21 of the group
  EXPECT_EQ(Visited(forest, all).size(), 22U);
  all.findings[1] = IsNumber(100);
  for (std::uint32_t i = 0; i < 20; ++i) all.findings[2 + i] = Is(i % 2 == 0 ? i : 99);
  EXPECT_EQ(Visited(forest, all).size(), 11U);
  // The action, the resource and the principal must all be asked for.
  all.actions = {0};
  EXPECT_TRUE(Visited(forest, all).empty());
  all.actions = {3};
  all.resources = {kAny, ScopeKey::In(2)};
  EXPECT_TRUE(Visited(forest, all).empty());
  all.resources = {ScopeKey::Equal(2)};
  all.principals = {kAny, ScopeKey::Equal(1), ScopeKey::IsIn(0, 1)};
  EXPECT_TRUE(Visited(forest, all).empty());
  EXPECT_TRUE(forest.tree.HasPrincipal(ScopeKey::In(1)));
  EXPECT_TRUE(forest.tree.HasResource(ScopeKey::Equal(2)));
  EXPECT_FALSE(forest.tree.HasPrincipal(kAny));
  forest.Clear();
  EXPECT_FALSE(forest.tree.HasPrincipal(ScopeKey::In(1)));
  EXPECT_FALSE(forest.tree.HasResource(ScopeKey::Equal(2)));
  EXPECT_EQ(forest.tree.size(), 0U);
  EXPECT_EQ(forest.heap.bytes(), 0U);
}

TEST(Tree, ErasingInTheOrderOfInsertionAndBackwardsFreesEverything) {
  for (const bool backwards : {false, true}) {
    for (const bool publish : {false, true}) {
      Forest forest;
      std::vector<std::uint32_t> order;
      for (std::uint32_t i = 0; i < 120; ++i) {
        const tree::Test test = i % 3 == 0   ? kNoTest
                                : i % 3 == 1 ? Value(i % 5, i % 7)
                                             : Range(5 + i % 2, -static_cast<int>(i), 50);
        forest.Insert(i, {{ScopeKey::In(i % 2), ScopeKey::Is(i % 3), i % 4}, test});
        order.push_back(i);
        if (publish) forest.Publish();
      }
      if (backwards) std::reverse(order.begin(), order.end());
      EXPECT_GT(forest.heap.bytes(), 0U);
      for (const std::uint32_t number : order) {
        forest.Erase(number);
        if (publish) forest.Publish();
      }
      forest.Publish();
      EXPECT_EQ(forest.heap.bytes(), 0U);
      std::size_t leaves = 0;
      forest.tree.ForEachLeaf([&](Child) { ++leaves; });
      EXPECT_EQ(leaves, 0U);
    }
  }
}

// The inverse of store::Mix.
std::uint64_t Unmix(std::uint64_t hash) {
  const auto invert = [](std::uint64_t odd) {
    std::uint64_t inverse = odd;
    for (int i = 0; i < 6; ++i) inverse *= 2 - odd * inverse;
    return inverse;
  };
  const auto unshift = [](std::uint64_t x, unsigned by) {
    std::uint64_t result = x;
    for (int i = 0; i < 3; ++i) result = x ^ result >> by;
    return result;
  };
  hash = unshift(hash, 31) * invert(0x94d049bb133111ebU);
  hash = unshift(hash, 27) * invert(0xbf58476d1ce4e5b9U);
  return unshift(hash, 30);
}

// The tree takes keys with equal hashes for equal.
TEST(ScopeKey, HashesAreAsDifferentAsKeys) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const auto uid = static_cast<std::uint32_t>(random());
    EXPECT_EQ(Unmix(ScopeKey::In(uid).hash()), uid);
    const auto type = static_cast<std::uint32_t>(random() >> 34);
    EXPECT_EQ(Unmix(ScopeKey::IsIn(type, uid).hash()), (type + std::uint64_t{1}) << 32 | uid);
  }
}

TEST(KeySet, HasWhatWasAdded) {
  KeySet keys;
  for (const std::uint32_t count : {0U, 1U, 7U, 300U}) {
    keys.Clear();
    for (std::uint32_t i = 0; i < count; ++i) keys.Add(ScopeKey::In(i));
    EXPECT_EQ(keys.hashes().size(), count);
    for (std::uint32_t i = 0; i < 2'000; ++i) {
      ASSERT_EQ(keys.Has(ScopeKey::In(i).hash()), i < count) << i << " of " << count;
    }
  }
}

// A principal with few resources or many, asked for few or many.
TEST(Tree, ResourcesOfOnePrincipal) {
  for (const std::uint32_t count : {1U, 2U, 30U, 900U}) {
    Forest forest;
    for (std::uint32_t i = 0; i < count; ++i) {
      forest.Insert(i, {{ScopeKey::In(1), ScopeKey::In(i / 2 * 3), 0}, kNoTest});
    }
    for (const std::uint32_t asked : {1U, 2U, 40U, 200U}) {
      Asked query{{kAny, ScopeKey::In(1)}, {}, {0}, {}};
      for (std::uint32_t i = 0; i < asked; ++i) query.resources.push_back(ScopeKey::In(i));
      Compare(forest, query);
      // Two policies at every third key.
      EXPECT_EQ(Visited(forest, query).size(), std::min(count, (asked + 2) / 3 * 2));
    }
    forest.Clear();
    EXPECT_EQ(forest.heap.bytes(), 0U);
  }
}

ScopeKey RandomKey(std::mt19937_64& random) {
  const auto uid = static_cast<std::uint32_t>(random() % 3);
  const auto type = static_cast<std::uint32_t>(random() % 2);
  switch (random() % 5) {
    case 0: return kAny;
    case 1: return ScopeKey::Equal(uid);
    case 2: return ScopeKey::In(uid);
    case 3: return ScopeKey::Is(type);
    default: return ScopeKey::IsIn(type, uid);
  }
}

// Subjects 0 to 2 are for values, 3 and 4 for ranges.
Test RandomTest(std::mt19937_64& random) {
  const auto subject = static_cast<std::uint32_t>(random() % 6);
  if (subject == 5) return {};
  if (subject < 3) return Value(subject, random() % 4);
  const auto low = static_cast<std::int64_t>(random() % 10);
  return Range(subject, low, low + static_cast<std::int64_t>(random() % 6) - 1);
}

Asked RandomQuery(std::mt19937_64& random) {
  Asked asked;
  const auto add = [](auto* all, const auto& one) {
    if (!Has(*all, one)) all->push_back(one);
  };
  for (int i = 0; i < 5; ++i) add(&asked.principals, RandomKey(random));
  for (int i = 0; i < 5; ++i) add(&asked.resources, RandomKey(random));
  for (int i = 0; i < 2; ++i) add(&asked.actions, static_cast<std::uint32_t>(random() % 4));
  for (std::uint32_t subject = 0; subject < 5; ++subject) {
    switch (random() % 4) {
      case 0: break;
      case 1: asked.findings[subject] = {}; break;
      default:
        asked.findings[subject] =
            subject < 3 ? Is(random() % 4) : IsNumber(static_cast<std::int64_t>(random() % 12));
    }
  }
  return asked;
}

TEST(Tree, RandomPoliciesComeAndGo) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    Forest forest;
    const std::size_t most = seed % 2 == 0 ? 40 : 400;
    for (int step = 0; step < 1'000; ++step) {
      const auto number = static_cast<std::uint32_t>(random() % most);
      if (forest.policies.count(number) > 0) {
        forest.Erase(number);
      } else {
        const Place place{RandomKey(random), RandomKey(random),
                          static_cast<std::uint32_t>(random() % 4)};
        forest.Insert(number, {place, RandomTest(random)});
      }
      ASSERT_EQ(forest.tree.size(), forest.policies.size());
      ASSERT_NO_FATAL_FAILURE(Compare(forest, RandomQuery(random))) << "seed " << seed;
      if (step % 20 == 0) forest.Publish();
    }
    forest.Clear();
    ASSERT_EQ(forest.heap.bytes(), 0U) << "seed " << seed;
  }
}

// An older handle shows what was in it, whatever comes later.
TEST(Tree, OldHandlesStayAsTheyWere) {
  Forest forest;
  const Place place{kAny, kAny, 0};
  for (std::uint32_t i = 0; i < 50; ++i) forest.Insert(i, {place, Value(i % 3, i % 5)});
  forest.heap.Commit();
  const Tree before = forest.tree;
  const auto policies = forest.policies;
  while (!forest.policies.empty()) forest.Erase(forest.policies.begin()->first);
  forest.heap.Commit();
  const std::vector<std::uint64_t> pinned{1};
  forest.heap.Collect(pinned);
  const std::vector<std::uint64_t> principals{kAny.hash()};
  KeySet resources;
  resources.Add(kAny);
  const std::vector<std::uint32_t> action{0};
  std::size_t visited = 0;
  before.Walk(
      {principals, resources, action}, Source{policies}, [](std::uint32_t) { return Finding{}; },
      [&](std::uint32_t) { ++visited; });
  EXPECT_EQ(visited, 50U);
}

}  // namespace
}  // namespace assay::tree
