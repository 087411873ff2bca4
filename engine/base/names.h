// Identifiers and paths of Cedar.
#pragma once

#include <string_view>

namespace assay {

// `true`, `false`, `if`, `then`, `else`, `in`, `is`, `like`, `has`.
bool IsReservedWord(std::string_view word);

// An ASCII identifier, reserved words included.
bool IsIdentifier(std::string_view text);

// An identifier that is not reserved: what names anything in a schema without quotes.
bool IsPlainName(std::string_view text);

// What can stand after a dot or as a key without quotes in a policy: a plain name but
// `__cedar`.
bool IsFieldName(std::string_view text);

// A normalised path: identifiers joined by `::`, no white space, none reserved, none `__cedar`.
bool IsTypeName(std::string_view text);

// Whether the last part of a type name is `Action`.
bool IsActionType(std::string_view type);

}  // namespace assay
