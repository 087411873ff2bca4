// A schema as a document.
#pragma once

#include <vector>

#include "compiler/format/layout.h"
#include "compiler/format/tokens.h"
#include "compiler/schema/lex.h"

namespace assay::format {

// Lays out the tokens of a source that has no errors; the document points into them.
Layout LayOutSchema(const std::vector<CommentedToken<schema::TokenKind>>& tokens,
                    std::int32_t indent_width);

}  // namespace assay::format
