// Checks that JSON has the form that a format of Cedar wants, and says what is wrong.
#pragma once

#include <initializer_list>
#include <string_view>

#include "assay/diagnostics.h"
#include "engine/base/json.h"

namespace assay::cedar {

using Names = std::initializer_list<std::string_view>;

// Whether the node is of this type. `what` is the subject of the error: "a policy is an object".
bool HasType(const json::Node& node, json::Type type, std::string_view what,
             Diagnostics* diagnostics);

// Whether the node is an object with all of the required members, and no others but the optional
// ones. Every member that is wrong is reported.
bool HasMembers(const json::Node& node, std::string_view what, Names required, Names optional,
                Diagnostics* diagnostics);

}  // namespace assay::cedar
