// Values and entities in Cedar's JSON form, as data/value_json.h reads it back.
#pragma once

#include <string>

#include "assay/entities.h"
#include "assay/request.h"
#include "assay/value.h"

namespace assay::mint::hook {

// Each appends to `out`; false if a value cannot be told apart from an escape of the form, or has a
// text that is not UTF-8.
bool AppendEntity(const Entity& entity, std::string* out);
bool AppendRequest(const Request& request, std::string* out);

}  // namespace assay::mint::hook
