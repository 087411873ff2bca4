// policyc: the compiler and evaluator on the command line.
#include <exception>
#include <iostream>

#include "compiler/cli/command.h"

int main(int argc, char** argv) {
  using namespace assay::cli;
  CLI::App app("Compiles, checks and evaluates Cedar policies.", "policyc");
  app.require_subcommand(1);
  Run run;
  AddAuthorize(&app, &run);
  AddEvaluate(&app, &run);
  AddCheckParse(&app, &run);
  AddDis(&app, &run);
  try {
    app.parse(argc, argv);
    return run();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kSuccess : kFailure;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return kFailure;
  }
}
