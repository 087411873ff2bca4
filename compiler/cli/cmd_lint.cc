// policyc lint: what policies say that their author can hardly have meant.
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/cli/lint_report.h"

namespace assay::cli {

namespace {

enum class LintFormat : std::uint8_t { kHuman, kJson, kSarif };

struct Flags {
  PolicyFlags policies;
  SchemaFlags schema;
  LintFormat format = LintFormat::kHuman;
  bool rules = false;
};

int RunLint(const Flags& flags) {
  if (flags.rules) {
    std::cout << LintRulesText();
    return kSuccess;
  }
  Input input;
  const auto schema = flags.schema.Read(&input);
  if (!schema) return kFailure;
  const auto policies = flags.policies.Read(&input);
  if (!policies) return kFailure;
  const std::vector<LintFinding> findings = Lint(*policies, schema->get());
  switch (flags.format) {
    case LintFormat::kHuman:
      std::cout << LintText(input.sources(), findings) << findings.size()
                << (findings.size() == 1 ? " finding\n" : " findings\n");
      break;
    case LintFormat::kJson: std::cout << LintJson(input.sources(), findings); break;
    case LintFormat::kSarif: std::cout << LintSarif(input.sources(), findings); break;
  }
  return findings.empty() ? kSuccess : kValidationFailure;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTextTo(command);
  flags->schema.AddTo(command);
  command->Choice(
      "--format", &flags->format,
      {{"human", LintFormat::kHuman}, {"json", LintFormat::kJson}, {"sarif", LintFormat::kSarif}},
      "What to print");
  command->Flag("--rules", &flags->rules, "Print all rules, with why and an example of each");
}

}  // namespace

void AddLint(Command* app) {
  app->Add<Flags>("lint", "Find what policies can hardly mean; exits with 3 if there is any",
                  Declare, RunLint);
}

}  // namespace assay::cli
