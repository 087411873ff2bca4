// Stores: what edits do and refuse, and that memory does not grow with what was.
#include "assay/store.h"

#include <gtest/gtest.h>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "engine/publish/core.h"

namespace assay {
namespace {

Program Compile(const std::string& id, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  EXPECT_TRUE(set.AddPolicy(id, sources, sources.Add("p", text), &diagnostics))
      << diagnostics.Render(sources);
  return set.Compile().value();
}

constexpr const char* kPermit = "permit(principal, action, resource);";
constexpr const char* kTemplate = "permit(principal == ?principal, action, resource in ?resource);";

Store EmptyStore() { return Store::Create(Program(), Entities()).value(); }

// The policies that allow or forbid the request.
std::vector<std::string> Determining(const Snapshot& snapshot, const Request& request) {
  Scratch scratch;
  const Decision decision = Decide(snapshot, request, scratch);
  EXPECT_EQ(decision.status(), DecisionStatus::kDecided);
  std::vector<std::string> ids;
  for (const auto policy : decision.determining()) ids.emplace_back(snapshot.policy_id(policy));
  return ids;
}

const Request kRequest = {{"User", "u"}, {"Action", "a"}, {"Doc", "d"}, {}};
const EntityUid kUser{"User", "u"}, kFolder{"Folder", "f"};
using Ids = std::vector<std::string>;

// The message of a batch that must be refused, which must leave everything as it was.
std::string Refused(Store& store, const Edit& edit) {
  const Snapshot before = store.snapshot();
  const Store::Memory memory = store.Collect();
  const Result<Snapshot> result = store.Apply(edit);
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(store.Collect().live_bytes, memory.live_bytes);
  EXPECT_EQ(store.snapshot().policy_count(), before.policy_count());
  EXPECT_EQ(store.snapshot().name_count(), before.name_count());
  return result.ok() ? "" : result.error().message;
}

TEST(Store, PublishesPoliciesTemplatesAndLinks) {
  Store store = EmptyStore();
  EXPECT_EQ(Determining(store.snapshot(), kRequest), Ids{});
  Edit edit;
  edit.Add(Compile("p", kPermit)).Add(Compile("t", kTemplate));
  edit.Upsert({{"Doc", "d"}, {}, {kFolder}, {}}).Link("t", "l", kUser, kFolder);
  const Snapshot first = store.Apply(edit).value();
  EXPECT_EQ(Determining(first, kRequest), (Ids{"p", "l"}));
  EXPECT_EQ(first.policy_count(), 2U);
  EXPECT_EQ(first.FindPolicy("t"), std::nullopt);  // a template never decides
  const Snapshot second = store.Apply(Edit().Unlink("l").Remove("t").Erase({"Doc", "d"})).value();
  EXPECT_EQ(Determining(second, kRequest), Ids{"p"});
  const Snapshot third =
      store.Apply(Edit().Replace(Compile("p", "forbid(principal, action, resource);"))).value();
  EXPECT_EQ(Determining(third, kRequest), Ids{"p"});
  Scratch scratch;
  EXPECT_FALSE(Decide(third, kRequest, scratch).is_allow());
  EXPECT_EQ(Determining(first, kRequest), (Ids{"p", "l"}));  // as it was
}

TEST(Store, RefusesWhatTheRulesOfIdsForbid) {
  Store store = EmptyStore();
  ASSERT_TRUE(store
                  .Apply(Edit()
                             .Add(Compile("p", kPermit))
                             .Add(Compile("t", kTemplate))
                             .Link("t", "l", kUser, kFolder))
                  .ok());
  const auto refused = [&](Edit& edit) { return Refused(store, edit); };
  Edit e;
  EXPECT_EQ(refused((e = Edit()).Add(Compile("l", kPermit))),
            "change 1: the policy id `l` is already taken");
  EXPECT_EQ(refused((e = Edit()).Add(Compile("q", kPermit)).Add(Compile("q", kTemplate))),
            "change 2: the policy id `q` is already taken");
  EXPECT_EQ(refused((e = Edit()).Link("t", "p", kUser, kFolder)),
            "change 1: the policy id `p` is already taken");
  EXPECT_EQ(refused((e = Edit()).Link("p", "m", kUser, kFolder)),
            "change 1: there is no template `p`");
  EXPECT_EQ(refused((e = Edit()).Link("none", "m", kUser, kFolder)),
            "change 1: there is no template `none`");
  EXPECT_EQ(refused((e = Edit()).Link("t", "m", kUser, std::nullopt)),
            "change 1: the link `m` gives no value for `?resource`");
  ASSERT_TRUE(
      store.Apply(Edit().Add(Compile("u", "forbid(principal in ?principal, action, resource);")))
          .ok());
  EXPECT_EQ(refused((e = Edit()).Link("u", "m", kUser, kFolder)),
            "change 1: the template `u` has no slot `?resource`");
  EXPECT_EQ(refused((e = Edit()).Link("u", "m", EntityUid{"no type", "x"}, std::nullopt)),
            "change 1: `no type` is not the name of an entity type");
  EXPECT_EQ(refused((e = Edit()).Remove("none")), "change 1: there is no policy `none`");
  EXPECT_EQ(refused((e = Edit()).Remove("l")), "change 1: `l` is a link; unlink it instead");
  EXPECT_EQ(refused((e = Edit()).Remove("t")), "change 1: the template `t` still has 1 link");
  EXPECT_EQ(refused((e = Edit()).Replace(Compile("t", kPermit))),
            "change 1: the template `t` still has 1 link");
  EXPECT_EQ(refused((e = Edit()).Unlink("p")), "change 1: there is no link `p`");
  EXPECT_EQ(refused((e = Edit()).Unlink("none")), "change 1: there is no link `none`");
}

TEST(Store, RefusesWhatEntitiesCannotBe) {
  Store store = EmptyStore();
  ASSERT_TRUE(store
                  .Apply(Edit()
                             .Upsert({{"G", "a"}, {}, {{"G", "b"}}, {}})
                             .Upsert({{"G", "b"}, {}, {{"G", "c"}}, {}}))
                  .ok());
  Edit e;
  EXPECT_EQ(Refused(store, (e = Edit()).Upsert({{"G", "c"}, {}, {{"G", "a"}}, {}})),
            "the entity G::\"c\" is an ancestor of itself");
  EXPECT_EQ(Refused(store, (e = Edit()).Upsert({{"G", "c"}, {}, {{"G", "c"}}, {}})),
            "the entity G::\"c\" is an ancestor of itself");
  EXPECT_EQ(Refused(store, (e = Edit()).Erase({"G", "c"})),
            "change 1: there is no entity G::\"c\"");
  EXPECT_EQ(Refused(store, (e = Edit()).Upsert({{"no type", "c"}, {}, {}, {}})),
            "change 1: `no type` is not the name of an entity type");
  // The same entities in another order, with the cycle broken in the same batch, are fine.
  EXPECT_TRUE(
      store
          .Apply(Edit().Upsert({{"G", "c"}, {}, {{"G", "a"}}, {}}).Upsert({{"G", "b"}, {}, {}, {}}))
          .ok());
}

TEST(Store, CountsPoliciesAgainstTheLimit) {
  Limits limits;
  limits.policies = 2;
  Store store = Store::Create(Program(), Entities(), limits).value();
  ASSERT_TRUE(store.Apply(Edit().Add(Compile("a", kPermit)).Add(Compile("b", kPermit))).ok());
  const Result<Snapshot> third = store.Apply(Edit().Add(Compile("c", kPermit)));
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(third.error().message, "change 1: there are more than 2 policies (policies)");
}

TEST(Store, DeletingAnEntityTakesItFromItsChildren) {
  Store store = EmptyStore();
  ASSERT_TRUE(
      store
          .Apply(Edit()
                     .Add(Compile("p", "permit(principal, action, resource in Folder::\"top\");"))
                     .Upsert({{"Doc", "d"}, {}, {kFolder}, {}})
                     .Upsert({kFolder, {}, {{"Folder", "top"}}, {}}))
          .ok());
  EXPECT_EQ(Determining(store.snapshot(), kRequest), Ids{"p"});
  ASSERT_TRUE(store.Apply(Edit().Erase(kFolder)).ok());
  EXPECT_EQ(Determining(store.snapshot(), kRequest), Ids{});
  ASSERT_TRUE(store.Apply(Edit().Upsert({kFolder, {}, {{"Folder", "top"}}, {}})).ok());
  EXPECT_EQ(Determining(store.snapshot(), kRequest), Ids{});  // the document is no child any more
}

// A sleeping reader keeps its own snapshot and nothing of those published since.
TEST(Store, MemoryIsBoundedWithASlowReader) {
  Store store = EmptyStore();
  Edit start;
  start.Add(Compile("t", kTemplate));
  for (int i = 0; i < 200; ++i) {
    start.Link("t", "l" + std::to_string(i), EntityUid{"User", std::to_string(i)}, kFolder);
    start.Upsert({{"User", std::to_string(i)}, {{"n", i}}, {{"Group", "g"}}, {}});
  }
  ASSERT_TRUE(store.Apply(start).ok());
  const std::size_t fresh = store.Collect().live_bytes;
  Reader slow = Reader::Create(store).value();
  const Snapshot* seen = &slow.snapshot();
  std::size_t most = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string user = std::to_string(i % 200);
    ASSERT_TRUE(store
                    .Apply(Edit()
                               .Unlink("l" + user)
                               .Link("t", "l" + user, EntityUid{"User", user}, kFolder)
                               .Upsert({{"User", user}, {{"n", i}}, {{"Group", "g"}}, {}}))
                    .ok());
    most = std::max(most, store.Collect().live_bytes);
  }
  EXPECT_EQ(store.Collect().versions, 2U);
  EXPECT_EQ(seen->policy_count(), 200U);
  EXPECT_LE(most, 3 * fresh);
  slow.snapshot();
  EXPECT_EQ(store.Collect().versions, 1U);
  EXPECT_LE(store.Collect().live_bytes, fresh + fresh / 4);
}

// Ids that are new every time: tasks, links, tags.
TEST(Store, MemoryDoesNotGrowWithWhatIsGone) {
  Store store = EmptyStore();
  ASSERT_TRUE(store.Apply(Edit().Add(Compile("t", kTemplate))).ok());
  std::size_t early = 0, names = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string now = std::to_string(i), before = std::to_string(i - 1);
    Edit edit;
    edit.Upsert({{"Task", now}, {{"a" + now, i}}, {{"Job", now}}, {{"tag" + now, "x"}}});
    edit.Link("t", "link" + now, EntityUid{"User", now}, EntityUid{"Task", now});
    edit.Add(Compile("p" + now, "permit(principal is T" + now + ", action in [Action::\"" + now +
                                    "\"], resource) when { context.c" + now + " == \"" + now +
                                    "\" };"));
    if (i > 0) edit.Erase({"Task", before}).Unlink("link" + before).Remove("p" + before);
    const Result<Snapshot> applied = store.Apply(edit);
    ASSERT_TRUE(applied.ok()) << applied.error().message;
    if (i == 20) {
      early = store.Collect().live_bytes;
      names = store.snapshot().name_count();
    }
  }
  EXPECT_EQ(store.snapshot().name_count(), names);
  EXPECT_LE(store.Collect().live_bytes, early + early / 4);
}

