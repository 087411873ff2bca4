// policyc verify-image: is an image what these policies compile to?
#include <iostream>
#include <utility>

#include "assay/image.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"
#include "engine/base/escape.h"
#include "engine/snapshot/policy_digest.h"

namespace assay::cli {

namespace {

struct Flags {
  std::string image, key;
  PolicyFlags policies;
};

// What is wrong with the signature, or nothing. Without a key nothing is asked for.
std::optional<std::string> CheckSigned(Input* input, const std::string& image, const Flags& flags) {
  if (flags.key.empty()) return std::nullopt;
  const auto key = input->ReadFile(flags.key);
  const auto signature = input->ReadFile(flags.image + ".sig");
  if (!key || !signature) return "the signature cannot be checked";
  const auto error = CheckSignature(image, *signature, *key);
  return error ? std::optional(error->message) : std::nullopt;
}

// What tells the image from the program, or nothing.
std::optional<std::string> Difference(const std::string& image, const Program& expected,
                                      const Limits& limits) {
  const Result<ImageInfo> info = ReadImageInfo(image, limits);
  if (!info.ok()) return info.error().message;
  const Result<Program> program = ReadImage(image, limits);
  if (!program.ok()) return program.error().message;
  const Sha256Digest theirs = rt::DigestOf(program.value().parts());
  const Sha256Digest ours = rt::DigestOf(expected.parts());
  if (info.value().digest != theirs) {
    return "the image claims the digest " + ToHex(info.value().digest) + ", and has " +
           ToHex(theirs);
  }
  if (theirs != ours) {
    return "the image holds other policies: its digest is " + ToHex(theirs) + ", and theirs is " +
           ToHex(ours);
  }
  const Result<std::string> theirs_again = WriteImage(program.value());
  const Result<std::string> ours_again = WriteImage(expected);
  if (!theirs_again.ok() || !ours_again.ok()) return "out of memory";
  if (theirs_again.value() == ours_again.value()) return std::nullopt;
  return "the image has the digest of these policies but other code: it comes from another "
         "version of the compiler (" +
         info.value().producer + "), from another order of files, or was changed";
}

int VerifyImage(const Flags& flags) {
  Input input;
  const auto image = input.ReadFile(flags.image);
  if (!image) return kFailure;
  auto problem = CheckSigned(&input, *image, flags);
  if (!problem) {
    const auto policies = flags.policies.Read(&input);
    const auto program = policies ? CompileProgram(&input, *policies) : std::nullopt;
    if (!program) return kFailure;
    problem = Difference(*image, *program, input.limits());
    if (!problem) {
      std::cout << Printable(flags.image) << ": " << ToHex(rt::DigestOf(program->parts())) << "\n";
      return kSuccess;
    }
  }
  PrintError(flags.image + ": " + *problem);
  return kFailure;
}

void Declare(Command* command, Flags* flags) {
  command->Text("image", &flags->image, "The image").Required();
  command
      ->Text("policies", &flags->policies.path,
             "A .cedar file, a folder of them, a .json policy set, or - for standard input")
      .Required();
  flags->policies.AddFormsTo(command);
  command->Text("--key", &flags->key,
                "A PEM file with the public key whose owner must have signed the image");
}

}  // namespace

void AddVerifyImage(Command* app) {
  app->Add<Flags>("verify-image",
                  "Compile policies and check that an image holds just them; print its digest",
                  Declare, VerifyImage);
}

}  // namespace assay::cli
