#include "compiler/schema/lex.h"

#include "engine/base/check_text.h"

namespace assay::schema {

namespace {

using cedar::BadCharacter;
using cedar::Spelling;

constexpr std::string_view kTokenTexts[] = {
    "the end of the text",
#define TOKEN(Name, GRAMMAR_NAME, text) text,
#include "compiler/schema/tokens.def"
};

constexpr Spelling<TokenKind> kKeywords[] = {
    {"namespace", TokenKind::kNamespace},
    {"entity", TokenKind::kEntity},
    {"action", TokenKind::kAction},
    {"type", TokenKind::kType},
    {"in", TokenKind::kIn},
    {"appliesTo", TokenKind::kAppliesTo},
    {"principal", TokenKind::kPrincipal},
    {"resource", TokenKind::kResource},
    {"context", TokenKind::kContext},
    {"attributes", TokenKind::kAttributes},
    {"tags", TokenKind::kTags},
    {"enum", TokenKind::kEnum},
};

constexpr Spelling<TokenKind> kPunctuation[] = {
    {"::", TokenKind::kPathSeparator}, {"@", TokenKind::kAt},
    {"(", TokenKind::kLeftParen},      {")", TokenKind::kRightParen},
    {"{", TokenKind::kLeftBrace},      {"}", TokenKind::kRightBrace},
    {"[", TokenKind::kLeftBracket},    {"]", TokenKind::kRightBracket},
    {"<", TokenKind::kLess},           {">", TokenKind::kGreater},
    {",", TokenKind::kComma},          {";", TokenKind::kSemicolon},
    {":", TokenKind::kColon},          {"?", TokenKind::kQuestion},
    {"=", TokenKind::kEqual},
};

struct SchemaDialect {
  using Kind = TokenKind;
  static constexpr Kind kEnd = TokenKind::kEnd;
  static constexpr Kind kBad = TokenKind::kBad;
  static constexpr Kind kIdent = TokenKind::kIdent;
  static constexpr Kind kNumber = TokenKind::kNumber;
  static constexpr Kind kString = TokenKind::kString;
  static constexpr Kind kSlot = TokenKind::kBad;
  static std::span<const Spelling<Kind>> Keywords() { return kKeywords; }
  static std::span<const Spelling<Kind>> Punctuation() { return kPunctuation; }
  static BadCharacter Explain(std::string_view bad, std::string_view) {
    if (bad == "'") return {DiagId::kUnexpectedCharacter, "strings are in double quotes", ""};
    return {DiagId::kUnexpectedCharacter,
            "`" + std::string(bad) + "` cannot stand here outside a string", ""};
  }
};

}  // namespace

std::string_view TokenText(TokenKind kind) { return kTokenTexts[static_cast<std::size_t>(kind)]; }

Tokens Lex(const Sources& sources, std::uint32_t source, const Limits& limits,
           Diagnostics* diagnostics) {
  if (!CheckText(sources, source, limits, diagnostics)) {
    return {{{TokenKind::kBad, 0, 0}, {TokenKind::kEnd, 0, 0}}, {}};
  }
  return cedar::Scanner<SchemaDialect>(sources, source, limits, diagnostics).Run();
}

}  // namespace assay::schema
