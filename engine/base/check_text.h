// What all who read texts ask first.
#pragma once

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"

namespace assay {

// Whether the source is no longer than `source_bytes` and valid UTF-8; else why not is in
// `diagnostics`.
bool CheckText(const Sources& sources, std::uint32_t source, const Limits& limits,
               Diagnostics* diagnostics);

// The same for one string of a text, and for the number of its tokens, or of its values.
bool CheckString(std::size_t bytes, Span span, const Limits& limits, Diagnostics* diagnostics);
bool CheckTokens(std::size_t count, Span span, const Limits& limits, Diagnostics* diagnostics);
bool CheckValues(std::size_t count, Span span, const Limits& limits, Diagnostics* diagnostics);

}  // namespace assay
