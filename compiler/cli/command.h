// The commands of policyc. Each lives in a file of its own.
#pragma once

#include "compiler/cli/options.h"

namespace assay::cli {

// The exit codes of the reference's command line.
enum ExitCode : int {
  kSuccess = 0,  // ok, or allow
  kFailure = 1,  // something was wrong
  kDeny = 2,
  kValidationFailure = 3,
};

// Each adds one command to the program.
void AddAuthorize(Command* app);
void AddExplain(Command* app);
void AddEvaluate(Command* app);
void AddCheckParse(Command* app);
void AddLink(Command* app);
void AddFormat(Command* app);
void AddTranslatePolicy(Command* app);
void AddRunTests(Command* app);
void AddLint(Command* app);
void AddDiff(Command* app);
void AddTest(Command* app);
void AddNew(Command* app);
void AddDis(Command* app);
void AddVisualize(Command* app);
void AddCompile(Command* app);
void AddDigest(Command* app);
void AddVerifyImage(Command* app);
void AddTranslateSchema(Command* app);
void AddValidate(Command* app);
void AddHelp(Command* app);
// language-version and license, and the commands that are not there yet.
void AddAbout(Command* app);

}  // namespace assay::cli
