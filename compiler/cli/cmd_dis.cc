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
  std::string policies, stage = "bytecode";
};

int Dis(const Flags& flags) {
  Input input;
  const auto policies = ReadPolicies(&input, flags.policies);
  if (!policies) return kFailure;
  if (flags.stage == "ast") {
    std::cout << cedar::Dump(policies->syntax());
    return kSuccess;
  }
  if (flags.stage == "ir") {
    ir::Module module = cedar::Lower(policies->syntax());
    passes::Fold(&module);
    std::cout << ir::Dump(module);
    return kSuccess;
  }
  const Result<Program> program = policies->Compile();
  if (!program.ok()) {
    PrintError(program.error().message);
    return kFailure;
  }
  if (flags.stage == "bytecode") {
    std::cout << program.value().Disassemble();
    return kSuccess;
  }
  const Result<Snapshot> snapshot = Snapshot::Create(program.value(), Entities());
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  std::cout << rt::OutlineText(rt::Outline(snapshot.value()));
  return kSuccess;
}

}  // namespace

void AddDis(CLI::App* app, Run* run) {
  CLI::App* command =
      app->add_subcommand("dis", "Print what a stage of the compiler makes of policies");
  auto flags = std::make_shared<Flags>();
  command->add_option(
      "-p,--policies", flags->policies,
      "A .cedar file, a folder of them, a .json policy set, or - for standard input");
  command->add_option("--stage", flags->stage, "ast, ir, bytecode or tree")
      ->check(CLI::IsMember({"ast", "ir", "bytecode", "tree"}));
  command->callback([flags, run] { *run = [flags] { return Dis(*flags); }; });
}

}  // namespace assay::cli
