// Decoding, escaping and matching. The two character classes hold what the worlds use, not all of
// Unicode: kAlphabet in tests/support/world_draw.cc is the list.
#include "tests/oracle/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace assay::oracle {
namespace {

// Stands for a wildcard in a decoded pattern; no scalar value.
constexpr char32_t kAnything = 0xFFFFFFFF;

struct Range {
  char32_t first;
  char32_t last;
};

bool Contains(const auto& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](Range range) { return c >= range.first && c <= range.last; });
}

// Controls, odd spaces, invisible marks, private use.
constexpr std::array<Range, 11> kUnprintable = {{{0x00, 0x1F},
                                                 {0x7F, 0xA0},
                                                 {0xAD, 0xAD},
                                                 {0x1680, 0x1680},
                                                 {0x2000, 0x200F},
                                                 {0x2028, 0x202F},
                                                 {0x205F, 0x206F},
                                                 {0x3000, 0x3000},
                                                 {0xE000, 0xF8FF},
                                                 {0xFEFF, 0xFEFF},
                                                 {0xE0000, 0x10FFFF}}};
// Marks that would join the character before them; escaped only where there is none before.
constexpr std::array<Range, 2> kJoining = {{{0x300, 0x36F}, {0xFE00, 0xFE0F}}};

// Zeros of decimal digits: ASCII, Arabic-Indic, Devanagari, full width, mathematical bold.
constexpr std::array<char32_t, 5> kZeros = {U'0', 0x660, 0x966, 0xFF10, 0x1D7CE};

std::string EscapeOne(char32_t c, bool first, std::string_view raw) {
  switch (c) {
    case U'\0': return "\\0";
    case U'\t': return "\\t";
    case U'\n': return "\\n";
    case U'\r': return "\\r";
    case U'"':
    case U'\'':
    case U'\\': return "\\" + std::string(raw);
    default: break;
  }
  if (!Contains(kUnprintable, c) && !(first && Contains(kJoining, c))) return std::string(raw);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\u{%x}", static_cast<unsigned>(c));
  return text.data();
}

std::size_t LengthOf(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

char32_t DecodeOne(std::string_view raw) {
  constexpr std::array<unsigned, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t c = static_cast<unsigned char>(raw[0]) & kLeadBits[raw.size()];
  for (const char next : raw.substr(1)) c = c << 6 | (static_cast<unsigned char>(next) & 0x3F);
  return c;
}

bool IsIdentifier(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || IsAsciiDigit(c);
  });
}

bool IsReserved(std::string_view word) {
  constexpr std::array<std::string_view, 9> kWords = {"true", "false", "if",   "then", "else",
                                                      "in",   "is",    "like", "has"};
  return word == "__cedar" || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool Matches(std::u32string_view text, std::u32string_view pattern) {
  // Greedy with one place to return to: only the last wildcard can ever need another try.
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t retry_pattern = std::u32string_view::npos;
  std::size_t retry_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == kAnything) {
      retry_pattern = ++p;
      retry_text = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (retry_pattern != std::u32string_view::npos) {
      p = retry_pattern;
      t = ++retry_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kAnything) ++p;
  return p == pattern.size();
}

}  // namespace

std::u32string Decode(std::string_view utf8) {
  std::u32string result;
  while (!utf8.empty()) {
    const std::string_view raw = utf8.substr(0, LengthOf(utf8[0]));
    result += DecodeOne(raw);
    utf8.remove_prefix(raw.size());
  }
  return result;
}

bool IsAnyDigit(char32_t c) {
  return std::any_of(kZeros.begin(), kZeros.end(),
                     [c](char32_t zero) { return c >= zero && c < zero + 10; });
}

std::string Show(const Uid& uid) {
  std::string result = uid.type + "::\"";
  std::string_view rest = uid.id;
  for (bool first = true; !rest.empty(); first = false) {
    const std::string_view raw = rest.substr(0, LengthOf(rest[0]));
    result += EscapeOne(DecodeOne(raw), first, raw);
    rest.remove_prefix(raw.size());
  }
  return result + "\"";
}

bool IsTypeName(std::string_view text) {
  while (true) {
    const std::size_t end = text.find("::");
    const std::string_view part = text.substr(0, end);
    if (!IsIdentifier(part) || IsReserved(part)) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 2);
  }
}

bool Like(std::string_view text, std::string_view pattern, char wildcard) {
  std::u32string decoded;
  while (!pattern.empty()) {
    const std::size_t end = pattern.find(wildcard);
    decoded += Decode(pattern.substr(0, end));
    if (end == std::string_view::npos) break;
    decoded += kAnything;
    pattern.remove_prefix(end + 1);
  }
  return Matches(Decode(text), decoded);
}

}  // namespace assay::oracle
