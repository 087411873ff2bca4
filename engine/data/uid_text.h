// `Type::"id"` as Cedar text.
#pragma once

#include <optional>

#include "assay/diagnostics.h"
#include "assay/source.h"
#include "assay/value.h"

namespace assay::data {

// Reads `text`, which stands at `place` for errors. White space is allowed around the parts.
std::optional<EntityUid> ParseUidText(std::string_view text, Span place, Diagnostics* diagnostics);

}  // namespace assay::data
