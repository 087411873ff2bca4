// policyc: the compiler and evaluator on the command line.
#include <exception>
#include <iostream>

#include "compiler/cli/command.h"

namespace assay::cli {
namespace {

int Main(int argc, char** argv) {
  CLI::App app("Compiles, checks and evaluates Cedar policies.", "policyc");
  app.set_version_flag("--version", ASSAY_VERSION);
  app.require_subcommand(1);
  Run run;
  AddAuthorize(&app, &run);
  AddEvaluate(&app, &run);
  AddCheckParse(&app, &run);
  AddLink(&app, &run);
  AddFormat(&app, &run);
  AddTranslatePolicy(&app, &run);
  AddTest(&app, &run);
  AddRunTests(&app, &run);
  AddNew(&app, &run);
  AddDis(&app, &run);
  AddVisualize(&app, &run);
  AddCompile(&app, &run);
  AddDigest(&app, &run);
  AddVerifyImage(&app, &run);
  AddTranslateSchema(&app, &run);
  AddValidate(&app, &run);
  AddAbout(&app, &run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kSuccess : kFailure;
  }
  const int code = run();
  std::cout.flush();
  if (std::cout) return code;
  // Whoever asked does not have the answer.
  std::cerr << "error: standard output cannot be written\n";
  return kFailure;
}

}  // namespace
}  // namespace assay::cli

int main(int argc, char** argv) {
  try {
    return assay::cli::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return assay::cli::kFailure;
  }
}
