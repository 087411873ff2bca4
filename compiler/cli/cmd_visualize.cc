// policyc visualize: the decision tree or the entity hierarchy as a graph for Graphviz.
#include <iostream>
#include <memory>

#include "assay/snapshot.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "engine/eval/tree_dump.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string entities;
  std::size_t limit = 500;
};

int VisualizePolicies(const Flags& flags) {
  Input input;
  const auto program = ReadProgram(&input, flags.policies);
  if (!program) return kFailure;
  const Result<Snapshot> snapshot = Snapshot::Create(*program, Entities());
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

}  // namespace

void AddVisualize(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand(
      "visualize", "Print the decision tree, or the entity hierarchy, as a graph for Graphviz");
  auto flags = std::make_shared<Flags>();
  CLI::Option* policies = flags->policies.AddTo(command);
  command->add_option("--entities", flags->entities, "A JSON file with the entities")
      ->excludes(policies);
  command->add_option("--limit", flags->limit, "How many nodes to draw at most")
      ->capture_default_str();
  command->callback([flags, run] {
    *run = [flags] {
      return flags->entities.empty() ? VisualizePolicies(*flags) : VisualizeEntities(*flags);
    };
  });
}

}  // namespace assay::cli
