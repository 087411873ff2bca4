// policyc dis: what each stage of the compiler makes of policies.
#include <iostream>

#include "assay/snapshot.h"
#include "compiler/cedar/dump.h"
#include "compiler/cedar/lower.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "compiler/passes/fold.h"
#include "engine/eval/tree_dump.h"

namespace assay::cli {

namespace {

enum class Stage : std::uint8_t { kAst, kIr, kBytecode, kTree };

struct Flags {
  PolicyFlags policies;
  Stage stage = Stage::kBytecode;
};

// What the compiler makes of the text.
int DisText(const Flags& flags) {
  Input input;
  const auto policies = flags.policies.Read(&input);
  if (!policies) return kFailure;
  if (flags.stage == Stage::kAst) {
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
  if (flags.stage == Stage::kBytecode) {
    std::cout << program->Disassemble();
    return kSuccess;
  }
  const Result<Snapshot> snapshot = Snapshot::Create(*program, Entities(), TheLimits());
  if (!snapshot.ok()) {
    PrintError(snapshot.error().message);
    return kFailure;
  }
  std::cout << rt::OutlineText(rt::Outline(snapshot.value()));
  return kSuccess;
}

int Dis(const Flags& flags) {
  return flags.stage == Stage::kAst || flags.stage == Stage::kIr ? DisText(flags)
                                                                 : DisProgram(flags);
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTo(command);
  command->Choice("--stage", &flags->stage,
                  {{"ast", Stage::kAst},
                   {"ir", Stage::kIr},
                   {"bytecode", Stage::kBytecode},
                   {"tree", Stage::kTree}},
                  "What to print");
}

}  // namespace

void AddDis(Command* app) {
  app->Add<Flags>("dis", "Print what a stage of the compiler makes of policies", Declare, Dis);
}

}  // namespace assay::cli
