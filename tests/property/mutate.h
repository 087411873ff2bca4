// Breaks texts a little, so that most are no longer Cedar but some still are.
#pragma once

#include <string>

#include "tests/support/world_draw.h"

namespace assay::testing {

// One to three small changes: characters left out, doubled or swapped, tokens put in.
std::string Mutate(Draw& draw, std::string text);

// The same for JSON.
std::string MutateJson(Draw& draw, std::string text);

// The same for schemas in both forms.
std::string MutateSchema(Draw& draw, std::string text);
std::string MutateSchemaJson(Draw& draw, std::string text);

}  // namespace assay::testing
