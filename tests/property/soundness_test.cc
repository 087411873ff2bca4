// What types promise: a policy that validates strictly never fails for a type or a missing
// attribute on requests and entities that are as the schema says, and it decides the same whether
// it was compiled with the schema or without. On all others it is satisfied the same, and forbids
// fail the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "assay/validate.h"
#include "compiler/validate/plan.h"
#include "tests/property/harness.h"
#include "tests/support/world_random.h"
#include "tests/support/world_schema.h"
#include "tests/support/world_schema_text.h"

namespace assay::testing {
namespace {

// A world as its schema wants it: what does not validate has been left out.
struct TypedWorld {
  World world;
  std::string schema_text;
  std::optional<Schema> schema;
  std::unique_ptr<EngineWorld> parsed;
  Entities entities;
  std::vector<Request> requests;
};

// The entities that can be read and validated, as one array.
std::optional<Entities> ValidEntities(const Schema& schema, const World& world) {
  const auto parse = [&](const std::string& array) {
    Sources sources;
    Diagnostics diagnostics;
    const std::uint32_t source = sources.Add("entities", array);
    return ParseEntitiesJson(schema, sources, source, Limits{}, &diagnostics);
  };
  std::string all = "[";
  for (const std::string& entity : world.entities) {
    if (!parse("[" + entity + "]")) continue;
    all += all.size() > 1 ? "," : "";
    all += entity;
  }
  return parse(all + "]");
}

std::optional<Request> ValidRequest(const Schema& schema, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("request", text);
  auto request = ParseRequestJson(schema, sources, source, Limits{}, &diagnostics);
  if (!request || !ValidateRequest(schema, *request).ok()) return std::nullopt;
  return request;
}

World WithoutPolicies(const World& world, const std::set<std::string>& bad) {
  World rest = world;
  const auto is_bad = [&](const auto& entry) { return bad.count(entry.first) > 0; };
  std::erase_if(rest.policies, is_bad);
  std::erase_if(rest.templates, is_bad);
  std::erase_if(rest.links, [&](const World::Link& link) {
    return bad.count(link.template_id) > 0 || bad.count(link.new_id) > 0;
  });
  return rest;
}

std::optional<TypedWorld> DrawTypedWorld(std::uint64_t seed) {
  TypedWorld typed;
  // The world of a seed begins with its schema.
  Draw draw(seed), dice(seed + 1);
  typed.schema_text = DrawSchemaText(dice, DrawSchema(draw));
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("schema", typed.schema_text);
  typed.schema = Schema::Parse(sources, source, SchemaFormat::kCedar, Limits{}, &diagnostics);
  if (!typed.schema) return std::nullopt;
  const World drawn = RandomWorld(seed, {40, 120});
  std::string error;
  const auto parsed = ParseWorld(drawn, &error);
  if (parsed == nullptr) return std::nullopt;
  const auto result = Validate(*typed.schema, parsed->policies);
  if (!result.ok()) return std::nullopt;
  std::set<std::string> bad;
  for (const Finding& finding : result.value().errors) bad.insert(finding.policy_id);
  typed.world = WithoutPolicies(drawn, bad);
  typed.parsed = ParseWorld(typed.world, &error);
  auto entities = ValidEntities(*typed.schema, drawn);
  if (typed.parsed == nullptr || !entities) return std::nullopt;
  typed.entities = *entities;
  for (const std::string& text : drawn.requests) {
    if (auto request = ValidRequest(*typed.schema, text)) {
      typed.requests.push_back(std::move(*request));
    }
  }
  if (typed.requests.empty() || typed.world.policies.empty()) return std::nullopt;
  return typed;
}

std::optional<Snapshot> SnapshotOf(const Result<Program>& program, const Entities& entities) {
  if (!program.ok()) return std::nullopt;
  Result<Snapshot> snapshot = Snapshot::Create(program.value(), entities);
  if (!snapshot.ok()) return std::nullopt;
  return std::move(snapshot).value();
}

// What validated policies may still fail with.
bool IsAllowed(const std::string& error) {
  return error.find("does not exist") != std::string::npos ||
         error.find("integer overflow") != std::string::npos ||
         error.find("extension function") != std::string::npos;
}

struct Tally {
  std::uint64_t worlds = 0, decisions = 0, allowed = 0, satisfied = 0, failed = 0;
  std::uint64_t unvalidated = 0;
  std::uint64_t planned = 0;  // policies whose conditions the types reorder
  std::uint64_t visited_plain = 0, visited_typed = 0;
};

// False, after a failure, if a promise is broken.
bool Decides(const TypedWorld& typed, Tally* tally) {
  const auto plain = SnapshotOf(typed.parsed->policies.Compile(), typed.entities);
  const auto planned = SnapshotOf(typed.parsed->policies.Compile(*typed.schema), typed.entities);
  if (!plain || !planned) {
    ADD_FAILURE() << typed.schema_text << typed.world.PolicySetJson();
    return false;
  }
  Scratch scratch, other;
  for (const Request& request : typed.requests) {
    std::string error;
    const auto answer = AskSnapshot(*plain, request, scratch, &error);
    const auto with_schema = AskSnapshot(*planned, request, other, &error);
    const auto shown = [&] {
      return error + "\n" + typed.schema_text + typed.world.PolicySetJson() +
             typed.world.EntitiesJson() + request.principal.ToCedar() + request.action.ToCedar() +
             request.resource.ToCedar() + Value(request.context).ToCedar();
    };
    if (!answer || !with_schema || *answer != *with_schema) {
      ADD_FAILURE() << (answer ? Show(*answer) : "") << "\n"
                    << (with_schema ? Show(*with_schema) : "") << "\n"
                    << shown();
      return false;
    }
    for (const oracle::PolicyError& failure : answer->errors) {
      if (IsAllowed(failure.text)) continue;
      ADD_FAILURE() << failure.text << shown();
      return false;
    }
    ++tally->decisions;
    tally->allowed += answer->allow ? 1 : 0;
    tally->satisfied += answer->reasons.empty() ? 0 : 1;
    tally->failed += answer->errors.empty() ? 0 : 1;
    tally->visited_plain += Decide(*plain, request, scratch).policies_visited();
    tally->visited_typed += Decide(*planned, request, other).policies_visited();
  }
  ++tally->worlds;
  const cedar::Plans plans =
      validate::PlanConditions(typed.schema->model(), typed.parsed->policies.syntax(), Limits{});
  tally->planned += static_cast<std::uint64_t>(
      std::count_if(plans.begin(), plans.end(), [](const auto& plan) { return plan.has_value(); }));
  return true;
}

std::set<std::string> ForbidsOf(const cedar::PolicySetSyntax& syntax) {
  std::set<std::string> forbids;
  for (const cedar::Policy& policy : syntax.ast.policies) {
    if (policy.effect == cedar::Effect::kForbid) forbids.insert(policy.id);
  }
  for (const cedar::TemplateLink& link : syntax.links) {
    if (forbids.count(link.template_id) > 0) forbids.insert(link.new_id);
  }
  return forbids;
}

// All requests and entities of the world, whether or not the schema allows them. False, after a
// failure, if another policy is satisfied or another forbid fails.
bool IsSatisfiedAlike(const TypedWorld& typed, Tally* tally) {
  Sources sources;
  Diagnostics diagnostics;
  const auto entities = Entities::FromJson(
      sources, sources.Add("entities", typed.world.EntitiesJson()), Limits{}, &diagnostics);
  if (!entities) return true;
  const auto plain = SnapshotOf(typed.parsed->policies.Compile(), *entities);
  const auto planned = SnapshotOf(typed.parsed->policies.Compile(*typed.schema), *entities);
  if (!plain || !planned) return true;
  const std::set<std::string> forbids = ForbidsOf(typed.parsed->policies.syntax());
  const auto permit_failed = [&](const oracle::PolicyError& failure) {
    return forbids.count(failure.policy) == 0;
  };
  Scratch scratch;
  for (const std::string& text : typed.world.requests) {
    const auto request =
        ParseRequestJson(sources, sources.Add("request", text), Limits{}, &diagnostics);
    if (!request) continue;
    std::string error;
    auto answer = AskSnapshot(*plain, *request, scratch, &error);
    auto with_schema = AskSnapshot(*planned, *request, scratch, &error);
    if (answer && with_schema) {
      std::erase_if(answer->errors, permit_failed);
      std::erase_if(with_schema->errors, permit_failed);
    }
    if (!answer || !with_schema || *answer != *with_schema) {
      ADD_FAILURE() << (answer ? Show(*answer) : "") << "\n"
                    << (with_schema ? Show(*with_schema) : "") << "\n"
                    << error << typed.schema_text << typed.world.ToJson() << text;
      return false;
    }
    ++tally->unvalidated;
  }
  return true;
}

TEST(Soundness, ValidatedPoliciesDoNotFailForTypes) {
  Tally tally;
  std::uint64_t seed = Seed();
  for (; tally.decisions < DecisionsToMake(20'000); ++seed) {
    const auto typed = DrawTypedWorld(seed);
    if (typed && (!Decides(*typed, &tally) || !IsSatisfiedAlike(*typed, &tally))) return;
  }
  std::cout << tally.decisions << " decisions in " << tally.worlds << " worlds of " << seed - Seed()
            << ": " << tally.allowed << " allowed, " << tally.satisfied << " with reasons, "
            << tally.failed << " with errors; " << tally.unvalidated
            << " more that nobody validated; " << tally.planned
            << " policies planned, policies run " << tally.visited_plain
            << ", compiled with the schema " << tally.visited_typed << std::endl;
  EXPECT_GT(tally.satisfied, tally.decisions / 20);
  EXPECT_GT(tally.failed, 0U);
  EXPECT_GT(tally.planned, 0U);
  EXPECT_GT(tally.unvalidated, tally.decisions);
}

}  // namespace
}  // namespace assay::testing
