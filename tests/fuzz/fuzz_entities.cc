// Any text as entities: errors, or a store that a snapshot takes.
//
// Covers: engine/base/json.cc engine/data/entities_json.cc engine/data/entities.cc
// Covers: engine/data/hierarchy.cc engine/data/value_json.cc
#include <cstdlib>

#include "assay/snapshot.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay;
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source =
      sources.Add("e", std::string(reinterpret_cast<const char*>(data), size));
  const auto entities = Entities::FromJson(sources, source, Limits{}, &diagnostics);
  if (entities.has_value() != diagnostics.empty()) std::abort();
  if (!entities) return diagnostics.Render(sources).empty() ? std::abort(), 0 : 0;
  for (std::size_t i = 0; i < entities->size(); ++i) {
    if (entities->Find((*entities)[i].uid) != i) std::abort();
  }
  if (!Snapshot::Create(Program(), *entities).ok()) std::abort();
  return 0;
}
