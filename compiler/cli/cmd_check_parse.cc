// policyc check-parse: are these texts well-formed?
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string expression, entities;
  SchemaFlags schema;
};

bool CheckPolicies(Input* input, const PolicyFlags& flags) {
  return flags.NamesImage() ? ReadProgram(input, flags).has_value() : flags.Read(input).has_value();
}

int CheckParse(const Flags& flags) {
  Input input;
  bool ok = true;
  const bool nothing_given = flags.policies.path.empty() && flags.expression.empty() &&
                             flags.entities.empty() && flags.schema.schema.empty();
  if (!flags.policies.path.empty() || nothing_given) ok = CheckPolicies(&input, flags.policies);
  if (!flags.expression.empty()) {
    const std::uint32_t source = input.AddText("<expression>", flags.expression);
    CompileExpression(input.sources(), source, input.limits(), &input.diagnostics());
    ok = input.Check() && ok;
  }
  const auto schema = flags.schema.Read(&input);
  ok = schema.has_value() && ok;
  if (!flags.entities.empty() && schema) {
    ok = ReadEntities(&input, flags.entities, schema->get()).has_value() && ok;
  }
  return ok ? kSuccess : kFailure;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTo(command);
  command->Text("--expression", &flags->expression, "A Cedar expression");
  command->Text("--entities", &flags->entities,
                "A JSON file with entities; with a schema they must be as it says");
  flags->schema.AddTo(command);
}

}  // namespace

void AddCheckParse(Command* app) {
  app->Add<Flags>("check-parse",
                  "Check that policies, an expression, a schema or entities are well-formed; "
                  "standard input if none is given",
                  Declare, CheckParse);
}

}  // namespace assay::cli
