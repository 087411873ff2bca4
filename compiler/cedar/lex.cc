#include "compiler/cedar/lex.h"

#include "engine/base/check_text.h"

namespace assay::cedar {

namespace {

constexpr std::string_view kTokenTexts[] = {
    "the end of the text",
#define TOKEN(Name, GRAMMAR_NAME, text) text,
#include "compiler/cedar/tokens.def"
};

constexpr Spelling<TokenKind> kKeywords[] = {
    {"permit", TokenKind::kPermit},
    {"forbid", TokenKind::kForbid},
    {"when", TokenKind::kWhen},
    {"unless", TokenKind::kUnless},
    {"principal", TokenKind::kPrincipal},
    {"action", TokenKind::kAction},
    {"resource", TokenKind::kResource},
    {"context", TokenKind::kContext},
    {"true", TokenKind::kTrue},
    {"false", TokenKind::kFalse},
    {"if", TokenKind::kIf},
    {"then", TokenKind::kThen},
    {"else", TokenKind::kElse},
    {"in", TokenKind::kIn},
    {"is", TokenKind::kIs},
    {"like", TokenKind::kLike},
    {"has", TokenKind::kHas},
};

// Longest first, so that the first match is the right one.
constexpr Spelling<TokenKind> kPunctuation[] = {
    {"::", TokenKind::kPathSeparator},
    {"==", TokenKind::kEqual},
    {"!=", TokenKind::kNotEqual},
    {"<=", TokenKind::kLessEqual},
    {">=", TokenKind::kGreaterEqual},
    {"&&", TokenKind::kAnd},
    {"||", TokenKind::kOr},
    {"@", TokenKind::kAt},
    {"(", TokenKind::kLeftParen},
    {")", TokenKind::kRightParen},
    {"{", TokenKind::kLeftBrace},
    {"}", TokenKind::kRightBrace},
    {"[", TokenKind::kLeftBracket},
    {"]", TokenKind::kRightBracket},
    {",", TokenKind::kComma},
    {";", TokenKind::kSemicolon},
    {":", TokenKind::kColon},
    {".", TokenKind::kDot},
    {"<", TokenKind::kLess},
    {">", TokenKind::kGreater},
    {"!", TokenKind::kNot},
    {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},
    {"*", TokenKind::kStar},
};

struct PolicyDialect {
  using Kind = TokenKind;
  static constexpr Kind kEnd = TokenKind::kEnd;
  static constexpr Kind kBad = TokenKind::kBad;
  static constexpr Kind kIdent = TokenKind::kIdent;
  static constexpr Kind kNumber = TokenKind::kNumber;
  static constexpr Kind kString = TokenKind::kString;
  static constexpr Kind kSlot = TokenKind::kSlot;
  static std::span<const Spelling<Kind>> Keywords() { return kKeywords; }
  static std::span<const Spelling<Kind>> Punctuation() { return kPunctuation; }
  static BadCharacter Explain(std::string_view bad, std::string_view rest);
};

BadCharacter PolicyDialect::Explain(std::string_view bad, std::string_view rest) {
  const std::string quoted = "`" + std::string(bad) + "`";
  const DiagId unsupported = DiagId::kUnsupportedOperator;
  switch (bad[0]) {
    case '=': return {unsupported, quoted + " is no operator in Cedar", "compare with `==`"};
    case '/':
      if (rest.starts_with('*')) {
        return {unsupported, "Cedar has no comments in `/* */`",
                "write `//` before each line of the comment"};
      }
      [[fallthrough]];
    case '%':
      return {unsupported, quoted + " is no operator in Cedar", "Cedar has `+`, `-` and `*` only"};
    case '&':
    case '|':
      return {unsupported, quoted + " is no operator in Cedar",
              "write it twice: `" + std::string(2, bad[0]) + "`"};
    case '\'': return {DiagId::kUnexpectedCharacter, "strings are written in double quotes", ""};
    case '\xEF':
      if (bad != "\uFEFF") break;
      return {DiagId::kUnexpectedCharacter, "a byte order mark cannot stand here",
              "save the file as UTF-8 without a byte order mark"};
    default: break;
  }
  return {DiagId::kUnexpectedCharacter, quoted + " cannot stand here outside a string", ""};
}

}  // namespace

std::string_view TokenText(TokenKind kind) { return kTokenTexts[static_cast<std::size_t>(kind)]; }

Tokens Lex(const Sources& sources, std::uint32_t source, const Limits& limits,
           Diagnostics* diagnostics) {
  if (!CheckText(sources, source, limits, diagnostics)) {
    return {{{TokenKind::kBad, 0, 0}, {TokenKind::kEnd, 0, 0}}, {}};
  }
  return Scanner<PolicyDialect>(sources, source, limits, diagnostics).Run();
}

}  // namespace assay::cedar
