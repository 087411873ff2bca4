#include "compiler/format/tokens.h"

#include <algorithm>

namespace assay::format {

namespace {

using cedar::TokenKind;

bool ClosesList(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket ||
         kind == TokenKind::kRightBrace;
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

class Attacher {
 public:
  Attacher(const Sources& sources, std::uint32_t source, const cedar::Tokens& tokens)
      : text_(sources.text(source)), tokens_(tokens) {}

  std::vector<CommentedToken> Run() {
    for (const cedar::Token& token : tokens_.tokens) Add(token);
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

  void Add(const cedar::Token& token) {
    CommentedToken next{.kind = token.kind,
                        .text = text_.substr(token.begin, token.end - token.begin)};
    TakeComments(token.begin, &next.before);
    next.after_blank = LineBreaksBefore(token.begin) > 1;
    end_ = token.end;
    if (!out_.empty() && out_.back().kind == TokenKind::kComma && ClosesList(token.kind)) {
      DropComma(&next);
    }
    out_.push_back(std::move(next));
  }

  void DropComma(CommentedToken* bracket) {
    CommentedToken comma = std::move(out_.back());
    out_.pop_back();
    if (!comma.after.empty()) comma.before.push_back({comma.after, false});
    bracket->before.insert(bracket->before.begin(), comma.before.begin(), comma.before.end());
  }

  std::string_view text_;
  const cedar::Tokens& tokens_;
  std::vector<CommentedToken> out_;
  std::size_t next_ = 0;   // the next comment
  std::uint32_t end_ = 0;  // of what was read last
};

}  // namespace

std::vector<CommentedToken> AttachComments(const Sources& sources, std::uint32_t source,
                                           const cedar::Tokens& tokens) {
  return Attacher(sources, source, tokens).Run();
}

}  // namespace assay::format
