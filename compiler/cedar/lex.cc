#include "compiler/cedar/lex.h"

#include <array>
#include <string>

#include "engine/base/utf8.h"

namespace assay::cedar {

namespace {

constexpr std::string_view kTokenTexts[] = {
    "the end of the text",
#define TOKEN(Name, GRAMMAR_NAME, text) text,
#include "compiler/cedar/tokens.def"
};

struct Keyword {
  std::string_view text;
  TokenKind kind;
};

constexpr Keyword kKeywords[] = {
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

constexpr std::size_t kLongestKeyword = 9;

// Longest first, so that the first match is the right one.
constexpr Keyword kPunctuation[] = {
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

bool IsIdentStart(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsIdentPart(char c) { return IsIdentStart(c) || IsDigit(c); }

// The characters of Unicode's White_Space property.
bool IsWhiteSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

TokenKind WordKind(std::string_view word) {
  if (word.size() <= kLongestKeyword) {
    for (const Keyword& keyword : kKeywords) {
      if (keyword.text == word) return keyword.kind;
    }
  }
  return TokenKind::kIdent;
}

class Lexer {
 public:
  Lexer(const Sources& sources, std::uint32_t source, Diagnostics* diagnostics)
      : text_(sources.text(source)), source_(source), diagnostics_(diagnostics) {}

  Tokens Run() {
    out_.tokens.reserve(text_.size() / 4);
    while (SkipToToken()) ReadToken();
    Emit(TokenKind::kEnd, position_);
    return std::move(out_);
  }

 private:
  // Skips white space and comments. False at the end of the text.
  bool SkipToToken() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '/' && text_.substr(position_, 2) == "//") {
        SkipComment();
      } else if (static_cast<unsigned char>(c) < 0x80) {
        if (!IsWhiteSpace(static_cast<char32_t>(c))) return true;
        ++position_;
      } else {
        const utf8::Decoded next = utf8::Decode(text_, position_);
        if (!IsWhiteSpace(next.code_point)) return true;
        position_ += next.length;
      }
    }
    return false;
  }

  void SkipComment() {
    const std::size_t begin = position_;
    position_ = std::min(text_.find_first_of("\r\n", begin), text_.size());
    out_.comments.push_back(MakeSpan(begin, position_));
  }

  void ReadToken() {
    const std::size_t begin = position_;
    const char c = text_[begin];
    if (IsIdentStart(c)) {
      SkipIdentifier();
      Emit(WordKind(text_.substr(begin, position_ - begin)), begin);
    } else if (IsDigit(c)) {
      while (position_ < text_.size() && IsDigit(text_[position_])) ++position_;
      Emit(TokenKind::kNumber, begin);
    } else if (c == '"') {
      ReadString();
    } else if (c == '?' && begin + 1 < text_.size() && IsIdentStart(text_[begin + 1])) {
      ++position_;
      SkipIdentifier();
      Emit(TokenKind::kSlot, begin);
    } else {
      ReadPunctuation();
    }
  }

  void SkipIdentifier() {
    while (position_ < text_.size() && IsIdentPart(text_[position_])) ++position_;
  }

  // A backslash takes the next character with it, whatever it is; escapes are read by the parser.
  void ReadString() {
    const std::size_t begin = position_++;
    while (position_ < text_.size() && text_[position_] != '"') {
      const bool is_escape = text_[position_] == '\\';
      if (is_escape && position_ + 1 < text_.size() && text_[position_ + 1] == '\n') break;
      position_ += is_escape ? 2 : 1;
    }
    if (position_ < text_.size() && text_[position_] == '"') {
      ++position_;
      Emit(TokenKind::kString, begin);
      return;
    }
    const bool is_line_continuation = position_ < text_.size();
    position_ = text_.size();
    Emit(TokenKind::kBad, begin);
    diagnostics_->Add(DiagId::kUnterminatedString, MakeSpan(begin, begin + 1),
                      is_line_continuation ? "a string cannot continue after `\\` at a line's end"
                                           : "this string has no closing `\"`",
                      is_line_continuation ? "leave the backslash out, or write `\\n`" : "");
  }

  void ReadPunctuation() {
    const std::size_t begin = position_;
    for (const Keyword& candidate : kPunctuation) {
      if (text_.substr(begin, candidate.text.size()) == candidate.text) {
        position_ += candidate.text.size();
        Emit(candidate.kind, begin);
        return;
      }
    }
    position_ += utf8::Decode(text_, begin).length;
    Emit(TokenKind::kBad, begin);
    ReportBadCharacter(MakeSpan(begin, position_));
  }

  void ReportBadCharacter(Span span) {
    const std::string_view bad = text_.substr(span.begin, span.end - span.begin);
    const std::string quoted = "`" + std::string(bad) + "`";
    switch (bad[0]) {
      case '=':
        return Report(DiagId::kUnsupportedOperator, span, quoted + " is no operator in Cedar",
                      "compare with `==`");
      case '/':
        if (text_.substr(span.end).starts_with('*')) {
          return Report(DiagId::kUnsupportedOperator, span, "Cedar has no comments in `/* */`",
                        "write `//` before each line of the comment");
        }
        [[fallthrough]];
      case '%':
        return Report(DiagId::kUnsupportedOperator, span, quoted + " is no operator in Cedar",
                      "Cedar has `+`, `-` and `*` only");
      case '&':
      case '|':
        return Report(DiagId::kUnsupportedOperator, span, quoted + " is no operator in Cedar",
                      "write it twice: `" + std::string(2, bad[0]) + "`");
      case '\'':
        return Report(DiagId::kUnexpectedCharacter, span, "strings are written in double quotes",
                      "");
      case '\xEF':
        if (bad != "\uFEFF") break;
        return Report(DiagId::kUnexpectedCharacter, span, "a byte order mark cannot stand here",
                      "save the file as UTF-8 without a byte order mark");
      default: break;
    }
    Report(DiagId::kUnexpectedCharacter, span, quoted + " cannot stand here outside a string", "");
  }

  void Report(DiagId id, Span span, std::string message, std::string hint) {
    diagnostics_->Add(id, span, std::move(message), std::move(hint));
  }

  void Emit(TokenKind kind, std::size_t begin) {
    out_.tokens.push_back(
        {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(position_)});
  }

  Span MakeSpan(std::size_t begin, std::size_t end) const {
    return {source_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  std::string_view text_;
  std::uint32_t source_;
  Diagnostics* diagnostics_;
  std::size_t position_ = 0;
  Tokens out_;
};

// Checks what the lexer relies on: a size that offsets can hold, and valid UTF-8.
bool CheckText(const Sources& sources, std::uint32_t source, const Limits& limits,
               Diagnostics* diagnostics) {
  const std::string_view text = sources.text(source);
  if (text.size() > limits.source_bytes) {
    diagnostics->Add(DiagId::kSourceTooLarge, {source, 0, 0},
                     "the text has " + std::to_string(text.size()) + " bytes; the limit is " +
                         std::to_string(limits.source_bytes) + " (source_bytes)");
    return false;
  }
  const std::size_t valid = utf8::ValidPrefix(text);
  if (valid == text.size()) return true;
  const auto at = static_cast<std::uint32_t>(valid);
  diagnostics->Add(DiagId::kInvalidUtf8, {source, at, at + 1}, "the text is not valid UTF-8 here");
  return false;
}

}  // namespace

std::string_view TokenText(TokenKind kind) { return kTokenTexts[static_cast<std::size_t>(kind)]; }

Tokens Lex(const Sources& sources, std::uint32_t source, const Limits& limits,
           Diagnostics* diagnostics) {
  if (!CheckText(sources, source, limits, diagnostics)) {
    return {{{TokenKind::kBad, 0, 0}, {TokenKind::kEnd, 0, 0}}, {}};
  }
  return Lexer(sources, source, diagnostics).Run();
}

}  // namespace assay::cedar
