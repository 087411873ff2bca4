// Canonical JSON (RFC 8785): the same data has the same bytes, so it can be hashed and signed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::mint::jcs {

// Appends the text as a JSON string. `text` must be UTF-8.
void AppendString(std::string_view text, std::string* out);

// Appends the number as ECMAScript prints it. False, and nothing is appended, if it is not finite.
bool AppendNumber(double number, std::string* out);

// The canonical form of a JSON text. Nothing if it is no JSON, is nested deeper than
// Limits::json_depth, gives a member twice, or has a number that is not exactly a double: RFC 8785
// would round it, and two different integers would be one.
std::optional<std::string> Canonicalize(std::string_view json);

}  // namespace assay::mint::jcs
