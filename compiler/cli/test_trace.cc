#include "compiler/cli/test_trace.h"

#include <utility>

#include "compiler/cli/limits.h"

namespace assay::cli {

struct TestTracer::World {
  World(const Sources& sources, const PolicySet& policies, Program compiled, std::size_t count)
      : program(std::move(compiled)), index(sources, policies, program), snapshots(count) {}

  Program program;
  PolicyIndex index;
  std::vector<std::optional<Snapshot>> snapshots;  // by set of entities
  const Snapshot* snapshot = nullptr;              // of the test that is traced
  std::optional<Tracer> tracer;
};

TestTracer::TestTracer(const Sources& sources, const PolicySet& policies, const TestFile& file)
    : sources_(sources), policies_(policies), file_(file) {}
TestTracer::~TestTracer() = default;

TestTracer::World* TestTracer::Compiled() {
  if (world_ != nullptr) return world_.get();
  // Without a schema: then the code asks for what the text does, in its order.
  Result<Program> program = policies_.Compile();
  if (!program.ok()) return nullptr;
  world_ = std::make_unique<World>(sources_, policies_, std::move(program).value(),
                                   file_.entities.size());
  return world_.get();
}

TestTracer::World* TestTracer::Prepare(const TestCase& test) {
  if (!test.problem.empty() || Compiled() == nullptr) return nullptr;
  std::optional<Snapshot>& snapshot = world_->snapshots[test.entities];
  if (!snapshot) {
    Result<Snapshot> made =
        Snapshot::Create(world_->program, file_.entities[test.entities], TheLimits());
    if (!made.ok()) return nullptr;
    snapshot.emplace(std::move(made).value());
  }
  world_->snapshot = &*snapshot;
  Result<Tracer> tracer = Tracer::Create(*snapshot, test.request, TheLimits());
  if (!tracer.ok()) return nullptr;
  world_->tracer.emplace(std::move(tracer).value());
  return world_.get();
}

std::vector<NearMiss> TestTracer::NearMisses(const TestCase& test, cedar::Effect effect,
                                             std::size_t count) {
  World* world = Prepare(test);
  if (world == nullptr) return {};
  return FindNearMisses(world->index, *world->snapshot, &*world->tracer, effect, count);
}

bool TestTracer::Declare(Coverage* coverage) {
  const World* world = Compiled();
  if (world != nullptr) coverage->Declare(sources_, world->index);
  return world != nullptr;
}

void TestTracer::Cover(const TestCase& test, Coverage* coverage) {
  World* world = Prepare(test);
  if (world == nullptr) return;
  for (std::uint32_t policy = 0; policy < world->snapshot->policy_end(); ++policy) {
    const std::string_view id = world->snapshot->policy_id(policy);
    if (!world->snapshot->FindPolicy(id) || !world->tracer->Scope(policy).all()) continue;
    const Result<PolicyTrace> trace = world->tracer->Run(policy);
    if (trace.ok()) coverage->Add(world->index, world->index.Find(id), trace.value());
  }
}

}  // namespace assay::cli
