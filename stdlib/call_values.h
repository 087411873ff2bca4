// Calling the functions of the standard library on values that stand alone: in data and in
// constants.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "assay/value.h"
#include "stdlib/functions.h"

namespace assay::stdlib {

// The result, or a sentence that says why there is none.
std::variant<Value, std::string> CallOnValues(const FunctionInfo& function,
                                              std::span<const Value> arguments);

}  // namespace assay::stdlib
