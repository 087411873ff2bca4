// What holds of every formatter: any text is refused with errors, or becomes a text that formatting
// leaves as it is.
#pragma once

#include <cstdlib>
#include <string>

#include "assay/format.h"

namespace assay::testing {

// The first byte chooses the widths; `format` is FormatPolicies or FormatSchema. Aborts if it does
// not hold.
template <typename Format>
void CheckFormatting(Format format, const unsigned char* data, std::size_t size) {
  if (size == 0) return;
  const FormatOptions options{data[0], static_cast<std::uint32_t>(data[0] % 5)};
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("once", std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  const auto once = format(sources, source, options, Limits{}, &diagnostics);
  if (once.has_value() != diagnostics.empty()) std::abort();
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    if (diagnostic.id == DiagId::kNotFormatted) std::abort();
  }
  if (!once) return;
  Diagnostics problems;
  const auto twice = format(sources, sources.Add("twice", *once), options, Limits{}, &problems);
  if (!twice || *twice != *once) std::abort();
}

}  // namespace assay::testing
