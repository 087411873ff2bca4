// Comparing answers.
#include "tests/property/disagreement.h"

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <utility>

#include "compiler/cedar/policy_set.h"
#include "tests/property/world_gen.h"

namespace assay::testing {
namespace {

struct Disagreement {
  bool refused = false;  // one of them refused the world itself
  std::string text;
};

// The first thing they do not agree on.
std::optional<Disagreement> Compare(const World& world, const std::vector<Answerer>& answerers,
                                    Mix* mix) {
  std::string first_error;
  const Answerer::Answers wanted = answerers[0].ask(world, &first_error);
  // Where decisions are counted, there must be some.
  if (mix != nullptr && !wanted) return Disagreement{true, "refused: " + first_error};
  for (const Answerer& answerer : answerers) {
    std::string error;
    const Answerer::Answers got = answerer.ask(world, &error);
    if (got.has_value() != wanted.has_value()) {
      return Disagreement{true, "only " + (got ? answerers[0].name : answerer.name) +
                                    " refuses the world: " + (got ? first_error : error)};
    }
    if (!got) continue;
    for (std::size_t i = 0; i < world.requests.size(); ++i) {
      if ((*got)[i] == (*wanted)[i]) continue;
      return Disagreement{false, "request " + world.requests[i] + "\n  " + answerers[0].name +
                                     ": " + Show((*wanted)[i]) + "\n  " + answerer.name + ": " +
                                     Show((*got)[i])};
    }
  }
  if (mix != nullptr) {
    for (const oracle::Answer& answer : *wanted) mix->Add(answer);
  }
  return std::nullopt;
}

Answerer::Answers AskOracle(const World& world, std::string* error) {
  const std::unique_ptr<EngineWorld> parsed = ParseWorld(world, error);
  if (parsed == nullptr) return std::nullopt;
  const std::optional<oracle::Store> store = oracle::ReadStore(world.EntitiesJson(), error);
  if (!store) return std::nullopt;
  std::vector<oracle::Answer> answers;
  for (const std::string& text : world.requests) {
    const std::optional<oracle::Request> request = oracle::ParseRequest(text, error);
    if (!request) return std::nullopt;
    answers.push_back(oracle::Decide(parsed->policies.syntax(), *store, *request));
  }
  return answers;
}

Answerer::Answers AskEngineAll(const World& world, Scratch* scratch, std::string* error) {
  const std::unique_ptr<EngineWorld> engine = LoadEngine(world, error);
  if (engine == nullptr) return std::nullopt;
  std::vector<oracle::Answer> answers;
  for (const std::string& text : world.requests) {
    const std::optional<oracle::Answer> answer = AskEngine(*engine, text, *scratch, error);
    if (!answer) return std::nullopt;
    answers.push_back(*answer);
  }
  return answers;
}

}  // namespace

Answerer EngineAnswerer() {
  return {"engine",
          [scratch = std::make_shared<Scratch>()](const World& world, std::string* error) {
            return AskEngineAll(world, scratch.get(), error);
          }};
}

Answerer OracleAnswerer() { return {"oracle", AskOracle}; }

bool ExpectAgreementOn(const World& world, const std::vector<Answerer>& answerers,
                       const std::string& name, Mix* mix) {
  const std::optional<Disagreement> first = Compare(world, answerers, mix);
  if (!first) return true;
  // A shrunk text may not parse; that must not take the place of what was found.
  const World smallest = Smallest(world, [&](const World& w) {
    const std::optional<Disagreement> now = Compare(w, answerers, nullptr);
    return now && now->refused == first->refused;
  });
  ADD_FAILURE() << "smallest world kept in " << KeepWorld(smallest, name) << "\n"
                << smallest.ToJson() << "\n"
                << Compare(smallest, answerers, nullptr)->text;
  return false;
}

void ExpectAgreement(const std::vector<Answerer>& answerers, std::uint64_t decisions,
                     const WorldSize& size, const std::string& name) {
  std::cout << "seed " << Seed() << std::endl;
  rc::Random random(Seed());
  const rc::Gen<World> gen = WorldGen(size);
  Mix mix;
  Features features;
  while (mix.decisions < decisions) {
    const rc::Shrinkable<World> world = gen(random.split(), 0);
    features.Add(world.value());
    if (!ExpectAgreementOn(world.value(), answerers, name, &mix)) return;
  }
  std::cout << mix.Show() << ", no difference" << std::endl;
  std::cout << features.Show() << std::endl;
  mix.Check();
}

}  // namespace assay::testing
