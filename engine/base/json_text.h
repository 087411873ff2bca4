// Writing JSON.
#pragma once

#include <string>
#include <string_view>

namespace assay::json {

// Appends the text, which must be valid UTF-8, as a JSON string with its quotes. Only what JSON
// wants escaped is escaped.
void AppendString(std::string_view text, std::string* out);

}  // namespace assay::json
