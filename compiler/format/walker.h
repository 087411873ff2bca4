// What laying out policies and schemas has in common: going through the tokens, and where their
// comments go.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "compiler/format/layout.h"
#include "compiler/format/tokens.h"

namespace assay::format {

// Reads tokens one after the other into a document. A base class: what derives from it knows the
// grammar.
template <typename Kind>
class Walker {
 public:
  Walker(const std::vector<CommentedToken<Kind>>& tokens, std::int32_t indent)
      : indent_(indent), tokens_(tokens) {}

 protected:
  Kind Next() const { return tokens_[at_].kind; }
  bool Is(Kind kind) const { return Next() == kind; }
  // The kind of the token that comes so many after the next.
  Kind After(std::size_t count) const { return tokens_[at_ + count].kind; }
  bool IsFirst() const { return at_ == 0; }

  void Token() {
    CommentsBefore();
    const CommentedToken<Kind>& token = tokens_[at_++];
    layout_.Text(token.text);
    if (!token.after.empty()) layout_.EndOfLine(token.after);
  }

  // A comment before the first token stands before the group, and does not break it.
  void Open() {
    CommentsBefore();
    layout_.Open();
  }
  void Close() { layout_.Close(); }

  template <typename Inner>
  void Nested(Inner inner) {
    layout_.Nest(indent_);
    inner();
    layout_.Nest(-indent_);
  }

  // The comments before the next token keep the empty lines between them: those over a policy or a
  // declaration, or at the end. At the edges of a block there are no empty lines.
  enum class At : std::uint8_t { kBegin, kMiddle, kEnd };
  void CommentsOfBlock(At place = At::kMiddle) {
    commented_ = at_ + 1;
    const CommentedToken<Kind>& token = tokens_[at_];
    for (const Comment& comment : token.before) {
      layout_.Hard();
      if (comment.after_blank && place != At::kBegin) layout_.Blank();
      place = std::max(place, At::kMiddle);
      layout_.Text(comment.text);
      layout_.Hard();
    }
    if (!token.before.empty() && token.after_blank && place != At::kEnd) layout_.Blank();
  }

  bool HasComments() const { return !tokens_[at_].before.empty(); }
  // Whether an empty line stands before what comes next, its comments included.
  bool IsAfterBlank() const {
    const CommentedToken<Kind>& token = tokens_[at_];
    return token.before.empty() ? token.after_blank : token.before.front().after_blank;
  }

  const std::int32_t indent_;
  Layout layout_;

 private:
  void CommentsBefore() {
    if (at_ < commented_) return;
    commented_ = at_ + 1;
    for (const Comment& comment : tokens_[at_].before) {
      layout_.Hard();
      layout_.Text(comment.text);
      layout_.Hard();
    }
  }

  const std::vector<CommentedToken<Kind>>& tokens_;
  std::size_t at_ = 0;
  std::size_t commented_ = 0;  // tokens whose comments have been laid out
};

}  // namespace assay::format
