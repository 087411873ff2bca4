// Tokens together with the comments around them, for laying them out again.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "assay/source.h"
#include "compiler/cedar/lex.h"

namespace assay::format {

struct Comment {
  std::string_view text;     // from `//` on, without white space at its end
  bool after_blank = false;  // an empty line stands before it
};

struct CommentedToken {
  cedar::TokenKind kind = cedar::TokenKind::kEnd;
  std::string_view text;
  std::vector<Comment> before = {};  // on lines of their own
  std::string_view after = {};       // at the end of its line; "" if there is none
  bool after_blank = false;          // an empty line stands before it, behind its comments
};

// All tokens, kEnd included. A comma before a closing bracket is left out; its comments go to the
// bracket. The views point into `sources`.
std::vector<CommentedToken> AttachComments(const Sources& sources, std::uint32_t source,
                                           const cedar::Tokens& tokens);

}  // namespace assay::format
