// Turns text into tokens, for the policy language and the schema language alike: both have the same
// white space, comments, identifiers, numbers and strings. What differs is in a Dialect.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/diagnostics.h"
#include "assay/limits.h"
#include "assay/source.h"
#include "engine/base/check_text.h"
#include "engine/base/utf8.h"

namespace assay::cedar {

template <typename Kind>
struct BasicToken {
  Kind kind{};  // the first enumerator is the end of the text
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

template <typename Kind>
struct BasicTokens {
  std::vector<BasicToken<Kind>> tokens;  // ends with one end of text
  std::vector<Span> comments;            // in order
};

template <typename Kind>
struct Spelling {
  std::string_view text;
  Kind kind;
};

// Why a character cannot stand where no string is.
struct BadCharacter {
  DiagId id = DiagId::kUnexpectedCharacter;
  std::string message;
  std::string hint;
};

// The characters of Unicode's White_Space property.
bool IsWhiteSpace(char32_t c);

// A Dialect has: Kind; kEnd, kBad, kIdent, kNumber, kString; kSlot, which is kBad if there are no
// slots; Keywords() and Punctuation(), the latter longest first; Explain(character, rest).
template <typename Dialect>
class Scanner {
 public:
  using Kind = typename Dialect::Kind;

  Scanner(const Sources& sources, std::uint32_t source, const Limits& limits,
          Diagnostics* diagnostics)
      : text_(sources.text(source)), source_(source), limits_(limits), diagnostics_(diagnostics) {
    for (const Spelling<Kind>& keyword : Dialect::Keywords()) {
      longest_keyword_ = std::max(longest_keyword_, keyword.text.size());
    }
  }

  // Reads the whole source. What is no token is reported once and left as a bad token, as is the
  // first token over the limit.
  BasicTokens<Kind> Run() {
    out_.tokens.reserve(std::min(text_.size() / 4, limits_.tokens));
    while (SkipToToken()) {
      if (!CheckTokens(out_.tokens.size() + 1, MakeSpan(position_, position_), limits_,
                       diagnostics_)) {
        Emit(Dialect::kBad, position_);
        position_ = text_.size();
        break;
      }
      ReadToken();
    }
    Emit(Dialect::kEnd, position_);
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
      Emit(Dialect::kNumber, begin);
    } else if (c == '"') {
      ReadString();
    } else if (Dialect::kSlot != Dialect::kBad && c == '?' && begin + 1 < text_.size() &&
               IsIdentStart(text_[begin + 1])) {
      ++position_;
      SkipIdentifier();
      Emit(Dialect::kSlot, begin);
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
      const bool fits =
          CheckString(position_ - begin - 2, MakeSpan(begin, begin), limits_, diagnostics_);
      Emit(fits ? Dialect::kString : Dialect::kBad, begin);
      return;
    }
    const bool is_line_continuation = position_ < text_.size();
    position_ = text_.size();
    Emit(Dialect::kBad, begin);
    diagnostics_->Add(DiagId::kUnterminatedString, MakeSpan(begin, begin + 1),
                      is_line_continuation ? "a string cannot continue after `\\` at a line's end"
                                           : "this string has no closing `\"`",
                      is_line_continuation ? "leave the backslash out, or write `\\n`" : "");
  }

  void ReadPunctuation() {
    const std::size_t begin = position_;
    for (const Spelling<Kind>& candidate : Dialect::Punctuation()) {
      if (text_.substr(begin, candidate.text.size()) == candidate.text) {
        position_ += candidate.text.size();
        Emit(candidate.kind, begin);
        return;
      }
    }
    position_ += utf8::Decode(text_, begin).length;
    Emit(Dialect::kBad, begin);
    BadCharacter bad =
        Dialect::Explain(text_.substr(begin, position_ - begin), text_.substr(position_));
    diagnostics_->Add(bad.id, MakeSpan(begin, position_), std::move(bad.message),
                      std::move(bad.hint));
  }

  Kind WordKind(std::string_view word) const {
    if (word.size() > longest_keyword_) return Dialect::kIdent;
    for (const Spelling<Kind>& keyword : Dialect::Keywords()) {
      if (keyword.text == word) return keyword.kind;
    }
    return Dialect::kIdent;
  }

  static bool IsIdentStart(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static bool IsIdentPart(char c) { return IsIdentStart(c) || IsDigit(c); }

  void Emit(Kind kind, std::size_t begin) {
    out_.tokens.push_back(
        {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(position_)});
  }

  Span MakeSpan(std::size_t begin, std::size_t end) const {
    return {source_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  std::string_view text_;
  std::uint32_t source_;
  const Limits& limits_;
  Diagnostics* diagnostics_;
  std::size_t position_ = 0;
  std::size_t longest_keyword_ = 0;
  BasicTokens<Kind> out_;
};

}  // namespace assay::cedar
