// The commands of policyc. Each lives in a file of its own and adds itself to the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace assay::cli {

// The exit codes of the reference's command line.
enum ExitCode : int {
  kSuccess = 0,  // ok, or allow
  kFailure = 1,  // something was wrong
  kDeny = 2,
  kValidationFailure = 3,
  kUnknown = 4,
};

// Adds the command to `app`; `*run` is set to what it does if it is the one that was called.
using Run = std::function<int()>;
void AddAuthorize(CLI::App* app, Run* run);
void AddEvaluate(CLI::App* app, Run* run);
void AddCheckParse(CLI::App* app, Run* run);
void AddLink(CLI::App* app, Run* run);
void AddFormat(CLI::App* app, Run* run);
void AddTranslatePolicy(CLI::App* app, Run* run);
void AddRunTests(CLI::App* app, Run* run);
void AddTest(CLI::App* app, Run* run);
void AddNew(CLI::App* app, Run* run);
void AddDis(CLI::App* app, Run* run);
void AddVisualize(CLI::App* app, Run* run);
void AddCompile(CLI::App* app, Run* run);
void AddDigest(CLI::App* app, Run* run);
void AddVerifyImage(CLI::App* app, Run* run);
void AddTranslateSchema(CLI::App* app, Run* run);
void AddValidate(CLI::App* app, Run* run);
// language-version and license, and the commands that are not there yet.
void AddAbout(CLI::App* app, Run* run);

}  // namespace assay::cli
