// Syntax trees back to Cedar text. What is printed parses to an equal tree: what was written as
// `!=`, `a has b.c` or several conditions stays so, and parentheses stand only where the tree would
// be another one without them.
#pragma once

#include <string>
#include <string_view>

#include "compiler/cedar/ast.h"
#include "compiler/cedar/policy_set.h"

namespace assay::cedar {

// All policies as the reference's `translate-policy` lays them out: static policies first, then
// templates, each sorted by id; a line for each annotation and for each entry of the scope.
std::string PrintPolicies(const Ast& ast);

// The template as a link has it: slots filled, annotations on lines of their own.
std::string PrintLink(const Ast& ast, const Policy& policy, const TemplateLink& link);

// The policy on one line, without its id: `@a("b") permit(principal, action, resource) when { …
// };`.
std::string PrintPolicy(const Ast& ast, const Policy& policy);

// What two policies have in common if and only if they are the same but for white space, comments,
// spelling (escapes, parentheses, trailing commas) and the order of annotations: PrintPolicy, with
// annotations by key, and `@a` as `@a("")`. The id is not part of it. For digests.
std::string CanonicalPolicy(const Ast& ast, const Policy& policy);

std::string PrintExpr(const Ast& ast, ExprId id);

// A `like` pattern with its quotes.
std::string PrintPattern(std::string_view pattern);

}  // namespace assay::cedar
