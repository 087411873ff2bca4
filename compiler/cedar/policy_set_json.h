// Policy sets in JSON, with policies as Cedar text or in JSON form.
#pragma once

#include "compiler/cedar/policy_set_build.h"

namespace assay::cedar {

// Adds all of `{staticPolicies, templates, templateLinks}` to `set`; see PolicySet::AddJson.
bool ReadPolicySetJson(Sources* sources, std::uint32_t source, PolicySetBuilder* set,
                       Diagnostics* diagnostics);

}  // namespace assay::cedar
