// Reading follows the escapes of Rust string literals, which Cedar's are; writing follows what the
// reference prints: everything that Unicode 17 calls unprintable is escaped, and a combining mark
// at the start of a text, where it would join the quote.
#include "engine/base/escape.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "engine/base/unicode_ranges.h"
#include "engine/base/utf8.h"

namespace assay {

namespace {

constexpr char kWildcardByte = '\xff';

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Unescaper {
 public:
  Unescaper(std::string_view raw, StringForm form, std::string* out)
      : raw_(raw), form_(form), out_(out) {}

  std::optional<EscapeError> Run() {
    while (position_ < raw_.size()) {
      const char c = raw_[position_];
      if (c == '\r') return Fail(position_, 1, "a raw carriage return cannot stand in a string");
      if (c == '\\') {
        if (auto error = ReadEscape()) return error;
      } else {
        Put(static_cast<unsigned char>(c));
        ++position_;
      }
    }
    return std::nullopt;
  }

 private:
  // A byte of UTF-8, or an ASCII character that an escape stands for.
  void Put(unsigned char c) {
    const bool is_wildcard = form_ == StringForm::kPattern && c == '*';
    out_->push_back(is_wildcard ? kWildcardByte : static_cast<char>(c));
  }

  std::optional<EscapeError> ReadEscape() {
    const std::size_t begin = position_;
    if (begin + 1 >= raw_.size()) return Fail(begin, 1, "a `\\` must be followed by an escape");
    const char kind = raw_[begin + 1];
    position_ += 2;
    switch (kind) {
      case 'n': Put('\n'); return std::nullopt;
      case 'r': Put('\r'); return std::nullopt;
      case 't': Put('\t'); return std::nullopt;
      case '0': Put('\0'); return std::nullopt;
      case '\\': Put('\\'); return std::nullopt;
      case '"': Put('"'); return std::nullopt;
      case '\'': Put('\''); return std::nullopt;
      case 'x': return ReadByte(begin);
      case 'u': return ReadCodePoint(begin);
      case '*':
        if (form_ == StringForm::kPattern) {
          out_->push_back('*');
          return std::nullopt;
        }
        return Fail(begin, 2, "`\\*` is an escape in a `like` pattern only");
      default:
        return Fail(begin, 1 + utf8::Decode(raw_, begin + 1).length,
                    "this is no escape; there are \\n \\r \\t \\0 \\\\ \\\" \\' \\x41 \\u{41}");
    }
  }

  std::optional<EscapeError> ReadByte(std::size_t begin) {
    const int high = position_ < raw_.size() ? HexDigit(raw_[position_]) : -1;
    const int low = position_ + 1 < raw_.size() ? HexDigit(raw_[position_ + 1]) : -1;
    if (high < 0 || low < 0) return Fail(begin, 2, "`\\x` takes two hexadecimal digits");
    if (high > 7) return Fail(begin, 4, "`\\x` goes up to 7F; write `\\u{…}` for others");
    position_ += 2;
    Put(static_cast<unsigned char>(high * 16 + low));
    return std::nullopt;
  }

  std::optional<EscapeError> ReadCodePoint(std::size_t begin) {
    const std::size_t close = raw_.find('}', position_);
    if (position_ >= raw_.size() || raw_[position_] != '{' || close == std::string_view::npos) {
      return Fail(begin, 2, "`\\u` takes hexadecimal digits in braces, as in `\\u{1F600}`");
    }
    const std::string_view body = raw_.substr(position_ + 1, close - position_ - 1);
    std::uint32_t value = 0;
    std::size_t digits = 0;
    for (const char c : body) {
      if (c == '_' && digits > 0) continue;
      const int digit = HexDigit(c);
      if (digit < 0 || ++digits > 6) break;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    const bool well_formed =
        digits >= 1 && digits <= 6 && body[0] != '_' &&
        std::all_of(body.begin(), body.end(), [](char c) { return c == '_' || HexDigit(c) >= 0; });
    const std::size_t length = close + 1 - begin;
    if (!well_formed) return Fail(begin, length, "`\\u{…}` takes one to six hexadecimal digits");
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
      return Fail(begin, length, "this is not a Unicode scalar value");
    }
    position_ = close + 1;
    if (value < 0x80) {
      Put(static_cast<unsigned char>(value));
    } else {
      utf8::Append(static_cast<char32_t>(value), out_);
    }
    return std::nullopt;
  }

  static EscapeError Fail(std::size_t offset, std::size_t length, std::string message) {
    return {offset, length, std::move(message)};
  }

  std::string_view raw_;
  StringForm form_;
  std::string* out_;
  std::size_t position_ = 0;
};

bool InRanges(std::span<const unicode::Range> ranges, char32_t c) {
  const auto* after =
      std::upper_bound(ranges.data(), ranges.data() + ranges.size(), c,
                       [](char32_t v, const unicode::Range& r) { return v < r.first; });
  return after != ranges.data() && c <= std::prev(after)->last;
}

// Printable ASCII that stands for itself in a literal.
bool IsPlain(char c) { return c >= 0x20 && c < 0x7F && c != '\'' && c != '"' && c != '\\'; }

std::size_t PlainPrefix(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), IsPlain) -
                                  text.begin());
}

void AppendHex(char32_t c, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  *out += "\\u{";
  int shift = 20;
  while (shift > 0 && (static_cast<std::uint32_t>(c) >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) *out += kDigits[(static_cast<std::uint32_t>(c) >> shift) & 0xF];
  *out += '}';
}

void AppendEscaped(char32_t c, bool is_first, std::string* out) {
  switch (c) {
    case '\0': *out += "\\0"; return;
    case '\t': *out += "\\t"; return;
    case '\r': *out += "\\r"; return;
    case '\n': *out += "\\n"; return;
    case '\'': *out += "\\'"; return;
    case '"': *out += "\\\""; return;
    case '\\': *out += "\\\\"; return;
    default: break;
  }
  if (InRanges(unicode::kUnprintable, c) || (is_first && InRanges(unicode::kGraphemeExtend, c))) {
    AppendHex(c, out);
  } else {
    utf8::Append(c, out);
  }
}

}  // namespace

std::optional<EscapeError> Unescape(std::string_view raw, StringForm form, std::string* out) {
  return Unescaper(raw, form, out).Run();
}

std::string EscapeText(std::string_view text) {
  std::string out;
  AppendEscapedText(text, &out);
  return out;
}

void AppendEscapedText(std::string_view text, std::string* out) {
  out->reserve(out->size() + text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    // Most texts are such characters alone.
    const std::size_t plain = PlainPrefix(text.substr(offset));
    out->append(text, offset, plain);
    offset += plain;
    if (offset == text.size()) return;
    const utf8::Decoded next = utf8::Decode(text, offset);
    AppendEscaped(next.code_point, offset == 0, out);
    offset += next.length;
  }
}

std::string Printable(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    if (next.code_point == '\t') {
      out += ' ';
    } else if (utf8::IsUnsafeToPrint(next.code_point)) {
      out += "<U+";
      for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(next.code_point >> shift) & 0xF];
      out += '>';
    } else {
      utf8::Append(next.code_point, &out);
    }
    i += next.length;
  }
  return out;
}

}  // namespace assay
