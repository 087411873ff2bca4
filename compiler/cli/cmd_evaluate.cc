// policyc evaluate: the value of one expression.
#include <iostream>
#include <memory>

#include "assay/evaluator.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  std::string expression, entities;
  RequestFlags request;
  SchemaFlags schema;
};

int Evaluate(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto request = flags.request.Read(&input, schema->get());
  const std::uint32_t source = input.AddText("<expression>", flags.expression);
  auto program = CompileExpression(input.sources(), source, input.limits(), &input.diagnostics());
  auto entities = ReadEntities(&input, flags.entities, schema->get());
  if (!input.Check() || !request || !program || !entities) return kFailure;
  const Result<Snapshot> snapshot = Snapshot::Create(*program, *entities);
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  Scratch scratch;
  const Result<Value> value = assay::Evaluate(snapshot.value(), *request, scratch);
  if (!value.ok()) {
    PrintError(value.error().message);
    return kFailure;
  }
  std::cout << "\n" << value.value().ToCedar() << "\n";
  return kSuccess;
}

}  // namespace

void AddEvaluate(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("evaluate", "Print the value of one Cedar expression");
  auto flags = std::make_shared<Flags>();
  command->add_option("expression", flags->expression, "The expression")->required();
  command->add_option("--entities", flags->entities, "A JSON file with the entities");
  flags->request.AddTo(command);
  flags->schema.AddTo(command, false);
  command->callback([flags, run] { *run = [flags] { return Evaluate(*flags); }; });
}

}  // namespace assay::cli
