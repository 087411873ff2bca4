// The commands of `assay`. Each lives in a file of its own and adds itself to the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

namespace assay::mint::cli {

enum ExitCode : int {
  kSuccess = 0,
  kFailure = 1,  // something was wrong, or what was asked about is not as it should be
  kRefused = 2,  // no grant, or the grant is not good for this
};

// Adds the command to `app`; `*run` is set to what it does if it is the one that was called.
using Run = std::function<int()>;
void AddInit(CLI::App* app, Run* run);
void AddMint(CLI::App* app, Run* run);
void AddVerify(CLI::App* app, Run* run);
void AddRevoke(CLI::App* app, Run* run);
void AddLedger(CLI::App* app, Run* run);
void AddExplain(CLI::App* ledger, Run* run);

// Prints `error: message`, with everything escaped that does not print.
void PrintError(const std::string& message);

// `--format text|json`.
void AddFormat(CLI::App* command, bool* is_json);

}  // namespace assay::mint::cli
