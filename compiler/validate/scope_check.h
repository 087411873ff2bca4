// What is checked once for each policy: that names are declared, and that its scope lets any action
// of the schema through.
#pragma once

#include <optional>

#include "compiler/cedar/ast.h"
#include "compiler/cedar/policy_set.h"
#include "compiler/validate/checker.h"

namespace assay::validate {

// Entity types, actions, and entities of enumerations, in the scope and in the conditions.
void CheckNames(const cedar::Ast& ast, const cedar::Policy& policy, Session* session,
                Findings* findings);
void CheckLinkNames(const cedar::TemplateLink& link, Session* session, Findings* findings);

// A policy, with the values of its slots if it is linked.
struct ScopedPolicy {
  const cedar::Policy& policy;
  const std::optional<EntityUid>& principal;
  const std::optional<EntityUid>& resource;
};

// Warns if no action applies to any principal and resource that the scope allows.
void CheckApplication(const ScopedPolicy& scoped, Session* session, Findings* findings);

}  // namespace assay::validate
