// Any text as a trust bundle or a map of them: refused, or a store that takes it and finds it.
//
// Covers: engine/mint/identity/bundle.cc
#include <cstdlib>

#include "assay/mint/spiffe.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  TrustStore store;
  if (const auto bundle = TrustBundle::FromJson("a.example", text); bundle.ok()) {
    if (bundle.value().sequence().value_or(0) < 0) std::abort();
    if (!store.Update(bundle.value()).ok()) std::abort();
    if (!store.Update(bundle.value()).ok()) std::abort();  // the same again is no step back
    if (!store.Find("a.example")) std::abort();
  }
  TrustStore all;
  const auto updated = all.UpdateFromMap(text);
  if (updated.ok() && !all.UpdateFromMap(text).ok()) std::abort();
  return 0;
}
