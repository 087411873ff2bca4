// policyc explain: why a request is allowed or denied.
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/explain.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string entities;
  RequestFlags request;
  SchemaFlags schema;
  bool is_json = false;
  std::uint32_t near_misses = 3;
};

int RunExplain(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto policies = flags.policies.Read(&input);
  const auto entities = ReadEntities(&input, flags.entities, schema->get());
  if (!policies || !entities) return kFailure;
  const auto request = flags.request.Read(&input, schema->get());
  if (!request) return kFailure;
  // Without the schema's promises: the code asks for what the text does, in its order.
  const Result<Program> program = policies->Compile();
  if (!program.ok()) {
    PrintError(program.error().message);
    return kFailure;
  }
  const Result<Snapshot> snapshot = Snapshot::Create(program.value(), *entities, TheLimits());
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  const PolicyIndex index(input.sources(), *policies, program.value());
  const auto explanation = Explain(index, snapshot.value(), *request, flags.near_misses);
  if (!explanation.ok()) {
    PrintError(explanation.error().message);
    return kFailure;
  }
  std::cout << (flags.is_json ? ExplanationJson(explanation.value())
                              : ExplanationText(explanation.value()));
  return explanation.value().is_allow ? kSuccess : kDeny;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTextTo(command);
  command->Text("--entities", &flags->entities, "A JSON file with the entities");
  flags->request.AddTo(command);
  flags->schema.AddTo(command);
  command->Number("--near", &flags->near_misses, "How many near misses to show at most")
      .Between(0, 20);
  command->Choice("--format", &flags->is_json, {{"human", false}, {"json", true}}, "What to print");
}

}  // namespace

void AddExplain(Command* app) {
  app->Add<Flags>("explain", "Say why a request is allowed or denied", Declare, RunExplain);
}

}  // namespace assay::cli
