// No allocation on the decision path, and no allocation failure that gets through the API.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iostream>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/format.h"
#include "assay/image.h"
#include "assay/schema.h"
#include "assay/sink.h"
#include "assay/store.h"
#include "assay/validate.h"
#include "engine/bytecode/program_parts.h"
#include "tests/alloc/counter.h"
#include "tests/alloc/fail_each.h"
#include "tests/support/paths.h"

namespace assay {
namespace {

using testing::AllocationFailed;
using testing::Allocations;
using testing::FailAllocation;
using testing::FailEach;

// Between them these policies execute every opcode that can run, and several of them fail.
constexpr const char* kPolicies = R"(
permit(principal == User::"u", action, resource);
permit(principal in Group::"g", action in [Action::"a", Action::"b"], resource is Doc in Folder::"f");
permit(principal, action, resource) when { context.n + 1 - 2 * 3 < 4 && -context.n <= 5 };
permit(principal, action, resource) when { if context.flag then principal has a.b else !context.flag };
permit(principal, action, resource) when { principal in [Group::"g", principal.mgr] || resource is Doc };
permit(principal, action, resource) when { principal is User in Group::"g" && "x*y" like "x\**" };
permit(principal, action, resource) when { [context.n, 2, "s"].contains(2) };
permit(principal, action, resource) when { [1, context.n].containsAll([1]) && [1].containsAny([context.n]) };
permit(principal, action, resource) when { [context.n].isEmpty() || {a: context.n, b: [context]}.a == context.n };
permit(principal, action, resource) when { principal.hasTag("t") && principal.getTag("t") == 1 };
permit(principal, action, resource) when { ip(context.ip).isInRange(ip("10.0.0.0/8")) };
permit(principal, action, resource) when { decimal(context.d).lessThan(decimal("2.0")) };
permit(principal, action, resource) when { datetime(context.t).offset(duration("1d")).toDate() == datetime(context.t) };
forbid(principal, action, resource) unless { principal.level > 3 };
forbid(principal, action, resource) when { principal.missing };
forbid(principal, action, resource) when { User::"nobody".x };
forbid(principal, action, resource) when { context.nothing };
forbid(principal, action, resource) when { 9223372036854775807 + context.n };
forbid(principal, action, resource) when { decimal("x") == 1 };
forbid(principal, action, resource) when { ip(context.ip, 2) };
forbid(principal, action, resource) when { principal.getTag("no") };
forbid(principal, action, resource) when { 1 && context.flag };
@id("t") permit(principal == ?principal, action, resource in ?resource);
)";

constexpr const char* kEntities = R"([
 {"uid": {"type": "User", "id": "u"}, "parents": [{"type": "Group", "id": "g"}], "tags": {"t": 1},
  "attrs": {"level": 7, "a": {"b": 1}, "mgr": {"__entity": {"type": "User", "id": "m"}}}},
 {"uid": {"type": "Doc", "id": "d"}, "attrs": {}, "parents": [{"type": "Folder", "id": "f"}]}
])";

constexpr const char* kRequest = R"({"principal": "User::\"u\"", "action": "Action::\"a\"",
 "resource": "Doc::\"d\"", "context": {"n": 1, "flag": false, "ip": "10.1.1.1", "d": "1.5",
 "t": "2024-01-01", "unknown": {"x": [{"__entity": {"type": "New", "id": "n"}}]},
 "addr": {"__extn": {"fn": "ip", "arg": "::1"}}}})";

// What every test needs; building it is not measured.
struct World {
  Sources sources;
  std::uint32_t policies, entities, request;
  World()
      : policies(sources.Add("p.cedar", kPolicies)),
        entities(sources.Add("e.json", kEntities)),
        request(sources.Add("r.json", kRequest)) {}