Program Expression(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  return *CompileExpression(sources, sources.Add("e", text), Limits{}, &diagnostics);
}

// A store has one expression, the last that was added.
TEST(Store, AnExpressionTakesThePlaceOfTheOneBefore) {
  Store store = EmptyStore();
  Scratch scratch;
  std::size_t names = 0, bytes = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    ASSERT_TRUE(store.Apply(Edit().Add(Expression("{a" + n + ": \"" + n + "\"}"))).ok());
    const Result<Value> value = Evaluate(store.snapshot(), kRequest, scratch);
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value.value().ToCedar(), "{\"a" + n + "\": \"" + n + "\"}");
    if (i == 10) {
      names = store.snapshot().name_count();
      bytes = store.Collect().live_bytes;
    }
  }
  EXPECT_EQ(store.snapshot().name_count(), names);
  EXPECT_EQ(store.Collect().live_bytes, bytes);
  // The same again is still there.
  ASSERT_TRUE(store.Apply(Edit().Add(Expression("1")).Add(Expression("1"))).ok());
  EXPECT_EQ(Evaluate(store.snapshot(), kRequest, scratch).value(), Value(1));
}

// The greatest limits there can be do not overflow into small ones.
TEST(Store, TheGreatestLimitsOfDepthAreGreat) {
  for (const std::uint32_t depth : {UINT32_MAX, UINT32_MAX - 1, UINT32_MAX - 2}) {
    Limits limits;
    limits.json_depth = depth;
    const Entity entity{{"User", "u"}, {{"r", Record{{"s", std::string(100, 'x')}}}}, {}, {}};
    const Program program =
        Compile("p", "permit(principal, action, resource) when { {a: \"" + std::string(200, 'y') +
                         "\", b: [[[1]]]}.a == \"" + std::string(200, 'y') + "\" };");
    const Result<Store> store = Store::Create(program, Entities::Create({entity}).value(), limits);
    ASSERT_TRUE(store.ok()) << store.error().message;
    EXPECT_EQ(Determining(store.value().snapshot(), kRequest), Ids{"p"});
  }
}

