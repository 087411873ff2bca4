// JSON of tokens and keys: small, of hostile origin, and written in one form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/mint/limits.h"
#include "assay/mint/refusal.h"
#include "engine/base/json.h"

namespace assay::mint::jose {

// An object, and nothing but one. Members given twice, invalid UTF-8, a byte order mark, lone
// surrogates, NUL characters and numbers out of range are refused. `about` is a text that lives as
// long as the program: what is being read.
Checked<json::Node> ParseObject(std::string_view text, std::string_view about);

// The member if it is a string; nullptr if it is not there or is something else.
const std::string* FindString(const json::Node& object, std::string_view key);

}  // namespace assay::mint::jose
