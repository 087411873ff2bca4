#include "compiler/cli/wrap.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"

namespace assay::cli {

namespace {

struct Range {
  char32_t first, last;
};

constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

constexpr Range kWithoutWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};

template <std::size_t kSize>
bool IsIn(const Range (&ranges)[kSize], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return range.first <= c && c <= range.last; });
}

// The classes of line breaking that ASCII has, by their names in UAX 14.
enum class Break : std::uint8_t {
  kSpace,
  kAlphabetic,
  kNumeric,
  kQuotation,
  kOpen,
  kCloseParenthesis,
  kClose,
  kExclamation,
  kInfix,
  kSlash,
  kBreakAfter,
  kHyphen,
  kPrefix,
  kPostfix,
  kIdeographic,
};

Break BreakOf(char32_t c) {
  switch (c) {
    case ' ': return Break::kSpace;
    case '"':
    case '\'': return Break::kQuotation;
    case '(':
    case '[':
    case '{': return Break::kOpen;
    case ')':
    case ']': return Break::kCloseParenthesis;
    case '}': return Break::kClose;
    case '!':
    case '?': return Break::kExclamation;
    case ',':
    case '.':
    case ':':
    case ';': return Break::kInfix;
    case '/': return Break::kSlash;
    case '|': return Break::kBreakAfter;
    case '-': return Break::kHyphen;
    case '$':
    case '+':
    case '\\': return Break::kPrefix;
    case '%': return Break::kPostfix;
    default: break;
  }
  if (c >= '0' && c <= '9') return Break::kNumeric;
  return IsIn(kWide, c) ? Break::kIdeographic : Break::kAlphabetic;
}

bool IsWord(Break b) { return b == Break::kAlphabetic || b == Break::kNumeric; }
bool IsUnit(Break b) { return b == Break::kPrefix || b == Break::kPostfix; }
bool IsClosing(Break b) { return b == Break::kClose || b == Break::kCloseParenthesis; }

// May a line end between two neighbours? The rules are those of UAX 14 from LB19 on.
bool MayBreakBetween(Break a, Break b) {
  if (a == Break::kQuotation || b == Break::kQuotation) return false;
  if (b == Break::kBreakAfter || b == Break::kHyphen) return false;
  if (IsWord(a) && (IsWord(b) || IsUnit(b) || b == Break::kOpen)) return false;
  switch (a) {
    case Break::kPrefix: return b != Break::kIdeographic && !IsWord(b) && b != Break::kOpen;
    case Break::kPostfix: return !IsWord(b) && b != Break::kOpen;
    case Break::kInfix: return !IsWord(b);
    case Break::kHyphen:
    case Break::kSlash: return b != Break::kNumeric;
    case Break::kCloseParenthesis: return !IsWord(b) && !IsUnit(b);
    case Break::kClose: return !IsUnit(b);
    case Break::kIdeographic: return b != Break::kPostfix;
    default: return true;
  }
}

// The same of `a` and `b` with `spaces` in between or none.
bool MayBreak(Break a, Break b, bool spaces) {
  // LB13 to LB15 hold after spaces as well.
  if (IsClosing(b) || b == Break::kExclamation || b == Break::kInfix || b == Break::kSlash) {
    return false;
  }
  if (a == Break::kOpen || (a == Break::kQuotation && b == Break::kOpen)) return false;
  return spaces || MayBreakBetween(a, b);
}

bool IsAlphanumeric(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

// What goes on one line: a part of the text, and the spaces after it.
struct Word {
  std::string_view text;
  std::size_t spaces = 0;
};

Word WordOf(std::string_view text) {
  const std::size_t last = text.find_last_not_of(' ');
  const std::size_t size = last == std::string_view::npos ? 0 : last + 1;
  return {text.substr(0, size), text.size() - size};
}

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  std::size_t begin = 0;
  char32_t before_last = 0, last = 0, last_visible = 0;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    const char32_t c = next.code_point;
    bool breaks = false;
    if (last == '-') {
      // A hyphen ends a line within a word only.
      breaks = IsAlphanumeric(before_last) && IsAlphanumeric(c);
    } else if (last_visible != 0 && c != ' ') {
      breaks = MayBreak(BreakOf(last_visible), BreakOf(c), last == ' ');
    }
    if (breaks) {
      words.push_back(WordOf(text.substr(begin, i - begin)));
      begin = i;
    }
    before_last = std::exchange(last, c);
    if (c != ' ') last_visible = c;
    i += next.length;
  }
  words.push_back(WordOf(text.substr(begin)));
  return words;
}

// Cuts words that no line has room for.
std::vector<Word> CutTo(std::size_t columns, const std::vector<Word>& words) {
  std::vector<Word> out;
  for (Word word : words) {
    while (WidthOf(word.text) > columns) {
      std::size_t end = 0;
      for (std::size_t width = 0; end < word.text.size();) {
        const utf8::Decoded next = utf8::Decode(word.text, end);
        width += WidthOf(next.code_point);
        if (width > columns && end > 0) break;
        end += next.length;
      }
      out.push_back({word.text.substr(0, end), 0});
      word.text.remove_prefix(end);
    }
    out.push_back(word);
  }
  return out;
}

}  // namespace

std::size_t WidthOf(char32_t code_point) {
  if (code_point < 0x300) return 1;
  if (IsIn(kWithoutWidth, code_point)) return 0;
  return IsIn(kWide, code_point) ? 2 : 1;
}

std::size_t WidthOf(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    width += WidthOf(next.code_point);
    i += next.length;
  }
  return width;
}

std::string Wrap(std::string_view text, std::size_t width, std::string_view first,
                 std::string_view rest) {
  const auto room = [&](std::string_view indent) {
    return width - std::min(width, WidthOf(indent));
  };
  std::string out(first);
  std::size_t left = room(first), spaces = 0;
  for (const Word& word : CutTo(std::max<std::size_t>(room(rest), 1), WordsOf(text))) {
    const std::size_t columns = WidthOf(word.text);
    if (spaces + columns > left) {
      out += "\n";
      out += rest;
      left = room(rest);
      spaces = 0;
    }
    out.append(spaces, ' ');
    out += word.text;
    left -= std::min(left, spaces + columns);
    spaces = word.spaces;
  }
  return out;
}

}  // namespace assay::cli
