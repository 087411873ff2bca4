#include "compiler/cli/run_app.h"

#include <exception>
#include <iostream>

#include "compiler/cli/errors.h"

namespace assay::cli {

namespace {

constexpr int kOk = 0;
constexpr int kError = 1;

int Run(const Parsed& parsed) {
  if (parsed.action) return parsed.action();
  std::cout << parsed.output;
  if (parsed.problem.empty()) return kOk;
  PrintError(parsed.problem, &std::cerr, "run with --help for more");
  return kError;
}

}  // namespace

int RunApp(int argc, char** argv, const char* name, const char* about, void (*declare)(Command*)) {
  try {
    const int code = Run(ParseArguments(argc, argv, name, about, declare));
    if (std::cout.flush()) return code;
    PrintError("standard output cannot be written");
  } catch (const std::exception& error) {
    PrintError(error.what());
  }
  return kError;
}

}  // namespace assay::cli
