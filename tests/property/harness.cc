// Loading, asking, counting.
#include "tests/property/harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "assay/image.h"
#include "assay/store.h"
#include "engine/bytecode/program_parts.h"
#include "engine/eval/authorizer.h"
#include "engine/snapshot/policy_digest.h"
#include "tests/support/paths.h"

namespace assay::testing {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? fallback : std::strtoull(text, nullptr, 10);
}

double Share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

// White space is no news.
bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7F ||
         (byte < 0x20 && std::string_view("\t\n\v\f\r").find(c) == std::string::npos);
}

// Whether `has a.b` is in the text, at least in its plain spelling.
bool HasLongHas(const std::string& text) {
  constexpr std::string_view kHas = " has ";
  for (std::size_t at = text.find(kHas); at != std::string::npos; at = text.find(kHas, at + 1)) {
    std::size_t end = at + kHas.size();
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0)) ++end;
    if (end > at + kHas.size() && end < text.size() && text[end] == '.') return true;
  }
  return false;
}

Result<Program> ThroughImage(const Result<Program>& program) {
  if (!program.ok()) return program.error();
  const Result<std::string> image = WriteImage(program.value());
  return image.ok() ? ReadImage(image.value()) : image.error();
}

Result<Snapshot> Create(const Result<Program>& program, const Entities& entities) {
  return program.ok() ? Snapshot::Create(program.value(), entities) : program.error();
}

// Every static policy under the id of the next one.
Program Rotated(const Program& program) {
  bc::ProgramParts parts = program.parts();
  bc::PolicyEntry* last = nullptr;
  for (bc::PolicyEntry& policy : parts.policies) {
    if (parts.rules[policy.rule].is_template()) continue;
    if (last != nullptr) std::swap(last->rule, policy.rule);
    last = &policy;
  }
  return Program::Load(std::move(parts)).value();
}

// First other policies and entities without attributes and parents; then everything as it shall be,
// and at last every third entity goes and comes back.
Result<Snapshot> EditInto(const Result<Program>& program, const Entities& entities) {
  if (!program.ok()) return program.error();
  const Result<Store> created = Store::Create(Rotated(program.value()), Entities());
  if (!created.ok()) return created.error();
  Store store = created.value();
  Edit first, second, third;
  for (std::size_t i = entities.size(); i-- > 0;) {
    first.Upsert({entities[i].uid, {}, {}, {}});
    second.Upsert(entities[i]);
    if (i % 3 == 0) second.Erase(entities[i].uid);
  }
  second.Replace(program.value());
  // Who goes is no longer the parent of others.
  for (std::size_t i = 0; i < entities.size(); ++i) third.Upsert(entities[i]);
  for (const Edit* edit : {&first, &second}) {
    const Result<Snapshot> applied = store.Apply(*edit);
    if (!applied.ok()) return applied.error();
  }
  return store.Apply(third);
}

}  // namespace

std::unique_ptr<EngineWorld> ParseWorld(const World& world, std::string* error) {
  auto parsed = std::make_unique<EngineWorld>();
  Diagnostics diagnostics;
  for (const World::Texts* texts : {&world.policies, &world.templates}) {
    for (const auto& [id, text] : *texts) {
      const std::uint32_t source = parsed->sources.Add(id, text);
      parsed->policies.AddPolicy(id, parsed->sources, source, &diagnostics);
    }
  }
  for (const World::Link& link : world.links) {
    parsed->policies.Link(link.template_id, link.new_id, link.principal, link.resource,
                          &diagnostics);
  }
  if (diagnostics.empty()) return parsed;
  *error = diagnostics.Render(parsed->sources);
  return nullptr;
}

std::unique_ptr<EngineWorld> LoadEngine(const World& world, std::string* error) {
  std::unique_ptr<EngineWorld> engine = ParseWorld(world, error);
  if (engine == nullptr) return nullptr;
  Diagnostics diagnostics;
  const std::uint32_t source = engine->sources.Add("entities", world.EntitiesJson());
  const std::optional<Entities> entities =
      Entities::FromJson(engine->sources, source, Limits{}, &diagnostics);
  if (!entities) {
    *error = diagnostics.Render(engine->sources);
    return nullptr;
  }
  const Result<Program> program = engine->policies.Compile();
  const Result<Snapshot> compiled = Create(program, *entities);
  const Result<Snapshot> from_image = Create(ThroughImage(program), *entities);
  const Result<Snapshot> edited = EditInto(program, *entities);
  for (const auto* snapshot : {&compiled, &from_image, &edited}) {
    if (!snapshot->ok()) {
      *error = snapshot->error().message;
    } else if (snapshot->value().policy_digest() != rt::DigestOf(program.value().parts())) {
      *error = "the policy digest is not that of the program";
    }
    if (!error->empty()) return nullptr;
  }
  engine->compiled = compiled.value();
  engine->from_image = from_image.value();
  engine->edited = edited.value();
  return engine;
}

oracle::Answer AnswerOf(const Snapshot& snapshot, const Decision& decision) {
  oracle::Answer answer;
  answer.allow = decision.is_allow();
  for (const std::uint32_t policy : decision.determining()) {
    answer.reasons.emplace_back(snapshot.policy_id(policy));
  }
  for (std::size_t i = 0; i < decision.error_count(); ++i) {
    answer.errors.push_back(
        {std::string(snapshot.policy_id(decision.error_policy(i))), decision.error_text(i)});
  }
  std::sort(answer.reasons.begin(), answer.reasons.end());
  std::sort(answer.errors.begin(), answer.errors.end());
  return answer;
}

