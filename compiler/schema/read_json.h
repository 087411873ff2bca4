// The JSON form of a schema to a fragment.
#pragma once

#include <optional>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/schema/fragment.h"

namespace assay::schema {

// Reads a whole source. Members that are unknown, or given twice, are errors. Nothing if there was
// an error.
std::optional<Fragment> ParseJson(const Sources& sources, std::uint32_t source,
                                  const Limits& limits, Diagnostics* diagnostics);

}  // namespace assay::schema
