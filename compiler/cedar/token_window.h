// Lexed tokens as ANTLR wants them. Only the two parsers may include this, since it shows ANTLR.
#pragma once

#include <antlr4-runtime.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/cedar/scanner.h"

namespace assay::cedar {

// A grammar declares its tokens in the order of their enumeration, the end of the text being 0.
template <typename Kind>
std::size_t GrammarType(Kind kind) {
  return kind == Kind{} ? antlr4::Token::EOF : static_cast<std::size_t>(kind);
}

// The least that ANTLR's parser asks of a token.
class IndexedToken final : public antlr4::Token {
 public:
  std::size_t type = 0;
  std::size_t index = 0;

  std::string getText() const override { return {}; }
  std::size_t getType() const override { return type; }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() const override { return 0; }
  std::size_t getChannel() const override { return antlr4::Token::DEFAULT_CHANNEL; }
  std::size_t getTokenIndex() const override { return index; }
  std::size_t getStartIndex() const override { return index; }
  std::size_t getStopIndex() const override { return index; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }
};

// A window of the lexed tokens, ended by EOF. ANTLR's own stream would copy every token to the
// heap.
class TokenWindow final : public antlr4::TokenStream {
 public:
  template <typename Kind>
  explicit TokenWindow(const BasicTokens<Kind>& tokens) {
    tokens_.resize(tokens.tokens.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      tokens_[i].type = GrammarType(tokens.tokens[i].kind);
      tokens_[i].index = i;
    }
    end_of_window_.type = antlr4::Token::EOF;
  }

  void Show(std::size_t begin, std::size_t end) {
    position_ = begin;
    end_ = end;
    end_of_window_.index = end;
  }

  void consume() override { position_ = std::min(position_ + 1, end_); }
  std::size_t LA(ssize_t i) override { return LT(i)->getType(); }
  antlr4::Token* LT(ssize_t k) override {
    const std::size_t at = k < 0 ? position_ - static_cast<std::size_t>(-k)
                                 : position_ + static_cast<std::size_t>(k) - 1;
    return get(at);
  }
  antlr4::Token* get(std::size_t i) const override {
    return i < end_ ? const_cast<IndexedToken*>(&tokens_[i])
                    : const_cast<IndexedToken*>(&end_of_window_);
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return position_; }
  void seek(std::size_t i) override { position_ = i; }
  std::size_t size() override { return end_; }
  std::string getSourceName() const override { return {}; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  std::vector<IndexedToken> tokens_;
  IndexedToken end_of_window_;
  std::size_t position_ = 0;
  std::size_t end_ = 0;
};

// "a, b or c".
inline std::string JoinWithOr(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " or " : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace assay::cedar
