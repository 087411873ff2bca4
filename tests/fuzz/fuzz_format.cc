// Any text as policies to format: errors, or a text that formatting leaves as it is.
#include <cstdlib>

#include "assay/format.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  if (size == 0) return 0;
  const FormatOptions options{data[0], static_cast<std::uint32_t>(data[0] % 5)};
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("p", std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  const auto once = FormatPolicies(sources, source, options, Limits{}, &diagnostics);
  if (once.has_value() != diagnostics.empty()) std::abort();
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    if (diagnostic.id == DiagId::kNotFormatted) std::abort();
  }
  if (!once) return 0;
  const auto twice =
      FormatPolicies(sources, sources.Add("q", *once), options, Limits{}, &diagnostics);
  if (!twice || *twice != *once) std::abort();
  return 0;
}
