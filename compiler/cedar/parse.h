// Cedar text to syntax tree. parse.cc is the only file that sees ANTLR.
#pragma once

#include <optional>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/cedar/ast.h"

namespace assay::cedar {

// Parses all policies of one source and appends them, without ids, to `ast`. After an error
// parsing goes on with the next policy, so that all errors of a file are reported; the policies
// that had errors are left out. True if there was no error.
bool ParsePolicies(const Sources& sources, std::uint32_t source, const Limits& limits, Ast* ast,
                   Diagnostics* diagnostics);

// Parses one expression that fills the whole source. Nothing if there was an error.
std::optional<ExprId> ParseExpression(const Sources& sources, std::uint32_t source,
                                      const Limits& limits, Ast* ast, Diagnostics* diagnostics);

}  // namespace assay::cedar
