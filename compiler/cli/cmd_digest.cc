// policyc digest: what stands for all that policies say.
#include <iostream>

#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "engine/snapshot/policy_digest.h"

namespace assay::cli {

namespace {

int Digest(const PolicyFlags& policies) {
  Input input;
  const auto program = ReadProgram(&input, policies);
  if (!program) return kFailure;
  std::cout << ToHex(rt::DigestOf(program->parts())) << "\n";
  return kSuccess;
}

void Declare(Command* command, PolicyFlags* policies) { policies->AddTo(command); }

}  // namespace

void AddDigest(Command* app) {
  app->Add<PolicyFlags>(
      "digest", "Print the policy digest: equal for policies that say the same under the same ids",
      Declare, Digest);
}

}  // namespace assay::cli
