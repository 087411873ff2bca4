// What the oracle needs to know about characters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle/value.h"

namespace assay::oracle {

// The Unicode scalar values of valid UTF-8.
std::u32string Decode(std::string_view utf8);

// A decimal digit of any script: the reference's patterns take them all for a digit, and its
// conversions to numbers then refuse all but ASCII.
bool IsAnyDigit(char32_t c);

inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// `Type::"id"` as errors write it.
std::string Show(const Uid& uid);

// A path like `A::B` without white space, as JSON must write type names.
bool IsTypeName(std::string_view text);

// `*` of the pattern is the byte `wildcard`; everything else stands for itself. Patterns and texts
// are compared by scalar value.
bool Like(std::string_view text, std::string_view pattern, char wildcard);

}  // namespace assay::oracle
