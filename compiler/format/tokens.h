// Tokens together with the comments around them, for laying them out again.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/source.h"
#include "compiler/cedar/scanner.h"

namespace assay::format {

struct Comment {
  std::string_view text;     // from `//` on, without white space at its end
  bool after_blank = false;  // an empty line stands before it
};

// `Kind` is that of policies or that of schemas.
template <typename Kind>
struct CommentedToken {
  Kind kind = Kind::kEnd;
  std::string_view text;
  std::vector<Comment> before = {};  // on lines of their own
  std::string_view after = {};       // at the end of its line; "" if there is none
  bool after_blank = false;          // an empty line stands before it, behind its comments
};

// All tokens, kEnd included. A comma before a closing bracket is left out; its comments go to the
// bracket. The views point into `sources`.
template <typename Kind>
std::vector<CommentedToken<Kind>> AttachComments(const Sources& sources, std::uint32_t source,
                                                 const cedar::BasicTokens<Kind>& tokens);

// The comments in order, each with the number of the token that it stands before. One behind a
// token may become one before the next when the text is laid out, and the other way round.
template <typename Kind>
std::vector<std::pair<std::size_t, std::string_view>> PlacedComments(
    const std::vector<CommentedToken<Kind>>& tokens);

}  // namespace assay::format
