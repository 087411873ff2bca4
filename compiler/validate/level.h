// Levels: how many entities an expression goes through, one after the other (RFC 76).
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/validate/checker.h"

namespace assay::validate {

// Reports what goes deeper than `level`. `traces` are those that the type checker left behind for
// the same environment.
void CheckLevel(Session* session, const Core& core, const Environment& env,
                const std::vector<Trace>& traces, std::uint32_t level, Findings* findings);

}  // namespace assay::validate
