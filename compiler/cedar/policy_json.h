// Policies in the JSON form of the reference: from JSON to syntax trees, and back.
#pragma once

#include <optional>
#include <string>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "compiler/cedar/ast.h"
#include "compiler/cedar/policy_set.h"
#include "engine/base/json.h"

namespace assay::cedar {

// Appends the policy or template that the node describes, without an id, to `ast`. False, and
// everything that is wrong in `diagnostics`, if it describes none.
bool ReadPolicyJson(const json::Node& node, const Limits& limits, Ast* ast,
                    Diagnostics* diagnostics);

// Reads one expression, the `body` of a condition.
std::optional<ExprId> ReadExprJson(const json::Node& node, const Limits& limits, Ast* ast,
                                   Diagnostics* diagnostics);

// One line, byte for byte what the reference writes. A chain of `&&`, `||`, `+` or `.` nests by two
// for each link, so that a long one is deeper than JSON may be to be read again.
std::string WritePolicyJson(const Ast& ast, const Policy& policy);

// `{"templates", "staticPolicies", "templateLinks"}`, in the order of the set.
std::string WritePolicySetJson(const PolicySetSyntax& set);

}  // namespace assay::cedar