std::optional<oracle::Answer> AskEngine(const EngineWorld& world, const std::string& request,
                                        Scratch& scratch, std::string* error) {
  Sources sources;
  Diagnostics diagnostics;
  const auto parsed =
      ParseRequestJson(sources, sources.Add("request", request), Limits{}, &diagnostics);
  if (!parsed) {
    *error = diagnostics.Render(sources);
    return std::nullopt;
  }
  const auto compiled = AskSnapshot(*world.compiled, *parsed, scratch, error);
  if (!compiled) return std::nullopt;
  const auto check = [&](const char* what, const Snapshot& snapshot) {
    const Decision decision = Decide(snapshot, *parsed, scratch);
    const oracle::Answer answer = AnswerOf(snapshot, decision);
    if (decision.status() == DecisionStatus::kDecided && answer == *compiled) return;
    *error = "compiled " + Show(*compiled) + "\n" + what + " " + Show(answer);
  };
  check("from an image", *world.from_image);
  check("edited", *world.edited);
  return error->empty() ? compiled : std::nullopt;
}

std::optional<oracle::Answer> AskSnapshot(const Snapshot& snapshot, const Request& request,
                                          Scratch& scratch, std::string* error) {
  BoundRequest bound;
  const Result<bool> binding = bound.Bind(snapshot, request);
  if (!binding.ok()) {
    *error = "not bound: " + binding.error().message;
    return std::nullopt;
  }
  const Decision scanned = rt::DecideByScan(snapshot, bound, scratch);
  const oracle::Answer expected = AnswerOf(snapshot, scanned);
  const std::size_t in_scope = scanned.policies_visited();
  const OutcomeOnly outcome = DecideOutcome(snapshot, bound, scratch);
  const Decision decision = Decide(snapshot, bound, scratch);
  if (decision.status() != DecisionStatus::kDecided || outcome.status != DecisionStatus::kDecided) {
    *error = "not decided: status " + std::to_string(static_cast<int>(decision.status()));
    return std::nullopt;
  }
  oracle::Answer answer = AnswerOf(snapshot, decision);
  if (answer != expected) {
    *error = "with the tree " + Show(answer) + "\nwithout it " + Show(expected);
  } else if (outcome.is_allow() != decision.is_allow()) {
    *error = "DecideOutcome differs from Decide";
  } else if (decision.policies_visited() > in_scope) {
    *error = std::to_string(decision.policies_visited()) + " policies visited, " +
             std::to_string(in_scope) + " in scope";
  } else {
    return answer;
  }
  return std::nullopt;
}

std::string Show(const oracle::Answer& answer) {
  std::string text = answer.allow ? "allow by" : "deny by";
  for (const std::string& id : answer.reasons) text += " " + id;
  for (const oracle::PolicyError& error : answer.errors) {
    text += "\n    error in " + error.policy + ": " + error.text;
  }
  return text;
}

void Mix::Add(const oracle::Answer& answer) {
  ++decisions;
  allowed += answer.allow ? 1 : 0;
  with_errors += answer.errors.empty() ? 0 : 1;
  with_reasons += answer.reasons.size() > 1 ? 1 : 0;
}

std::string Mix::Show() const {
  char text[160];
  std::snprintf(
      text, sizeof(text),
      "%llu decisions: %.1f %% allowed, %.1f %% with errors, %.1f %% with several reasons",
      static_cast<unsigned long long>(decisions), Share(allowed, decisions),
      Share(with_errors, decisions), Share(with_reasons, decisions));
  return text;
}

void Mix::Check() const {
  EXPECT_GE(Share(allowed, decisions), 20.0);
  EXPECT_GE(Share(with_errors, decisions), 20.0);
  EXPECT_GE(Share(with_reasons, decisions), 10.0);
}

void Features::Add(const World& world) {
  links += world.links.size();
  templates += world.templates.size();
  for (const World::Texts* texts : {&world.policies, &world.templates}) {
    for (const auto& [id, text] : *texts) {
      ++policies;
      with_unless += text.find("unless") != std::string::npos ? 1 : 0;
      with_long_has += HasLongHas(text) ? 1 : 0;
      with_controls += std::any_of(text.begin(), text.end(), IsControl) ? 1 : 0;
    }
  }
}

std::string Features::Show() const {
  char text[240];
  std::snprintf(
      text, sizeof(text),
      "%llu policies, of them %llu templates (%llu links), %.1f %% with `unless`, %.1f %% "
      "with `has a.b`, %.1f %% with raw control characters",
      static_cast<unsigned long long>(policies), static_cast<unsigned long long>(templates),
      static_cast<unsigned long long>(links), Share(with_unless, policies),
      Share(with_long_has, policies), Share(with_controls, policies));
  return text;
}

std::uint64_t DecisionsToMake(std::uint64_t fallback) {
#ifdef __SANITIZE_ADDRESS__
  fallback /= 5;
#endif
  return FromEnvironment("ASSAY_DECISIONS", fallback);
}

std::uint64_t Seed() { return FromEnvironment("ASSAY_SEED", 20'240'601); }

std::string KeepWorld(const World& world, const std::string& name) {
  const std::string path = (BuildDir() / (name + ".json")).string();
  std::ofstream(path) << world.ToJson() << "\n";
  return path;
}

}  // namespace assay::testing
