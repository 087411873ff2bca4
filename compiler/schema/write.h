// A fragment as text: byte for byte what the reference writes.
#pragma once

#include <optional>
#include <string>

#include "assay/diagnostics.h"
#include "compiler/schema/fragment.h"

namespace assay::schema {

// One line of JSON.
std::string WriteJson(const Fragment& fragment);

// The Cedar form. Nothing, with the reason in `diagnostics`, if that form cannot say it: a common
// type and an entity type of one name in one namespace, or a shape that is not a record.
std::optional<std::string> WriteCedar(const Fragment& fragment, Diagnostics* diagnostics);

}  // namespace assay::schema
