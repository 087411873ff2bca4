// What types say about the order of a policy's conditions. A decision tree looks at the first
// conditions of a policy only, and those behind others may come first where none of these can fail.
#pragma once

#include "compiler/cedar/lower.h"
#include "compiler/cedar/policy_set.h"
#include "compiler/schema/model.h"

namespace assay::validate {

// For each policy of the set its conditions in the order in which they are to run, or nothing if
// they stay as they are: because nothing can be won, the policy does not validate strictly, or it
// is a forbid, whose failure must show whatever the request is.
//
// On requests and entities that the schema allows, the policy is satisfied, not satisfied or fails,
// with its error, exactly as before. On others it is satisfied exactly when it was before, and only
// whether and how it fails may differ: nothing is left out but `e has a` where `e.a` follows.
cedar::Plans PlanConditions(const schema::Model& model, const cedar::PolicySetSyntax& set,
                            const Limits& limits);

}  // namespace assay::validate
