// What main() does in every program with commands.
#pragma once

#include "compiler/cli/options.h"

namespace assay::cli {

// Reads the arguments, runs the command that they name, and gives the exit code: the command's, or
// 1 after an error was printed if the arguments are wrong, an exception came out of the command, or
// standard output could not be written, so that whoever asked does not have the answer. `about` is
// the first line of the program's help.
int RunApp(int argc, char** argv, const char* name, const char* about, void (*declare)(Command*));

}  // namespace assay::cli
