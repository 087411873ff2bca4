// A random world's vocabulary as a Cedar schema.
#pragma once

#include <string>

#include "tests/support/world_draw.h"
#include "tests/support/world_schema.h"

namespace assay::testing {

// Declares the types, their hierarchy and the actions. Attributes are optional, entity types are
// enumerations, types are common types, names stand without their namespace, and there are
// annotations now and then, as the dice say.
std::string DrawSchemaText(Draw& draw, const WorldSchema& schema);

}  // namespace assay::testing
