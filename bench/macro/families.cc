// Time per decision, memory per policy, and time to build, for families of 38 to a million
// policies. Rows are medians of repetitions. 256 requests take turns, so that not all that is read
// is in the nearest cache.
#include "tests/support/families.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/evaluator.h"
#include "assay/store.h"

namespace assay::bench {
namespace {

using testing::Family;

constexpr std::size_t kSizes[] = {38, 1'000, 10'000, 100'000, 1'000'000};
constexpr std::size_t kRequests = 256;
constexpr std::size_t kLargestText = 10'000;

double Milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// A store of one family.
struct World {
  World(const Family& of, std::size_t policies)
      : family(of.kind), size(policies), data(MakeFamilyData(of.kind, policies, kRequests)) {
    const Program program = testing::MakeFamilyProgram(of.kind, policies);
    const Entities entities = Entities::Create(data.entities).value();
    const Store without = Store::Create(Program(), entities).value();
    const auto began = std::chrono::steady_clock::now();
    store.emplace(Store::Create(program, entities).value());
    build_ms = Milliseconds(std::chrono::steady_clock::now() - began);
    bytes = store->Collect().live_bytes - Store(without).Collect().live_bytes;
  }

  testing::FamilyKind family;
  std::size_t size;
  testing::FamilyData data;
  std::optional<Store> store;
  double build_ms = 0;
  std::size_t bytes = 0;  // of the policies, without the entities
};

// The world of the row before serves again where it can: a million policies take seconds to make.
const World& WorldOf(const Family& family, std::size_t size) {
  static std::unique_ptr<World> world;
  if (world == nullptr || world->family != family.kind || world->size != size) {
    world.reset();
    world = std::make_unique<World>(family, size);
  }
  return *world;
}

void Report(benchmark::State& state, std::size_t visited) {
  state.counters["visited"] =
      static_cast<double>(visited) / static_cast<double>(state.iterations());
}

void DecideBound(benchmark::State& state, const Family& family, std::size_t size) {
  const World& world = WorldOf(family, size);
  const Snapshot snapshot = world.store->snapshot();
  std::vector<BoundRequest> bound(world.data.requests.size());
  for (std::size_t i = 0; i < bound.size(); ++i) {
    if (!bound[i].Bind(snapshot, world.data.requests[i].request).ok()) std::abort();
  }
  Scratch scratch;
  std::size_t next = 0;
  std::size_t visited = 0;
  for (auto _ : state) {
    visited += Decide(snapshot, bound[next], scratch).policies_visited();
    next = next + 1 == bound.size() ? 0 : next + 1;
  }
  Report(state, visited);
  state.counters["bytes/policy"] = static_cast<double>(world.bytes) / static_cast<double>(size);
  state.counters["build_ms"] = world.build_ms;
}

void BindAndDecide(benchmark::State& state, const Family& family, std::size_t size) {
  const World& world = WorldOf(family, size);
  const Snapshot snapshot = world.store->snapshot();
  Scratch scratch;
  std::size_t next = 0;
  std::size_t visited = 0;
  for (auto _ : state) {
    visited += Decide(snapshot, world.data.requests[next].request, scratch).policies_visited();
    next = next + 1 == world.data.requests.size() ? 0 : next + 1;
  }
  Report(state, visited);
}

// From policy text to a verified program.
void Compile(benchmark::State& state, const Family& family, std::size_t size) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(testing::CompileFamily(family.kind, size).policy_count());
  }
}

// Shows medians alone.
class Medians : public benchmark::ConsoleReporter {
 public:
  Medians() : ConsoleReporter(OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> shown;
    for (const Run& run : runs) {
      if (run.error_occurred || run.aggregate_name == "median") shown.push_back(run);
    }
    ConsoleReporter::ReportRuns(shown);
  }
};

void Register() {
  using Function = void (*)(benchmark::State&, const Family&, std::size_t);
  constexpr std::pair<const char*, Function> kRows[] = {
      {"decide", DecideBound}, {"bind+decide", BindAndDecide}, {"compile", Compile}};
  for (const Family& family : testing::kFamilies) {
    for (const std::size_t size : kSizes) {
      for (const auto& [name, run] : kRows) {
        if (run == Compile && size > kLargestText) continue;
        const std::string row = std::string(family.name) + "/" + name + "/" + std::to_string(size);
        auto* const registered = benchmark::RegisterBenchmark(
            row.c_str(),
            [run = run, &family, size](benchmark::State& state) { run(state, family, size); });
        if (run == Compile) registered->Unit(benchmark::kMillisecond);
      }
    }
  }
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  // What the command line says comes later, and counts.
  std::string repetitions = "--benchmark_repetitions=5";
  std::string time = "--benchmark_min_time=0.05";
  std::vector<char*> arguments{argv[0], repetitions.data(), time.data()};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
  assay::bench::Register();
  assay::bench::Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  return 0;
}
