// The parts of Cedar values that have the same form in every JSON of the mint.
#pragma once

#include <string>
#include <string_view>

#include "assay/value.h"

namespace assay::mint {

// Each appends to `out`; false if a text is not UTF-8.

bool AppendText(std::string_view text, std::string* out);

// {"id": …, "type": …}
bool AppendUid(const EntityUid& uid, std::string* out);

// {"arg": …, "fn": …}
void AppendCall(std::string_view function, std::string_view argument, std::string* out);

// The call that makes a decimal, a duration or an IP address.
bool AppendExtension(const Value& value, std::string* out);

}  // namespace assay::mint
