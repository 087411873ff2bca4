// assay: the broker's tool on the command line.
#include <sys/prctl.h>

#include "assay/mint/secret.h"
#include "compiler/cli/manual.h"
#include "compiler/cli/run_app.h"
#include "engine/mint/cli/command.h"

namespace assay::mint::cli {

namespace {

// Enough for the few keys that one run reads.
constexpr std::size_t kSecureHeapBytes = std::size_t{1} << 20;

constexpr const char* kAbout = "Mints, verifies and records grants.";

void Declare(Command* app) {
  AddInit(app);
  AddMint(app);
  AddVerify(app);
  AddRevoke(app);
  AddLedger(app);
  assay::cli::AddManual(app, "assay", kAbout, Declare);
}

}  // namespace

void AddFormat(Command* command, bool* is_json) {
  command->Choice("--format", is_json, {{"text", false}, {"json", true}}, "What to print");
}

}  // namespace assay::mint::cli

int main(int argc, char** argv) {
  // Keys are read: no core dump, and nobody attaches.
  prctl(PR_SET_DUMPABLE, 0);
  assay::mint::UseSecureHeap(assay::mint::cli::kSecureHeapBytes);
  return assay::cli::RunApp(argc, argv, "assay", assay::mint::cli::kAbout,
                            assay::mint::cli::Declare);
}
