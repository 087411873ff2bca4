// assay: the broker's tool on the command line.
#include <sys/prctl.h>

#include <exception>
#include <iostream>

#include "assay/mint/secret.h"
#include "engine/base/escape.h"
#include "engine/base/utf8.h"
#include "engine/mint/cli/command.h"

namespace assay::mint::cli {

namespace {

// Enough for the few keys that one run reads.
constexpr std::size_t kSecureHeapBytes = std::size_t{1} << 20;

int Main(int argc, char** argv) {
  CLI::App app("Mints, verifies and records grants.", "assay");
  app.set_version_flag("--version", ASSAY_VERSION);
  app.require_subcommand(1);
  Run run;
  AddInit(&app, &run);
  AddMint(&app, &run);
  AddVerify(&app, &run);
  AddRevoke(&app, &run);
  AddLedger(&app, &run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kSuccess : kFailure;
  }
  return run();
}

}  // namespace

void PrintError(const std::string& message) {
  std::string text;
  for (std::size_t at = 0, valid = utf8::ValidPrefix(message); at < valid;) {
    const utf8::Decoded next = utf8::Decode(message, at);
    const std::string piece = message.substr(at, next.length);
    text += utf8::IsUnsafeToPrint(next.code_point) ? EscapeText(piece) : piece;
    at += next.length;
  }
  std::cerr << "error: " << text << "\n";
}

void AddFormat(CLI::App* command, bool* is_json) {
  command
      ->add_option_function<std::string>(
          "--format", [is_json](const std::string& name) { *is_json = name == "json"; },
          "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace assay::mint::cli

int main(int argc, char** argv) {
  // Keys are read: no core dump, and nobody attaches.
  prctl(PR_SET_DUMPABLE, 0);
  assay::mint::UseSecureHeap(assay::mint::cli::kSecureHeapBytes);
  try {
    return assay::mint::cli::Main(argc, argv);
  } catch (const std::exception& error) {
    assay::mint::cli::PrintError(error.what());
    return assay::mint::cli::kFailure;
  }
}
