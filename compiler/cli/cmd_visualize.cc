// policyc visualize: the decision tree or the entity hierarchy as a graph for Graphviz.
#include <iostream>

#include "assay/snapshot.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "engine/eval/tree_dump.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string entities;
  std::uint64_t limit = 500;
};

int VisualizePolicies(const Flags& flags) {
  Input input;
  const auto program = ReadProgram(&input, flags.policies);
  if (!program) return kFailure;
  const Result<Snapshot> snapshot = Snapshot::Create(*program, Entities(), TheLimits());
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  std::cout << rt::OutlineGraph(rt::Outline(snapshot.value()), flags.limit);
  return kSuccess;
}

int VisualizeEntities(const Flags& flags) {
  Input input;
  const auto entities = ReadEntities(&input, flags.entities, nullptr);
  if (!entities) return kFailure;
  std::cout << rt::HierarchyGraph(*entities, flags.limit);
  return kSuccess;
}

int Visualize(const Flags& flags) {
  return flags.entities.empty() ? VisualizePolicies(flags) : VisualizeEntities(flags);
}

void Declare(Command* command, Flags* flags) {
  const Option policies = flags->policies.AddTo(command);
  command->Text("--entities", &flags->entities, "A JSON file with the entities").Excludes(policies);
  command->Number("--limit", &flags->limit, "How many nodes to draw at most");
}

}  // namespace

void AddVisualize(Command* app) {
  app->Add<Flags>("visualize",
                  "Print the decision tree, or the entity hierarchy, as a graph for Graphviz",
                  Declare, Visualize);
}

}  // namespace assay::cli
