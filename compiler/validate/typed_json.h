// JSON values read with a type in mind.
#pragma once

#include <optional>

#include "assay/diagnostics.h"
#include "assay/value.h"
#include "compiler/schema/model.h"
#include "engine/base/json.h"

namespace assay::validate {

// Where the type is an entity or an extension type, forms that are understood only so are too.
// Where it is a record, its attributes must be there, and no others. Whether the value has the type
// in the end is for Mismatch to say.
std::optional<Value> ReadTyped(const schema::Types& types, schema::TypeId type,
                               const json::Node& node, Diagnostics* diagnostics);

}  // namespace assay::validate
