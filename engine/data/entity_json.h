// Entities in Cedar's JSON form, whoever knows how their values are read.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/entities.h"
#include "engine/base/json.h"

namespace assay::data {

enum class EntityPart : std::uint8_t { kAttributes, kTags };

// Reads the attributes or tags of the entity `uid`, which is nullptr if it could not be read.
// Nothing if there was an error, which it reports.
using ReadRecord =
    std::function<std::optional<Record>(const EntityUid* uid, EntityPart, const json::Node&)>;

// An array of {uid, attrs, parents, tags?}; the result has one entity for each element.
std::optional<std::vector<Entity>> ReadEntities(const json::Node& root,
                                                const ReadRecord& read_record,
                                                Diagnostics* diagnostics);

}  // namespace assay::data
