// policyc evaluate: the value of one expression.
#include <iostream>

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
  const Result<Snapshot> snapshot = Snapshot::Create(*program, *entities, TheLimits());
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  Scratch scratch(TheLimits());
  const Result<Value> value = assay::Evaluate(snapshot.value(), *request, scratch);
  if (!value.ok()) {
    PrintError(value.error().message);
    return kFailure;
  }
  std::cout << "\n" << value.value().ToCedar() << "\n";
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  command->Text("expression", &flags->expression, "The expression").Required();
  command->Text("--entities", &flags->entities, "A JSON file with the entities");
  flags->request.AddTo(command);
  flags->schema.AddTo(command);
}

}  // namespace

void AddEvaluate(Command* app) {
  app->Add<Flags>("evaluate", "Print the value of one Cedar expression", Declare, Evaluate);
}

}  // namespace assay::cli
