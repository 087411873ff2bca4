// Any text as a JSON policy set: errors, or a program.
//
// Covers: compiler/cedar/policy_json_expr.cc compiler/cedar/policy_json_read.cc
// Covers: compiler/cedar/policy_set_json.cc compiler/cedar/tree_maker.cc
// Covers: compiler/cedar/json_form.cc
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
