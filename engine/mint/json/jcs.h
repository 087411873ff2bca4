// Canonical JSON (RFC 8785): the same data has the same bytes, so it can be hashed and signed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::mint::jcs {

// Whether the member `a` of an object comes before the member `b`; both are UTF-8. A text is
// written by json::AppendString.
bool IsBefore(std::string_view a, std::string_view b);

// Appends the number as ECMAScript prints it. False, and nothing is appended, if it is not finite.
bool AppendNumber(double number, std::string* out);

// The canonical form of a JSON text. Nothing if it is no JSON, is nested deeper than
// Limits::json_depth, gives a member twice, or has a number that is not exactly a double: RFC 8785
// would round it, and two different integers would be one.
std::optional<std::string> Canonicalize(std::string_view json);

}  // namespace assay::mint::jcs