  PolicySet MakePolicies() const {
    PolicySet set;
    Diagnostics diagnostics;
    EXPECT_TRUE(set.AddCedar(sources, policies, &diagnostics)) << diagnostics.Render(sources);
    EXPECT_TRUE(
        set.Link("t", "linked", EntityUid{"User", "u"}, EntityUid{"Folder", "f"}, &diagnostics));
    return set;
  }
  Snapshot MakeSnapshot() const {
    Diagnostics diagnostics;
    auto store = Entities::FromJson(sources, entities, Limits{}, &diagnostics);
    EXPECT_TRUE(store.has_value()) << diagnostics.Render(sources);
    return Snapshot::Create(MakePolicies().Compile().value(), *store).value();
  }
  Request MakeRequest() const {
    Diagnostics diagnostics;
    const auto parsed = ParseRequestJson(sources, request, Limits{}, &diagnostics);
    EXPECT_TRUE(parsed.has_value()) << diagnostics.Render(sources);
    return *parsed;
  }
};

TEST(Allocations, NoneForADecisionAfterWarmUp) {
  const World world;
  const Snapshot snapshot = world.MakeSnapshot();
  const Request request = world.MakeRequest();
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(snapshot, request).ok());
  Scratch scratch;
  const Decision first = Decide(snapshot, bound, scratch);
  ASSERT_EQ(first.status(), DecisionStatus::kDecided);
  ASSERT_GE(first.error_count(), 8U);
  ASSERT_GE(Decide(snapshot, request, scratch).error_count(), 8U);

  constexpr int kDecisions = 1000;
  const std::uint64_t before = Allocations();
  std::size_t errors = 0;
  for (int i = 0; i < kDecisions; ++i) {
    errors += Decide(snapshot, bound, scratch).error_count();
    errors += Decide(snapshot, request, scratch).error_count();
    if (!bound.Bind(snapshot, request).ok()) FAIL();
  }
  const std::uint64_t after = Allocations();
  std::cout << "allocations in " << 2 * kDecisions << " decisions and " << kDecisions
            << " bindings: " << after - before << "\n";
  EXPECT_EQ(after - before, 0U);
  EXPECT_GE(errors, 8U * 2 * kDecisions);
}

TEST(Allocations, NoneForTheRecordOfADecision) {
  const World world;
  const Snapshot snapshot = world.MakeSnapshot();
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(snapshot, world.MakeRequest()).ok());
  Scratch scratch;
  DecisionSink sink = DecisionSink::Create(64).value();
  ASSERT_EQ(sink.Decide(snapshot, bound, scratch).status(), DecisionStatus::kDecided);
  const std::uint64_t before = Allocations();
  for (int i = 0; i < 100; ++i) sink.Decide(snapshot, bound, scratch);
  EXPECT_EQ(Allocations() - before, 0U);
  EXPECT_EQ(sink.dropped(), 101U - 64U);
}

TEST(Allocations, AreSeen) {
  const std::uint64_t before = Allocations();
  const auto text = std::make_unique<std::string>(1000, 'x');
  EXPECT_GE(Allocations() - before, 2U) << text->size();
}

// 600 parents with the same 600 ancestors: together they have 360,000, and the child has 1,200.
TEST(Allocations, AncestorsThatParentsShareAreGatheredOnce) {
  constexpr int kWidth = 600;
  const auto layer = [](const char* type) {
    std::vector<EntityUid> uids;
    for (int i = 0; i < kWidth; ++i) uids.push_back({type, std::to_string(i)});
    return uids;
  };
  std::vector<Entity> entities;
  for (const EntityUid& uid : layer("Middle")) entities.push_back({uid, {}, layer("Top"), {}});
  const Entity child = {{"Bottom", "b"}, {}, layer("Middle"), {}};
  Store store = Store::Create(Program(), Entities::Create(entities).value()).value();
  entities.push_back(child);

  testing::TakeLargest();
  const Result<Entities> created = Entities::Create(std::move(entities));
  EXPECT_LT(testing::TakeLargest(), std::size_t{1} << 20);
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(created.value().ancestors(*created.value().Find(child.uid)).size(), 2U * kWidth);

  const Edit edit = std::move(Edit().Upsert(child));
  testing::TakeLargest();
  EXPECT_TRUE(store.Apply(edit).ok());
  EXPECT_LT(testing::TakeLargest(), std::size_t{1} << 20);
}

}  // namespace
}  // namespace assay

