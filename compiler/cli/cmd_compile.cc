// policyc compile: policies as an image.
#include "assay/image.h"
#include "compiler/cli/command.h"
#include "compiler/cli/grants.h"
#include "compiler/cli/input.h"
#include "compiler/cli/replace_file.h"

namespace assay::cli {

namespace {

struct Flags {
  PolicyFlags policies;
  std::string output, sign_key;
  bool grants = false;
};

int Compile(const Flags& flags) {
  Input input;
  const auto program = ReadProgram(&input, flags.policies);
  if (!program || !CheckGrants(*program, flags.grants)) return kFailure;
  const Result<std::string> image = WriteImage(*program);
  if (!image.ok()) {
    PrintError(image.error().message);
    return kFailure;
  }
  std::string signature;
  if (!flags.sign_key.empty()) {
    const auto key = input.ReadFile(flags.sign_key);
    if (!key) return kFailure;
    const Result<std::string> made = SignImage(image.value(), *key);
    if (!made.ok()) {
      PrintError(flags.sign_key + ": " + made.error().message);
      return kFailure;
    }
    signature = made.value();
  }
  if (!ReplaceFile(flags.output, image.value())) return kFailure;
  if (!signature.empty() && !ReplaceFile(flags.output + ".sig", signature)) return kFailure;
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  flags->policies.AddTo(command);
  command->Text("-o,--output", &flags->output, "The image, such as F.assay").Required();
  command->Text("--sign-key", &flags->sign_key,
                "A PEM file with a private key, for Ed25519 or ECDSA with P-256: also write a "
                "signature, F.assay.sig");
  command->Flag("--grants", &flags->grants,
                "Refuse annotations `grant_…` that the mint would refuse; else it is a warning");
}

}  // namespace

void AddCompile(Command* app) {
  app->Add<Flags>("compile", "Write policies as an image", Declare, Compile);
}

}  // namespace assay::cli
