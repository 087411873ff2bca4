// Any text as a JSON policy set: errors, or a program.
#include <cstdlib>

#include "assay/compile.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  Diagnostics diagnostics;
  PolicySet set;
  const std::uint32_t source =
      sources.Add("p", std::string(reinterpret_cast<const char*>(data), size));
  const bool ok = set.AddJson(&sources, source, &diagnostics);
  if (ok != diagnostics.empty() || diagnostics.Render(sources).empty() != ok) std::abort();
  if (ok && !set.Compile().ok()) std::abort();
  return 0;
}
