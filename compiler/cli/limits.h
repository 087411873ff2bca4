// The limits that the program works under, and `--set-limit NAME=N`, which changes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assay/limits.h"
#include "compiler/cli/options.h"

namespace assay::cli {

// Those of everything that is read and decided. Set while there is one thread.
Limits& TheLimits();

// Declares the flag.
void AddLimitFlag(Command* command);

// What the limit of this name is for, as `policyc help` prints it; of `limits`, what all are.
std::optional<std::string> LimitHelp(std::string_view name);

}  // namespace assay::cli
