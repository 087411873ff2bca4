// How both parsers stop at an error and say what was expected, and the lock under which they parse.
// Only they may include this, since it shows ANTLR.
#pragma once

#include <antlr4-runtime.h>

#include <cstdint>
#include <mutex>
#include <string>

#include "compiler/cedar/ast_builder.h"
#include "compiler/cedar/scanner.h"

namespace assay::cedar {

// ANTLR 4.9, which Debian has, grows one automaton for each grammar as parsers use it, not always
// under a lock of its own, and counts its nodes across grammars: one thread parses at a time.
inline std::mutex& AutomatonMutex() {
  static std::mutex mutex;
  return mutex;
}

// Stops at the first error. While `explain` is off it only stops, which spares the cost of
// following the grammar's automaton; what has an error is then parsed again with it on.
//
// `Builder` is what the grammar's actions drive. The words of the language come from the caller:
// what could stand at the place of an error, as text, and a hint or "".
template <typename Kind, typename Builder>
class StopStrategy final : public antlr4::DefaultErrorStrategy {
 public:
  using Expected = antlr4::misc::IntervalSet;
  using Describe = std::string (*)(const Expected& expected);
  using Hint = std::string (*)(Kind found, const Expected& expected);

  StopStrategy(const BasicTokens<Kind>& tokens, Builder* builder, Describe describe, Hint hint)
      : tokens_(tokens), builder_(builder), describe_(describe), hint_(hint) {}
  bool explain = false;

  void sync(antlr4::Parser* parser) override {
    if (!explain) return;
    const Expected expected = parser->getExpectedTokens();
    const std::size_t next = parser->getTokenStream()->LA(1);
    if (!expected.contains(next) && !expected.contains(antlr4::Token::EPSILON)) Stop(parser);
  }
  void recover(antlr4::Parser* parser, std::exception_ptr) override { Stop(parser); }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    Stop(parser);
    return nullptr;  // g++ does not see that Stop never returns
  }
  void reportError(antlr4::Parser*, const antlr4::RecognitionException&) override {}

 private:
  [[noreturn]] void Stop(antlr4::Parser* parser) {
    const auto at = static_cast<std::uint32_t>(parser->getTokenStream()->index());
    const Kind found = tokens_.tokens[at].kind;
    // What the lexer or an action has reported already is not reported again.
    if (explain && found != Kind::kBad && !builder_->has_errors()) {
      const Expected expected = parser->getExpectedTokens();
      builder_->SyntaxError(at, describe_(expected), hint_(found, expected));
    }
    throw ParseStop();
  }

  const BasicTokens<Kind>& tokens_;
  Builder* builder_;
  Describe describe_;
  Hint hint_;
};

}  // namespace assay::cedar
