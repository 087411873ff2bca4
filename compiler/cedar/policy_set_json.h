// The JSON form of a policy set with policies as Cedar text.
#pragma once

#include "assay/compile.h"

namespace assay::cedar {

// Adds all of `{staticPolicies, templates, templateLinks}` to `set`; see PolicySet::AddJson.
bool ReadPolicySetJson(Sources* sources, std::uint32_t source, const Limits& limits, PolicySet* set,
                       Diagnostics* diagnostics);

}  // namespace assay::cedar
