// The commands of `assay`. Each lives in a file of its own.
#pragma once

#include "compiler/cli/errors.h"
#include "compiler/cli/options.h"

namespace assay::mint::cli {

using assay::cli::Command;
using assay::cli::Option;
using assay::cli::PrintError;

enum ExitCode : int {
  kSuccess = 0,
  kFailure = 1,  // something was wrong, or what was asked about is not as it should be
  kRefused = 2,  // no grant, or the grant is not good for this
};

// Each adds one command to the program, or to `ledger`.
void AddInit(Command* app);
void AddMint(Command* app);
void AddVerify(Command* app);
void AddRevoke(Command* app);
void AddLedger(Command* app);
void AddExplain(Command* ledger);

// `--format text|json`.
void AddFormat(Command* command, bool* is_json);

}  // namespace assay::mint::cli
