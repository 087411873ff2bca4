// policyc: the compiler and evaluator on the command line.
#include "compiler/cli/command.h"
#include "compiler/cli/errors.h"
#include "compiler/cli/limits.h"
#include "compiler/cli/manual.h"
#include "compiler/cli/run_app.h"

namespace assay::cli {
namespace {

constexpr const char* kAbout = "Compiles, checks and evaluates Cedar policies.";

void Declare(Command* app) {
  app->Choice("-f,--error-format", &TheErrorFormat(),
              {{"human", ErrorFormat::kHuman},
               {"plain", ErrorFormat::kPlain},
               {"json", ErrorFormat::kJson}},
              "How errors are shown")
      .OrVariable("CEDAR_ERROR_FORMAT");
  AddLimitFlag(app);
  AddAuthorize(app);
  AddExplain(app);
  AddEvaluate(app);
  AddCheckParse(app);
  AddLink(app);
  AddFormat(app);
  AddTranslatePolicy(app);
  AddLint(app);
  AddDiff(app);
  AddTest(app);
  AddRunTests(app);
  AddNew(app);
  AddDis(app);
  AddVisualize(app);
  AddCompile(app);
  AddDigest(app);
  AddVerifyImage(app);
  AddTranslateSchema(app);
  AddValidate(app);
  AddHelp(app);
  AddAbout(app);
  AddManual(app, "policyc", kAbout, Declare);
}

}  // namespace
}  // namespace assay::cli

int main(int argc, char** argv) {
  return assay::cli::RunApp(argc, argv, "policyc", assay::cli::kAbout, assay::cli::Declare);
}
