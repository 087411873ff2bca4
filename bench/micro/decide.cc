// Decisions per second of the engine, and of the oracle of tests/ beside it, on the same requests.
// The argument is the number of policies. Whole answers: decision, determining policies, errors.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

#include "assay/compile.h"
#include "assay/evaluator.h"
#include "assay/request.h"
#include "bench/micro/world.h"
#include "tests/oracle/oracle.h"

namespace assay::bench {
namespace {

// A benchmark of something that is not there would be worthless.
template <typename T>
T Need(T value, const Diagnostics& diagnostics, const Sources& sources) {
  if (diagnostics.empty()) return value;
  std::cerr << diagnostics.Render(sources);
  std::abort();
}

struct Loaded {
  explicit Loaded(std::size_t count) : world(Organisation(count)) {
    Diagnostics diagnostics;
    for (const auto& [id, text] : world.policies) {
      policies.AddPolicy(id, sources, sources.Add(id, text), &diagnostics);
    }
    entities = Need(Entities::FromJson(sources, sources.Add("entities", world.EntitiesJson()),
                                       Limits{}, &diagnostics),
                    diagnostics, sources)
                   .value();
    for (const std::string& text : world.requests) {
      requests.push_back(
          Need(ParseRequestJson(sources, sources.Add("request", text), Limits{}, &diagnostics),
               diagnostics, sources)
              .value());
    }
  }

  Snapshot MakeSnapshot() const {
    return Snapshot::Create(policies.Compile().value(), entities).value();
  }

  testing::World world;
  Sources sources;
  PolicySet policies;
  Entities entities;
  std::vector<Request> requests;
};

void Report(benchmark::State& state, std::size_t allowed, std::size_t determining) {
  const auto decisions = static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations());
  state.counters["allowed"] = static_cast<double>(allowed) / decisions;
  state.counters["determining"] = static_cast<double>(determining) / decisions;
}

void Engine_DecideBound(benchmark::State& state) {
  const Loaded loaded(static_cast<std::size_t>(state.range(0)));
  const Snapshot snapshot = loaded.MakeSnapshot();
  std::vector<BoundRequest> bound(loaded.requests.size());
  for (std::size_t i = 0; i < bound.size(); ++i) {
    if (!bound[i].Bind(snapshot, loaded.requests[i]).ok()) std::abort();
  }
  Scratch scratch;
  std::size_t next = 0;
  std::size_t allowed = 0;
  std::size_t determining = 0;
  for (auto _ : state) {
    const Decision decision = Decide(snapshot, bound[next], scratch);
    allowed += decision.is_allow() ? 1 : 0;
    determining += decision.determining().size();
    next = next + 1 == bound.size() ? 0 : next + 1;
  }
  Report(state, allowed, determining);
}

void Engine_BindAndDecide(benchmark::State& state) {
  const Loaded loaded(static_cast<std::size_t>(state.range(0)));
  const Snapshot snapshot = loaded.MakeSnapshot();
  Scratch scratch;
  std::size_t next = 0;
  std::size_t allowed = 0;
  std::size_t determining = 0;
  for (auto _ : state) {
    const Decision decision = Decide(snapshot, loaded.requests[next], scratch);
    allowed += decision.is_allow() ? 1 : 0;
    determining += decision.determining().size();
    next = next + 1 == loaded.requests.size() ? 0 : next + 1;
  }
  Report(state, allowed, determining);
}

void Oracle_Decide(benchmark::State& state) {
  const Loaded loaded(static_cast<std::size_t>(state.range(0)));
  std::string error;
  const auto store = oracle::ReadStore(loaded.world.EntitiesJson(), &error);
  std::vector<oracle::Request> requests;
  for (const std::string& text : loaded.world.requests) {
    requests.push_back(oracle::ParseRequest(text, &error).value());
  }
  std::size_t next = 0;
  std::size_t allowed = 0;
  std::size_t determining = 0;
  for (auto _ : state) {
    const oracle::Answer answer =
        oracle::Decide(loaded.policies.syntax(), store.value(), requests[next]);
    allowed += answer.allow ? 1 : 0;
    determining += answer.reasons.size();
    next = next + 1 == requests.size() ? 0 : next + 1;
  }
  Report(state, allowed, determining);
}

// From policy text that is in memory to a snapshot.
void Engine_Load(benchmark::State& state) {
  const testing::World world = Organisation(static_cast<std::size_t>(state.range(0)));
  std::size_t bytes = 0;
  for (const auto& [id, text] : world.policies) bytes += text.size();
  for (auto _ : state) {
    Sources sources;
    Diagnostics diagnostics;
    PolicySet policies;
    for (const auto& [id, text] : world.policies) {
      policies.AddPolicy(id, sources, sources.Add(id, text), &diagnostics);
    }
    benchmark::DoNotOptimize(Snapshot::Create(policies.Compile().value(), Entities{}).ok());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

BENCHMARK(Engine_DecideBound)->Arg(5)->Arg(100)->Arg(10'000);
BENCHMARK(Engine_BindAndDecide)->Arg(5)->Arg(100)->Arg(10'000);
BENCHMARK(Oracle_Decide)->Arg(5)->Arg(100)->Arg(10'000);
BENCHMARK(Engine_Load)->Arg(5)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace assay::bench
