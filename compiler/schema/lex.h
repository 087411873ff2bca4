// Cedar schema text to tokens.
#pragma once

#include <cstdint>
#include <string_view>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "compiler/cedar/scanner.h"

namespace assay::schema {

enum class TokenKind : std::uint8_t {
  kEnd,
#define TOKEN(Name, GRAMMAR_NAME, text) Name,
#include "compiler/schema/tokens.def"
};

std::string_view TokenText(TokenKind kind);

using Token = cedar::BasicToken<TokenKind>;
using Tokens = cedar::BasicTokens<TokenKind>;

// Reads the whole source. What is no token is reported once and left as a kBad token.
Tokens Lex(const Sources& sources, std::uint32_t source, const Limits& limits,
           Diagnostics* diagnostics);

}  // namespace assay::schema
