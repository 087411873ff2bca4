// Values, entities and requests against the schema. What is wrong is the reference's sentence.
#pragma once

#include <optional>
#include <string>

#include "assay/entities.h"
#include "assay/request.h"
#include "compiler/schema/model.h"

namespace assay::validate {

// Why `value` does not have the type; nothing if it does.
std::optional<std::string> Mismatch(const schema::Types& types, schema::TypeId type,
                                    const Value& value);

// Why the entity at `index` is not as the schema says; nothing if it is.
std::optional<std::string> EntityProblem(const schema::Model& model, const Entities& entities,
                                         std::size_t index);

std::optional<std::string> RequestProblem(const schema::Model& model, const Request& request);

}  // namespace assay::validate