// ANTLR's runtime notes a new node of its tree in a list; when that list cannot grow, it forgets
// the node. That is the one leak allowed here.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:antlr4::tree::ParseTreeTracker::createInstance\n";
}

namespace assay {
namespace {

TEST(AllocationFailure, DoesNotEscapeFromCompiling) {
  const World world;
  PolicySet set = world.MakePolicies();
  FailEach("Compile", [&] { return set.Compile().ok(); });
  Sources sources;
  const std::uint32_t cedar = sources.Add("p.cedar",
                                          "@id(\"a\") permit(principal == User::\"u\", action, "
                                          "resource) when { context.x like \"a*\" };");
  FailEach("AddCedar", [&] {
    PolicySet from_cedar;
    Diagnostics diagnostics;
    return from_cedar.AddCedar(sources, cedar, &diagnostics) && diagnostics.empty();
  });
  const std::uint32_t json =
      sources.Add("p.json", R"({"staticPolicies": {"a": "permit(principal, action, resource);"},
                    "templates": {"t": {"effect": "permit",
                      "principal": {"op": "==", "slot": "?principal"}, "action": {"op": "All"},
                      "resource": {"op": "All"}, "conditions": [{"kind": "when",
                      "body": {"has": {"left": {"Var": "context"}, "attr": ["b c", "d"]}}}]}},
                    "templateLinks": [{"templateId": "t", "newId": "l",
                                       "values": {"?principal": {"type": "U", "id": "u"}}}]})");
  FailEach("AddJson", [&] {
    PolicySet from_json;
    Diagnostics diagnostics;
    return from_json.AddJson(&sources, json, &diagnostics) && diagnostics.empty();
  });
  FailEach("ToJson", [&] { return set.ToJson().ok(); });
  FailEach("FormatPolicies", [&] {
    Diagnostics diagnostics;
    return FormatPolicies(sources, cedar, {}, Limits{}, &diagnostics).has_value();
  });
  const std::uint32_t expression = sources.Add("e", "[1, ip(\"1.1.1.1\"), {a: principal.x}]");
  FailEach("CompileExpression", [&] {
    Diagnostics diagnostics;
    return CompileExpression(sources, expression, Limits{}, &diagnostics).has_value();
  });
}

TEST(AllocationFailure, DoesNotEscapeFromReading) {
  const World world;
  FailEach("Entities::FromJson", [&] {
    Diagnostics diagnostics;
    return Entities::FromJson(world.sources, world.entities, Limits{}, &diagnostics).has_value();
  });
  const std::vector<Entity> plain = {{EntityUid{"User", "u"}, {}, {EntityUid{"Group", "g"}}, {}},
                                     {EntityUid{"Group", "g"}, {}, {}, {}}};
  std::vector<Entity> given;
  FailEach("Entities::Create", [&] {
    try {
      given = plain;
    } catch (const std::bad_alloc&) {
      return false;  // not the engine's
    }
    return Entities::Create(std::move(given)).ok();
  });
  FailEach("ParseRequestJson", [&] {
    Diagnostics diagnostics;
    return ParseRequestJson(world.sources, world.request, Limits{}, &diagnostics).has_value();
  });
}

TEST(AllocationFailure, DoesNotEscapeFromSchemas) {
  Sources sources;
  const SchemaSource cedar = {sources.Add("s.cedarschema",
                                          "type T = { a: Long, b?: Set<String> };"
                                          "entity User in [Group] = { t: T } tags String;"
                                          "entity Group; entity Doc enum [\"d\"];"
                                          "action view in [all] appliesTo { principal: User, "
                                          "resource: Doc, context: { ip: ipaddr } }; action all;"),
                              SchemaFormat::kCedar};
  Diagnostics diagnostics;
  const auto schema = Schema::Parse(sources, std::span(&cedar, 1), Limits{}, &diagnostics);
  ASSERT_TRUE(schema.has_value()) << diagnostics.Render(sources);
  const auto json_text = TranslateSchema(sources, cedar, SchemaFormat::kJson,
                                         SchemaNames::kAsWritten, Limits{}, &diagnostics);
  const SchemaSource json = {sources.Add("s.json", json_text.value()), SchemaFormat::kJson};
  for (const SchemaSource& source : {cedar, json}) {
    const bool is_cedar = source.format == SchemaFormat::kCedar;
    FailEach(is_cedar ? "Schema::Parse, Cedar" : "Schema::Parse, JSON", [&] {
      Diagnostics problems;
      return Schema::Parse(sources, std::span(&source, 1), Limits{}, &problems).has_value();
    });
    FailEach(is_cedar ? "TranslateSchema to JSON" : "TranslateSchema to Cedar", [&] {
      Diagnostics problems;
      const auto to = is_cedar ? SchemaFormat::kJson : SchemaFormat::kCedar;
      return TranslateSchema(sources, source, to, SchemaNames::kResolved, Limits{}, &problems)
          .has_value();
    });
  }
  PolicySet policies;
  ASSERT_TRUE(policies.AddCedar(
      sources,
      sources.Add("p",
                  "permit(principal, action == Action::\"view\", resource) when { "
                  "principal has t && principal.t has b && principal.t.b.contains(\"x\") && "
                  "principal.hasTag(\"k\") && principal.getTag(\"k\") like \"a*\" && "
                  "context.ip.isIpv4() };"
                  "forbid(principal is Usr, action, resource);"),
      &diagnostics));
  FailEach("Validate", [&] {
    const Result<ValidationResult> result = Validate(*schema, policies, {.level = 1});
    EXPECT_TRUE(!result.ok() || !result.value().passed());
    return result.ok();
  });
  FailEach("Compile with a schema", [&] { return policies.Compile(*schema).ok(); });
}

TEST(AllocationFailure, DoesNotEscapeFromReadingWithASchema) {
  Sources sources;
  Diagnostics diagnostics;
  const auto schema =
      Schema::Parse(sources,
                    sources.Add("s",
                                "entity User in User = { n: Long }; action view appliesTo "
                                "{ principal: User, resource: User, context: { ip: ipaddr } };"),
                    SchemaFormat::kCedar, Limits{}, &diagnostics);
  ASSERT_TRUE(schema.has_value()) << diagnostics.Render(sources);
  const std::uint32_t entities =
      sources.Add("e", R"([{"uid": {"type": "User", "id": "u"}, "attrs": {"n": 1},
                "parents": [{"type": "User", "id": "v"}]}])");
  FailEach("ParseEntitiesJson", [&] {
    Diagnostics problems;
    return ParseEntitiesJson(*schema, sources, entities, Limits{}, &problems).has_value();
  });
  const Entities read =
      ParseEntitiesJson(*schema, sources, entities, Limits{}, &diagnostics).value();
  FailEach("ValidateEntities", [&] { return ValidateEntities(*schema, read).ok(); });
  FailEach("AddActions", [&] { return AddActions(*schema, read).ok(); });
  const std::uint32_t request =
      sources.Add("r", R"({"principal": "User::\"u\"", "action": "Action::\"view\"",
               "resource": "User::\"v\"", "context": {"ip": "1.1.1.1"}})");
  FailEach("ParseRequestJson with a schema", [&] {
    Diagnostics problems;
    return ParseRequestJson(*schema, sources, request, Limits{}, &problems).has_value();
  });
  const Request asked = ParseRequestJson(*schema, sources, request, Limits{}, &diagnostics).value();
  FailEach("ValidateRequest", [&] { return ValidateRequest(*schema, asked).ok(); });
  const std::uint32_t context = sources.Add("c", R"({"ip": "1.1.1.1"})");
  FailEach("ParseContextJson with a schema", [&] {
    Diagnostics problems;
    return ParseContextJson(*schema, asked.action, sources, context, Limits{}, &problems)
        .has_value();
  });
}

