// policyc check-parse: are these texts well-formed?
#include <memory>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  std::string policies, expression, entities;
};

int CheckParse(const Flags& flags) {
  Input input;
  bool ok = true;
  const bool nothing_given =
      flags.policies.empty() && flags.expression.empty() && flags.entities.empty();
  if (!flags.policies.empty() || nothing_given) {
    ok = ReadPolicies(&input, flags.policies).has_value() && ok;
  }
  if (!flags.expression.empty()) {
    const std::uint32_t source = input.AddText("<expression>", flags.expression);
    CompileExpression(input.sources(), source, input.limits(), &input.diagnostics());
    ok = input.Check() && ok;
  }
  if (!flags.entities.empty()) ok = ReadEntities(&input, flags.entities).has_value() && ok;
  return ok ? kSuccess : kFailure;
}

}  // namespace

void AddCheckParse(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand(
      "check-parse", "Check that policies, an expression or entities are well-formed");
  auto flags = std::make_shared<Flags>();
  command->add_option("-p,--policies", flags->policies,
                      "A .cedar file, a folder of them, a .json policy set; standard input if "
                      "nothing is given");
  command->add_option("--expression", flags->expression, "A Cedar expression");
  command->add_option("--entities", flags->entities, "A JSON file with entities");
  command->callback([flags, run] { *run = [flags] { return CheckParse(*flags); }; });
}

}  // namespace assay::cli
