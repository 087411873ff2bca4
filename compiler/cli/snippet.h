// The lines of a source around a place, drawn as the reference draws them.
#pragma once

#include <ostream>

#include "assay/source.h"

namespace assay::cli {

// Prints the lines of the span, one before and one after it, with their numbers. A span within one
// line is underlined; a longer one is bracketed at its left. The head names the place if there is
// more than one line to see, and also the source if `names_source`.
void PrintSnippet(const Sources& sources, Span span, bool names_source, std::ostream* out);

}  // namespace assay::cli