TEST(AllocationFailure, DoesNotEscapeFromImages) {
  const Program program = World().MakePolicies().Compile().value();
  FailEach("WriteImage", [&] { return WriteImage(program).ok(); });
  const std::string image = WriteImage(program).value();
  FailEach("ReadImage", [&] { return ReadImage(image).ok(); });
  const std::string path = (testing::BuildDir() / "alloc_test.assay").string();
  std::ofstream(path, std::ios::binary) << image;
  FailEach("LoadImageFile", [&] { return LoadImageFile(path).ok(); });
  // The keys of RFC 8410, section 10.
  const std::string private_key =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n";
  const std::string public_key =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  FailEach("SignImage", [&] { return SignImage(image, private_key).ok(); });
  const std::string signature = SignImage(image, private_key).value();
  FailEach("CheckSignature", [&] { return !CheckSignature(image, signature, public_key); });
}

// The first decision fails at its n-th allocation, the second, with the same scratch, at its k-th.
TEST(AllocationFailure, LeavesAScratchThatCanBeUsedAgain) {
  const World world;
  const Snapshot snapshot = world.MakeSnapshot();
  BoundRequest bound;
  ASSERT_TRUE(bound.Bind(snapshot, world.MakeRequest()).ok());
  Scratch warm;
  const std::size_t errors = Decide(snapshot, bound, warm).error_count();
  bool first_failed = true;
  for (std::uint64_t n = 1; first_failed; ++n) {
    bool second_failed = true;
    for (std::uint64_t k = 1; first_failed && second_failed; ++k) {
      Scratch scratch;
      FailAllocation(n);
      (void)Decide(snapshot, bound, scratch);
      first_failed = AllocationFailed();
      FailAllocation(k);
      (void)Decide(snapshot, bound, scratch);
      second_failed = AllocationFailed();
      FailAllocation(0);
      const Decision third = Decide(snapshot, bound, scratch);
      EXPECT_EQ(third.status(), DecisionStatus::kDecided);
      EXPECT_EQ(third.error_count(), errors);
      EXPECT_TRUE(third.is_allow());
    }
  }
}