TEST(Store, AnEntityOverALimitIsRefused) {
  Limits limits;
  limits.parents = 1;
  limits.attributes = 1;
  Store store = Store::Create(Program(), Entities(), limits).value();
  const Entity most{{"User", "u"}, {{"a", 1}}, {{"User", "v"}}, {{"t", 1}}};
  EXPECT_TRUE(store.Apply(Edit().Upsert(most)).ok());
  Entity more = most;
  more.parents.push_back({"User", "w"});
  const Result<Snapshot> refused = store.Apply(Edit().Upsert(more));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused.error().message,
            "change 1: the entity User::\"u\" has more than 1 parents (parents)");
}

// A context may be what the limits of the snapshot say, which an edit keeps.
TEST(Store, AContextIsBoundByTheSnapshotsLimits) {
  Limits limits;
  limits.attributes = 1;
  limits.json_depth = 200;
  Store store = Store::Create(Program(), Entities(), limits).value();
  ASSERT_TRUE(store.Apply(Edit().Add(Compile("p", kPermit))).ok());
  const auto nested = [](int depth) {
    Value value = 1;
    for (int i = 0; i < depth; ++i) value = Value(Value::Set{value});
    return value;
  };
  BoundRequest bound;
  Request request = kRequest;
  request.context = {{"a", nested(199)}};
  EXPECT_TRUE(bound.Bind(store.snapshot(), request).ok());
  request.context = {{"a", nested(202)}};
  const Result<bool> deep = bound.Bind(store.snapshot(), request);
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().message, "the context is nested too deep (json_depth)");
  request.context = {{"a", 1}, {"b", 2}};
  const Result<bool> many = bound.Bind(store.snapshot(), request);
  ASSERT_FALSE(many.ok());
  EXPECT_EQ(many.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(many.error().message, "the context has too many attributes (attributes)");
  Scratch scratch;
  EXPECT_FALSE(Decide(store.snapshot(), request, scratch).is_allow());
}

