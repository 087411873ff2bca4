// policyc help: what a diagnostic, a rule of lint or a limit means, by its name.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "assay/diagnostics.h"
#include "compiler/cli/command.h"
#include "compiler/cli/errors.h"
#include "compiler/cli/limits.h"
#include "compiler/cli/lint_report.h"

namespace assay::cli {

namespace {

struct DiagHelp {
  DiagId id;
  std::string_view about, wrong, right;
};

constexpr DiagHelp kHelp[] = {
#define HELP(Name, about, wrong, right) {DiagId::Name, about, wrong, right},
#include "compiler/cli/help_texts.def"
};

constexpr DiagId kDiagnostics[] = {
#define DIAG(Name, text) DiagId::Name,
#include "assay/diagnostics.def"
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < std::size(kHelp); ++i) {
    if (static_cast<std::size_t>(kHelp[i].id) != i) return false;
  }
  return std::size(kHelp) == std::size(kDiagnostics);
}
static_assert(IsInOrder(), "help_texts.def has a row for each of diagnostics.def, in its order");
static_assert(std::none_of(std::begin(kHelp), std::end(kHelp),
                           [](const DiagHelp& help) {
                             return help.about.empty() || help.wrong.empty() || help.right.empty();
                           }),
              "and each has an example");

std::string Text(const DiagHelp& help) {
  return std::string(DiagName(help.id)) + ": " + std::string(help.about) +
         "\n  wrong: " + std::string(help.wrong) + "\n  right: " + std::string(help.right) + "\n";
}

struct Flags {
  std::string id;
};

int Help(const Flags& flags) {
  if (flags.id.empty()) {
    for (const DiagHelp& help : kHelp) std::cout << Text(help);
    for (const LintRuleInfo& rule : kLintRules) std::cout << LintRuleText(rule);
    std::cout << *LimitHelp("limits");
    return kSuccess;
  }
  for (const DiagHelp& help : kHelp) {
    if (DiagName(help.id) != flags.id) continue;
    std::cout << Text(help);
    return kSuccess;
  }
  if (const auto limit = LimitHelp(flags.id)) {
    std::cout << *limit;
    return kSuccess;
  }
  for (const LintRuleInfo& rule : kLintRules) {
    if (rule.id != flags.id) continue;
    std::cout << LintRuleText(rule);
    return kSuccess;
  }
  PrintError("there is no diagnostic `" + flags.id + "`", &std::cerr,
             "`policyc help` lists all of them");
  return kFailure;
}

void Declare(Command* command, Flags* flags) {
  command->Text("id", &flags->id,
                "The name in brackets at the end of a message, or `limits`, or one of those; all "
                "if it is left "
                "out");
}

}  // namespace

void AddHelp(Command* app) {
  app->Add<Flags>("help", "Say what a diagnostic or a limit means, by its name", Declare, Help);
}

}  // namespace assay::cli
