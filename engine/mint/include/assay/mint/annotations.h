// How policies shape grants: annotations on permits, such as `@grant_ttl("90s")`. Policies with
// them stay plain Cedar.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assay/export.h"
#include "assay/mint/grant.h"
#include "assay/program.h"
#include "assay/status.h"

namespace assay::mint {

// Which bindings a grant may have. Policy that allows bearer allows stronger ones too.
struct BindingSet {
  bool mtls = true;
  bool dpop = true;
  bool bearer = false;
  ASSAY_API bool Has(BindingKind kind) const;
  friend bool operator==(const BindingSet&, const BindingSet&) = default;
};

// What one policy, or several together, demand of a grant. The default is that of a policy without
// annotations. The mint's own ceilings come on top.
struct GrantShape {
  std::optional<std::int64_t> most_seconds;
  std::optional<std::uint32_t> most_uses;
  BindingSet bindings;
  bool high_risk = false;
  std::optional<std::string> audience;
  std::set<std::string> pinned_members;
  friend bool operator==(const GrantShape&, const GrantShape&) = default;
};

// What is wrong with an annotation. `hint` says how to mend it; may be "".
struct AnnotationError {
  std::string message;
  std::string hint;
};

// Whether the annotation `key` is meant for grants: it begins with `grant_`.
ASSAY_API bool IsGrantAnnotation(std::string_view key) noexcept;

// Adds one annotation of a policy to its shape. Nothing happens for one that is not meant for
// grants; one that is, and is not known or not well formed, is an error and leaves the shape as it
// was.
ASSAY_API std::optional<AnnotationError> AddGrantAnnotation(std::string_view key,
                                                            std::string_view value,
                                                            GrantShape* shape);

struct PolicyProblem {
  std::string policy;  // the id of a static policy, link or template
  AnnotationError error;
};

// Everything that is wrong with the annotations for grants of a program: a mint takes it if this is
// empty.
ASSAY_API std::vector<PolicyProblem> CheckGrantAnnotations(const Program& program);

// The narrowest of both: the shorter lifetime, the fewer uses, the bindings that both allow, high
// risk if either says so, all pinned members of both, the audience. kInvalidArgument if no binding
// is left or the audiences differ: then there is no grant that both allow.
ASSAY_API Result<GrantShape> Narrowest(const GrantShape& a, const GrantShape& b);

}  // namespace assay::mint
