// policyc compile: policies as an image.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "assay/image.h"
#include "compiler/cli/command.h"
#include "compiler/cli/input.h"

namespace assay::cli {

namespace {

namespace fs = std::filesystem;

struct Flags {
  PolicyFlags policies;
  std::string output, sign_key;
};

// Whoever reads the file meanwhile gets the old one or the new one, whole.
bool WriteFile(const std::string& path, const std::string& bytes) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  std::error_code error;
  if (file) fs::rename(part, path, error);
  if (file && !error) return true;
  PrintError(path + ": this file cannot be written");
  fs::remove(part, error);
  return false;
}

int Compile(const Flags& flags) {
  Input input;
  const auto program = ReadProgram(&input, flags.policies);
  if (!program) return kFailure;
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
  if (!WriteFile(flags.output, image.value())) return kFailure;
  if (!signature.empty() && !WriteFile(flags.output + ".sig", signature)) return kFailure;
  return kSuccess;
}

}  // namespace

void AddCompile(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("compile", "Write policies as an image");
  auto flags = std::make_shared<Flags>();
  flags->policies.AddTo(command);
  command->add_option("-o,--output", flags->output, "The image, such as F.assay")->required();
  command->add_option(
      "--sign-key", flags->sign_key,
      "A PEM file with a private key, for Ed25519 or ECDSA with P-256: also write a "
      "signature, F.assay.sig");
  command->callback([flags, run] { *run = [flags] { return Compile(*flags); }; });
}

}  // namespace assay::cli