TEST(AllocationFailure, NeverAllows) {
  const World world;
  const Program program = world.MakePolicies().Compile().value();
  Diagnostics diagnostics;
  const Entities entities =
      *Entities::FromJson(world.sources, world.entities, Limits{}, &diagnostics);
  FailEach("Snapshot::Create", [&] { return Snapshot::Create(program, entities).ok(); });
  const Snapshot snapshot = Snapshot::Create(program, entities).value();
  const Request request = world.MakeRequest();
  Scratch warm;
  const Decision expected = Decide(snapshot, request, warm);
  ASSERT_TRUE(expected.is_allow());
  FailEach("Decide", [&] {
    Scratch scratch;
    const Decision decision = Decide(snapshot, request, scratch);
    EXPECT_TRUE(decision.status() == DecisionStatus::kDecided || !decision.is_allow());
    return decision.status() == DecisionStatus::kDecided &&
           decision.error_count() == expected.error_count();
  });
  FailEach("Bind", [&] {
    BoundRequest bound;
    return bound.Bind(snapshot, request).ok();
  });
  Sources sources;
  const Program expression =
      *CompileExpression(sources, sources.Add("e", "context.n"), Limits{}, &diagnostics);
  const Snapshot evaluated = Snapshot::Create(expression, Entities()).value();
  FailEach("Evaluate", [&] {
    Scratch scratch;
    return Evaluate(evaluated, request, scratch).ok();
  });
}

}  // namespace
}  // namespace assay
