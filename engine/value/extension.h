// Values of the extension types from their literals.
#pragma once

#include <optional>
#include <string_view>

#include "assay/value.h"

namespace assay {

// What `constructor("literal")` evaluates to, for `ip`, `decimal`, `datetime` and `duration`.
// Nothing if the constructor is another one or refuses the literal.
std::optional<Value> ConstructExtension(std::string_view constructor, std::string_view literal);

}  // namespace assay
