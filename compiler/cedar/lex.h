// Cedar text to tokens. Hand-written, because the language wants Unicode white space, raw NUL and
// exact places; the grammar starts at tokens.
#pragma once

#include <cstdint>
#include <string_view>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/cedar/scanner.h"

namespace assay::cedar {

enum class TokenKind : std::uint8_t {
  kEnd,
#define TOKEN(Name, GRAMMAR_NAME, text) Name,
#include "compiler/cedar/tokens.def"
};

std::string_view TokenText(TokenKind kind);

using Token = BasicToken<TokenKind>;
using Tokens = BasicTokens<TokenKind>;

// Reads the whole source. What is no token is reported once and left as a kBad token, so that the
// parser skips the policy around it without a second error.
Tokens Lex(const Sources& sources, std::uint32_t source, const Limits& limits,
           Diagnostics* diagnostics);

}  // namespace assay::cedar
