// Policies as a document.
#pragma once

#include <vector>

#include "compiler/cedar/lex.h"
#include "compiler/format/layout.h"
#include "compiler/format/tokens.h"

namespace assay::format {

// Lays out the tokens of a source that has no errors; the document points into them.
Layout LayOutPolicies(const std::vector<CommentedToken<cedar::TokenKind>>& tokens,
                      std::int32_t indent_width);

}  // namespace assay::format
