// Any text as entities: errors, or a store that a snapshot takes, and that the same entities make
// again.
//
// Covers: engine/base/json.cc engine/data/entities_json.cc engine/data/entities.cc
// Covers: engine/data/hierarchy.cc engine/data/value_json.cc
#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

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
  std::vector<Entity> all;
  for (std::size_t i = 0; i < entities->size(); ++i) {
    const Entity& entity = (*entities)[i];
    if (entities->Find(entity.uid) != i) std::abort();
    const auto& ancestors = entities->ancestors(i);
    for (const EntityUid& parent : entity.parents) {
      if (!std::binary_search(ancestors.begin(), ancestors.end(), parent)) std::abort();
    }
    all.push_back(entity);
  }
  const auto again = Entities::Create(std::move(all));
  if (!again.ok() || again.value().size() != entities->size()) std::abort();
  if (!Snapshot::Create(Program(), *entities).ok()) std::abort();
  return 0;
}
