// policyc digest: what stands for all that policies say.
#include <iostream>
#include <memory>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "engine/snapshot/policy_digest.h"

namespace assay::cli {

void AddDigest(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand(
      "digest", "Print the policy digest: equal for policies that say the same under the same ids");
  auto flags = std::make_shared<PolicyFlags>();
  flags->AddTo(command);
  command->callback([flags, run] {
    *run = [flags]() -> int {
      Input input;
      const auto program = ReadProgram(&input, *flags);
      if (!program) return kFailure;
      std::cout << ToHex(rt::DigestOf(program->parts())) << "\n";
      return kSuccess;
    };
  });
}

}  // namespace assay::cli
