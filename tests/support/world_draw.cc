// Spelling. Everything here must be Cedar that parses, whatever was drawn.
#include "tests/support/world_draw.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace assay::testing {
namespace {

// What is drawn now and then instead of a tame letter: controls, quotes, wildcards, characters that
// are shown escaped, marks that join, digits that are not ASCII, and the largest scalar value.
constexpr std::array<std::string_view, 34> kAlphabet = {std::string_view("\0", 1),
                                                        "\x01",
                                                        "\t",
                                                        "\n",
                                                        "\r",
                                                        "\x0b",
                                                        "\x1b",
                                                        "\x7f",
                                                        " ",
                                                        "'",
                                                        "\"",
                                                        "\\",
                                                        "*",
                                                        "`",
                                                        "/",
                                                        "{",
                                                        "?",
                                                        "é",
                                                        "\u0085",
                                                        "\u00a0",
                                                        "\u00ad",
                                                        "\u0301",
                                                        "\u0663",
                                                        "\u0969",
                                                        "\u200b",
                                                        "\u2028",
                                                        "\u202e",
                                                        "\u3000",
                                                        "\ue000",
                                                        "\ufe0f",
                                                        "\ufeff",
                                                        "\uff13",
                                                        "😀",
                                                        "\U0010ffff"};

constexpr std::array<std::string_view, 9> kReserved = {"true", "false", "if",   "then", "else",
                                                       "in",   "is",    "like", "has"};

std::size_t LengthOf(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

unsigned CodePoint(std::string_view raw) {
  constexpr std::array<unsigned, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  unsigned code = static_cast<unsigned char>(raw[0]) & kLeadBits[raw.size()];
  for (const char next : raw.substr(1)) code = code << 6 | (static_cast<unsigned char>(next) & 63U);
  return code;
}

std::string Format(const char* format, unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

// `\u{…}` in one of its spellings.
std::string UnicodeEscape(Draw& draw, unsigned code) {
  std::string digits = Format(draw.Percent(50) ? "%x" : "%X", code);
  if (digits.size() < 6 && draw.Percent(30)) digits = "0" + digits;
  if (draw.Percent(20)) digits.insert(draw.Between(1, digits.size()), "_");
  return "\\u{" + digits + "}";
}

// The short escape, or nothing.
std::string ShortEscape(unsigned code) {
  switch (code) {
    case 0: return "\\0";
    case '\t': return "\\t";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '"': return "\\\"";
    case '\'': return "\\'";
    case '\\': return "\\\\";
    default: return "";
  }
}

std::string Escaped(Draw& draw, unsigned code) {
  const std::string brief = ShortEscape(code);
  if (!brief.empty() && draw.Percent(60)) return brief;
  if (code < 0x80 && draw.Percent(50)) {
    return Format(draw.Percent(50) ? "\\x%02x" : "\\x%02X", code);
  }
  return UnicodeEscape(draw, code);
}

std::string OneCharacter(Draw& draw, std::string_view raw) {
  const unsigned code = CodePoint(raw);
  // A carriage return may not stand raw in a literal; a quote and a backslash cannot.
  const bool must_escape = code == '\r' || code == '"' || code == '\\';
  return must_escape || draw.Percent(6) ? Escaped(draw, code) : std::string(raw);
}

std::string Comment(Draw& draw) {
  std::string text = "//";
  for (std::size_t i = draw.Below(6); i > 0; --i) {
    text += draw.Percent(60) ? draw.Pick({"a", " ", "permit(", "\"", "*/"})
                             : std::string(kAlphabet[draw.Below(kAlphabet.size())]);
  }
  text.erase(
      std::remove_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }),
      text.end());
  return text + draw.Pick({"\n", "\r", "\r\n", "\n\n"});
}

std::string Wildcard(Draw& draw) {
  return draw.Percent(85) ? "*" : draw.Pick({"\\x2a", "\\u{2a}", "\\u{2_A}", "**"});
}

}  // namespace

std::uint64_t Draw::Next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31);
}

std::size_t Draw::Weighted(std::initializer_list<unsigned> weights) {
  std::size_t total = 0;
  for (const unsigned weight : weights) total += weight;
  std::size_t at = Below(total);
  std::size_t index = 0;
  for (const unsigned weight : weights) {
    if (at < weight) break;
    at -= weight;
    ++index;
  }
  return index;
}

std::string Cat(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (const std::string_view part : parts) result += part;
  return result;
}

std::string Space(Draw& draw) {
  if (draw.Percent(90)) return " ";
  if (draw.Percent(30)) return Comment(draw);
  return draw.Pick({"\n", "\t", "\r\n", "  ", "\f", "\v", "\u0085", "\u00a0", "\u2003", "\u2028",
                    "\u3000", " // note\n"});
}

std::string Gap(Draw& draw) { return draw.Percent(92) ? "" : Space(draw); }

std::string AnyText(Draw& draw) {
  std::string text;
  for (std::size_t i = draw.Below(5); i > 0; --i) {
    text += draw.Percent(70) ? draw.Pick({"a", "b", "x", "1"})
                             : std::string(kAlphabet[draw.Below(kAlphabet.size())]);
  }
  return text;
}

std::string Literal(Draw& draw, std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::string_view raw = text.substr(0, LengthOf(text[0]));
    result += OneCharacter(draw, raw);
    text.remove_prefix(raw.size());
  }
  return result + "\"";
}

std::string PatternLiteral(Draw& draw, std::string_view text) {
  std::string result = "\"";
  if (draw.Percent(30)) result += Wildcard(draw);
  while (!text.empty()) {
    const std::string_view raw = text.substr(0, LengthOf(text[0]));
    text.remove_prefix(raw.size());
    if (draw.Percent(25)) {
      result += Wildcard(draw);
    } else if (raw == "*") {
      result += "\\*";
    } else {
      result += OneCharacter(draw, raw);
    }
  }
  if (draw.Percent(30)) result += Wildcard(draw);
  return result + "\"";
}

bool IsPlainName(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto inside = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), inside) &&
         text != "__cedar" &&
         std::find(kReserved.begin(), kReserved.end(), text) == kReserved.end();
}

std::string Member(Draw& draw, std::string_view name) {
  if (IsPlainName(name) && draw.Percent(85)) {
    return Cat({Gap(draw), ".", Gap(draw), name});
  }
  return Cat({Gap(draw), "[", Gap(draw), Literal(draw, name), Gap(draw), "]"});
}

std::string Key(Draw& draw, std::string_view name) {
  return IsPlainName(name) && draw.Percent(80) ? std::string(name) : Literal(draw, name);
}

std::string TypeText(Draw& draw, std::string_view type) {
  std::string result;
  while (true) {
    const std::size_t end = type.find("::");
    result += type.substr(0, end);
    if (end == std::string_view::npos) return result;
    result += Cat({Gap(draw), "::", Gap(draw)});
    type.remove_prefix(end + 2);
  }
}

std::string UidText(Draw& draw, std::string_view type, std::string_view id) {
  return Cat({TypeText(draw, type), Gap(draw), "::", Gap(draw), Literal(draw, id)});
}

std::string List(Draw& draw, const char* open, const std::vector<std::string>& parts,
                 const char* close) {
  std::string result = open + Gap(draw);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    result += parts[i] + Gap(draw);
    const bool last = i + 1 == parts.size();
    if (!last || draw.Percent(8)) result += "," + (last ? Gap(draw) : Space(draw));
  }
  return result + close;
}

}  // namespace assay::testing