TEST(Snapshot, ANumberThatIsNoPolicyHasNoIdAndNoAnnotations) {
  Store store = EmptyStore();
  ASSERT_TRUE(store.Apply(Edit().Add(Compile("p", kPermit)).Add(Compile("q", kPermit))).ok());
  const Snapshot snapshot = store.Apply(Edit().Remove("p")).value();
  ASSERT_EQ(snapshot.policy_end(), 2U);
  const std::uint32_t gone = 1 - *snapshot.FindPolicy("q");
  EXPECT_EQ(snapshot.policy_id(gone), "");
  EXPECT_EQ(snapshot.FindAnnotation(gone, "id"), std::nullopt);
}

TEST(Snapshot, WhatWasMovedFromDenies) {
  Store store = EmptyStore();
  ASSERT_TRUE(store.Apply(Edit().Add(Compile("p", kPermit))).ok());
  Snapshot from = store.snapshot();
  Scratch scratch;
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(from, kRequest).ok());
  EXPECT_TRUE(Decide(from, bound, scratch).is_allow());
  EXPECT_TRUE(DecideOutcome(from, bound, scratch).is_allow());
  const Snapshot to = std::move(from);
  EXPECT_TRUE(Decide(to, bound, scratch).is_allow());
  EXPECT_EQ(Decide(from, bound, scratch).status(), DecisionStatus::kNotDecided);  // NOLINT
  EXPECT_FALSE(DecideOutcome(from, bound, scratch).is_allow());                   // NOLINT
  EXPECT_FALSE(bound.Bind(from, kRequest).ok());                                  // NOLINT
  EXPECT_FALSE(Evaluate(from, kRequest, scratch).ok());                           // NOLINT
  from = to;
  EXPECT_EQ(Determining(from, kRequest), Ids{"p"});
}

TEST(Snapshot, GivesTheAnnotationsOfAPolicyAndOfALinksTemplate) {
  Store store = EmptyStore();
  ASSERT_TRUE(store
                  .Apply(Edit()
                             .Add(Compile("p", "@a(\"1\") @b permit(principal, action, resource);"))
                             .Add(Compile("t", "@a(\"2\") " + std::string(kTemplate)))
                             .Link("t", "l", kUser, kFolder))
                  .ok());
  const Snapshot snapshot = store.snapshot();
  EXPECT_EQ(snapshot.FindAnnotation(*snapshot.FindPolicy("p"), "a"), "1");
  EXPECT_EQ(snapshot.FindAnnotation(*snapshot.FindPolicy("p"), "b"), "");
  EXPECT_EQ(snapshot.FindAnnotation(*snapshot.FindPolicy("p"), "c"), std::nullopt);
  EXPECT_EQ(snapshot.FindAnnotation(*snapshot.FindPolicy("l"), "a"), "2");
}

}  // namespace
}  // namespace assay
