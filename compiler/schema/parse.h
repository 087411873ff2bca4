// Cedar schema text to a fragment. parse.cc and compiler/cedar/parse.cc are the only files that see
// ANTLR.
#pragma once

#include <optional>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/schema/fragment.h"

namespace assay::schema {

// Reads a whole source. After an error reading goes on with the next declaration. Nothing if there
// was an error. Names that hide built-in ones, or each other, are warned of.
std::optional<Fragment> ParseCedar(const Sources& sources, std::uint32_t source,
                                   const Limits& limits, Diagnostics* diagnostics);

}  // namespace assay::schema
