// policyc validate: are the policies right for the schema?
#include <iostream>

#include "assay/validate.h"
#include "compiler/cli/command.h"
#include "compiler/cli/findings.h"
#include "compiler/cli/grants.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  SchemaFlags schema;
  ValidationOptions options;
  bool deny_warnings = false, grants = false;
};

// Whether the mint would take the annotations, if that is asked.
bool GrantsAreRight(const Flags& flags, const PolicySet& policies) {
  if (!flags.grants) return true;
  const Result<Program> program = policies.Compile();
  if (program.ok()) return CheckGrants(program.value(), /*strict=*/true);
  PrintError(program.error().message);
  return false;
}

int RunValidate(const Flags& flags) {
  Input input;
  const auto schema = flags.schema.Read(&input);
  const auto policies = flags.policies.Read(&input);
  if (!schema || !policies) return kFailure;
  ValidationOptions options = flags.options;
  options.limits = input.limits();
  const Result<ValidationResult> result = Validate(*schema->get(), *policies, options);
  if (!result.ok()) {
    PrintError(result.error().message);
    return kFailure;
  }
  const bool has_warnings = !result.value().warnings.empty();
  const bool failed = !result.value().passed() || (flags.deny_warnings && has_warnings);
  PrintFindings(input.sources(), *policies, result.value(), failed, &std::cout);
  if (!GrantsAreRight(flags, *policies)) return kValidationFailure;
  return failed ? kValidationFailure : kSuccess;
}

void Declare(Command* command, Flags* flags) {
  flags->schema.AddTo(command).Required();
  flags->policies.AddTextTo(command);
  command->Flag("--deny-warnings", &flags->deny_warnings, "Fail on warnings, too");
  command->Flag("--grants", &flags->grants,
                "Refuse annotations `grant_…` that the mint would refuse");
  command->Choice(
      "--validation-mode", &flags->options.mode,
      {{"strict", ValidationMode::kStrict}, {"permissive", ValidationMode::kPermissive}},
      "How exactly types must fit");
  command->Number("--level", &flags->options.level,
                  "Go through this many entities at most, one after the other");
}

}  // namespace

void AddValidate(Command* app) {
  app->Add<Flags>("validate", "Check policies against a schema", Declare, RunValidate);
}

}  // namespace assay::cli
