// Manual pages and shell completions, made from what the commands say of themselves.
#pragma once

#include <string>

#include "compiler/cli/options.h"

namespace assay::cli {

// For man(1), in the macros of man(7).
std::string ManualPage(const CommandInfo& program);
// Scripts to be sourced by the shells. What has few values is completed with these, other values
// with names of files.
std::string BashCompletion(const CommandInfo& program);
std::string ZshCompletion(const CommandInfo& program);
std::string FishCompletion(const CommandInfo& program);

// Adds `manual` and `completions`, which print the above of the program that `declare` describes.
void AddManual(Command* app, const char* name, const char* about, void (*declare)(Command*));

}  // namespace assay::cli
