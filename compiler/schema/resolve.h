// Fragments to a model, and to a fragment whose names are all resolved.
#pragma once

#include <optional>
#include <span>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "compiler/schema/fragment.h"
#include "compiler/schema/model.h"

namespace assay::schema {

// Nothing, with all that is wrong in `diagnostics`, if the fragments do not make a schema.
std::optional<Model> Resolve(std::span<const Fragment> fragments, const Limits& limits,
                             Diagnostics* diagnostics);

// The same declarations with names written out, and each type said to be an entity type or a common
// one. Nothing if a name means nothing.
std::optional<Fragment> WithResolvedNames(const Fragment& fragment, Diagnostics* diagnostics);

}  // namespace assay::schema
