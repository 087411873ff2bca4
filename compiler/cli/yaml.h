// YAML as far as it says what JSON can: the same tree, with the same places.
#pragma once

#include <optional>

#include "engine/base/json.h"

namespace assay::cli {

// Parses a whole source as one document of YAML 1.2 whose plain scalars are read by the core
// schema: `yes` and `on` are texts. A number that is no 64-bit integer keeps no value, as in JSON;
// keys are texts, however they are written. Anchors, aliases and tags are refused, as no tree of
// JSON has them. Nothing if it is not that, is nested deeper than `json_depth`, or has a mapping
// with a key given twice; why is in `diagnostics`.
std::optional<json::Node> ParseYaml(const Sources& sources, std::uint32_t source,
                                    const Limits& limits, Diagnostics* diagnostics);

}  // namespace assay::cli
