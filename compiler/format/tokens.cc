#include "compiler/format/tokens.h"

#include <algorithm>

#include "compiler/cedar/lex.h"
#include "compiler/schema/lex.h"

namespace assay::format {

namespace {

template <typename Kind>
bool ClosesList(Kind kind) {
  return kind == Kind::kRightParen || kind == Kind::kRightBracket || kind == Kind::kRightBrace;
}

// Line breaks are \n, \r\n and \r, as where comments end.
std::size_t CountLineBreaks(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if ((text[i] == '\n' || text[i] == '\r') && !is_pair) ++count;
  }
  return count;
}

std::string_view WithoutSpaceAtEnd(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\v\f");
  return text.substr(0, last + 1);
}

template <typename Kind>
class Attacher {
 public:
  Attacher(const Sources& sources, std::uint32_t source, const cedar::BasicTokens<Kind>& tokens)
      : text_(sources.text(source)), tokens_(tokens) {}

  std::vector<CommentedToken<Kind>> Run() {
    for (const auto& token : tokens_.tokens) Add(token);
    return std::move(out_);
  }

 private:
  std::size_t LineBreaksBefore(std::uint32_t offset) const {
    return CountLineBreaks(text_.substr(end_, offset - end_));
  }

  // The comments up to the token: the one on the line of the last token, and those behind it.
  void TakeComments(std::uint32_t until, std::vector<Comment>* before) {
    for (; next_ < tokens_.comments.size() && tokens_.comments[next_].begin < until; ++next_) {
      const Span span = tokens_.comments[next_];
      const std::string_view text =
          WithoutSpaceAtEnd(text_.substr(span.begin, span.end - span.begin));
      const std::size_t breaks = LineBreaksBefore(span.begin);
      if (breaks == 0 && before->empty() && !out_.empty()) {
        out_.back().after = text;
      } else {
        before->push_back({text, breaks > 1});
      }
      end_ = span.end;
    }
  }

  void Add(const cedar::BasicToken<Kind>& token) {
    CommentedToken<Kind> next{.kind = token.kind,
                              .text = text_.substr(token.begin, token.end - token.begin)};
    TakeComments(token.begin, &next.before);
    next.after_blank = LineBreaksBefore(token.begin) > 1;
    end_ = token.end;
    if (!out_.empty() && out_.back().kind == Kind::kComma && ClosesList(token.kind)) {
      DropComma(&next);
    }
    out_.push_back(std::move(next));
  }

  void DropComma(CommentedToken<Kind>* bracket) {
    CommentedToken<Kind> comma = std::move(out_.back());
    out_.pop_back();
    if (!comma.after.empty()) comma.before.push_back({comma.after, false});
    bracket->before.insert(bracket->before.begin(), comma.before.begin(), comma.before.end());
  }

  std::string_view text_;
  const cedar::BasicTokens<Kind>& tokens_;
  std::vector<CommentedToken<Kind>> out_;
  std::size_t next_ = 0;   // the next comment
  std::uint32_t end_ = 0;  // of what was read last
};

}  // namespace

template <typename Kind>
std::vector<CommentedToken<Kind>> AttachComments(const Sources& sources, std::uint32_t source,
                                                 const cedar::BasicTokens<Kind>& tokens) {
  return Attacher<Kind>(sources, source, tokens).Run();
}

template <typename Kind>
std::vector<std::pair<std::size_t, std::string_view>> PlacedComments(
    const std::vector<CommentedToken<Kind>>& tokens) {
  std::vector<std::pair<std::size_t, std::string_view>> comments;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    for (const Comment& comment : tokens[i].before) comments.emplace_back(i, comment.text);
    if (!tokens[i].after.empty()) comments.emplace_back(i + 1, tokens[i].after);
  }
  return comments;
}

template std::vector<CommentedToken<cedar::TokenKind>> AttachComments(
    const Sources&, std::uint32_t, const cedar::BasicTokens<cedar::TokenKind>&);
template std::vector<CommentedToken<schema::TokenKind>> AttachComments(
    const Sources&, std::uint32_t, const cedar::BasicTokens<schema::TokenKind>&);
template std::vector<std::pair<std::size_t, std::string_view>> PlacedComments(
    const std::vector<CommentedToken<cedar::TokenKind>>&);
template std::vector<std::pair<std::size_t, std::string_view>> PlacedComments(
    const std::vector<CommentedToken<schema::TokenKind>>&);

}  // namespace assay::format
