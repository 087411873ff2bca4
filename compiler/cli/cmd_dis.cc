// policyc dis: what each stage of the compiler makes of policies.
#include <iostream>
#include <memory>

#include "assay/snapshot.h"
#include "compiler/cedar/dump.h"
#include "compiler/cedar/lower.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/passes/fold.h"
#include "engine/eval/tree_dump.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string stage = "bytecode";
};

// What the compiler makes of the text.
int DisText(const Flags& flags) {
  Input input;
  const auto policies = flags.policies.Read(&input);
  if (!policies) return kFailure;
  if (flags.stage == "ast") {
    std::cout << cedar::Dump(policies->syntax());
    return kSuccess;
  }
  ir::Module module = cedar::Lower(policies->syntax());
  passes::Fold(&module);
  std::cout << ir::Dump(module);
  return kSuccess;
}

// What the engine makes of a program.
int DisProgram(const Flags& flags) {
  Input input;
  const auto program = ReadProgram(&input, flags.policies);
  if (!program) return kFailure;
  if (flags.stage == "bytecode") {
    std::cout << program->Disassemble();
    return kSuccess;
  }
  const Result<Snapshot> snapshot = Snapshot::Create(*program, Entities());
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  std::cout << rt::OutlineText(rt::Outline(snapshot.value()));
  return kSuccess;
}

int Dis(const Flags& flags) {
  return flags.stage == "ast" || flags.stage == "ir" ? DisText(flags) : DisProgram(flags);
}

}  // namespace

void AddDis(CLI::App* app, Run* run) {
  CLI::App* command =
      app->add_subcommand("dis", "Print what a stage of the compiler makes of policies");
  auto flags = std::make_shared<Flags>();
  flags->policies.AddTo(command);
  command->add_option("--stage", flags->stage, "ast, ir, bytecode or tree")
      ->check(CLI::IsMember({"ast", "ir", "bytecode", "tree"}));
  command->callback([flags, run] { *run = [flags] { return Dis(*flags); }; });
}

}  // namespace assay::cli
