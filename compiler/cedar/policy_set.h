// A policy set as syntax: static policies, templates and links under one space of ids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/value.h"
#include "compiler/cedar/ast.h"

namespace assay::cedar {

// Fills the slots of a template. A linked policy decides under `new_id`; the template never does.
struct TemplateLink {
  std::string template_id;
  std::string new_id;
  std::optional<EntityUid> principal;  // value of ?principal
  std::optional<EntityUid> resource;   // value of ?resource
};

// INVARIANT: all ids of ast.policies and links are different; each link names a template in
// ast.policies and fills exactly its slots. policy_set_build.h is the only maker.
struct PolicySetSyntax {
  Ast ast;
  std::vector<TemplateLink> links;
};

}  // namespace assay::cedar
