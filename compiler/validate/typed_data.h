// Contexts and entities in JSON, read as a schema says.
#pragma once

#include <optional>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/entities.h"
#include "assay/limits.h"
#include "assay/request.h"
#include "compiler/schema/model.h"
#include "engine/base/json.h"

namespace assay::validate {

// The context of a request for `action`, which must be declared.
std::optional<Record> ReadContext(const schema::Model& model, const EntityUid& action,
                                  const json::Node& node, Diagnostics* diagnostics);

// An array of entities, validated, and the schema's actions.
std::optional<Entities> ReadEntities(const schema::Model& model, const json::Node& root,
                                     const Limits& limits, Diagnostics* diagnostics);

// All that are there, and those actions of the schema that are not.
std::vector<Entity> WithActions(const schema::Model& model, const Entities& entities);

}  // namespace assay::validate
