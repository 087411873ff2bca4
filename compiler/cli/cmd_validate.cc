// policyc validate: are the policies right for the schema?
#include <iostream>
#include <memory>

#include "assay/validate.h"
#include "compiler/cli/command.h"
#include "compiler/cli/grants.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  SchemaFlags schema;
  std::string mode = "strict";
  std::optional<std::uint32_t> level;
  bool deny_warnings = false, grants = false;
};

void Print(const Sources& sources, const std::vector<Finding>& findings, const char* what) {
  for (const Finding& finding : findings) {
    if (finding.span) {
      const LineColumn place = sources.Locate(finding.span->source, finding.span->begin);
      std::cout << sources.name(finding.span->source) << ":" << place.line << ":" << place.column
                << ": ";
    }
    std::cout << what << ": " << finding.message << " [" << FindingName(finding.kind) << "]\n";
    if (!finding.help.empty()) std::cout << "  help: " << finding.help << "\n";
  }
}

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
  ValidationOptions options;
  options.mode = flags.mode == "strict" ? ValidationMode::kStrict : ValidationMode::kPermissive;
  options.level = flags.level;
  const Result<ValidationResult> result = Validate(*schema->get(), *policies, options);
  if (!result.ok()) {
    PrintError(result.error().message);
    return kFailure;
  }
  const std::vector<Finding>& errors = result.value().errors;
  const std::vector<Finding>& warnings = result.value().warnings;
  const bool failed = !errors.empty() || (flags.deny_warnings && !warnings.empty());
  // The first two lines are those of the reference.
  std::cout << (failed             ? "  × "
                : warnings.empty() ? "  ☞ "
                                   : "  ⚠ ")
            << "policy set validation " << (failed ? "failed" : "passed") << "\n";
  if (errors.empty() && warnings.empty()) std::cout << "  ╰─▶ no errors or warnings\n";
  Print(input.sources(), errors, "error");
  Print(input.sources(), warnings, "warning");
  if (!GrantsAreRight(flags, *policies)) return kValidationFailure;
  return failed ? kValidationFailure : kSuccess;
}

}  // namespace

void AddValidate(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("validate", "Check policies against a schema");
  auto flags = std::make_shared<Flags>();
  flags->schema.AddTo(command, true);
  flags->policies.AddTo(command);
  command->add_flag("--deny-warnings", flags->deny_warnings, "Fail on warnings, too");
  command->add_flag("--grants", flags->grants,
                    "Refuse annotations `grant_…` that the mint would refuse");
  command->add_option("--validation-mode", flags->mode, "strict or permissive")
      ->check(CLI::IsMember({"strict", "permissive"}));
  command->add_option("--level", flags->level,
                      "Go through this many entities at most, one after the other");
  command->callback([flags, run] { *run = [flags] { return RunValidate(*flags); }; });
}

}  // namespace assay::cli
