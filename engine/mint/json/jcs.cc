#include "engine/mint/json/jcs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/utf8.h"

namespace assay::mint::jcs {

namespace {

// Beyond these not every integer is a double.
constexpr std::int64_t kMostExact = std::int64_t{1} << 53;

// Members are sorted by the code units of UTF-16, where characters beyond the basic plane come
// before those of the private use area.
std::u16string ToUtf16(std::string_view text) {
  std::u16string out;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, at);
    at += next.length;
    if (next.code_point < 0x10000) {
      out += static_cast<char16_t>(next.code_point);
    } else {
      const char32_t rest = next.code_point - 0x10000;
      out += static_cast<char16_t>(0xD800 + (rest >> 10));
      out += static_cast<char16_t>(0xDC00 + (rest & 0x3FF));
    }
  }
  return out;
}

class Writer {
 public:
  Writer(std::string_view text, std::string* out) : text_(text), out_(out) {}

  // The depth is bounded by the parser.
  bool Append(const json::Node& node) {
    switch (node.type) {
      case json::Type::kNull: *out_ += "null"; return true;
      case json::Type::kBool: *out_ += node.boolean ? "true" : "false"; return true;
      case json::Type::kInteger: return AppendInteger(node.integer);
      case json::Type::kNumber: return AppendNumberText(node);
      case json::Type::kString: AppendString(node.string, out_); return true;
      case json::Type::kArray: return AppendArray(node);
      case json::Type::kObject: return AppendObject(node);
    }
    return false;
  }

 private:
  bool AppendInteger(std::int64_t integer) {
    if (integer > kMostExact || integer < -kMostExact) return false;
    *out_ += std::to_string(integer);
    return true;
  }

  bool AppendNumberText(const json::Node& node) {
    const std::string_view digits = text_.substr(node.span.begin, node.span.end - node.span.begin);
    double number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (result.ec != std::errc()) return false;
    // An integer too large for 64 bits, or one that has been rounded.
    const bool is_integer = digits.find_first_of(".eE") == std::string_view::npos;
    if (is_integer && std::fabs(number) > static_cast<double>(kMostExact)) return false;
    return AppendNumber(number, out_);
  }

  bool AppendArray(const json::Node& node) {
    *out_ += '[';
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
      if (i > 0) *out_ += ',';
      if (!Append(node.elements[i])) return false;
    }
    *out_ += ']';
    return true;
  }

  bool AppendObject(const json::Node& node) {
    std::vector<std::u16string> keys(node.members.size());
    std::vector<std::size_t> order(node.members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::transform(node.members.begin(), node.members.end(), keys.begin(),
                   [](const json::Member& member) { return ToUtf16(member.key); });
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    *out_ += '{';
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0) *out_ += ',';
      AppendString(node.members[order[i]].key, out_);
      *out_ += ':';
      if (!Append(node.elements[order[i]])) return false;
    }
    *out_ += '}';
    return true;
  }

  std::string_view text_;
  std::string* out_;
};

// Shortest digits and exponent: 0.digits × 10^point.
struct Digits {
  std::string digits;
  int point = 0;
};

Digits Shortest(double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  Digits out;
  for (const char c : text.substr(0, e)) {
    if (c != '.') out.digits += c;
  }
  // from_chars takes no plus sign.
  const std::string_view exponent = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.point);
  ++out.point;
  return out;
}

}  // namespace

void AppendString(std::string_view text, std::string* out) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  *out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': *out += "\\\""; break;
      case '\\': *out += "\\\\"; break;
      case '\b': *out += "\\b"; break;
      case '\f': *out += "\\f"; break;
      case '\n': *out += "\\n"; break;
      case '\r': *out += "\\r"; break;
      case '\t': *out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          *out += "\\u00";
          *out += kHex[static_cast<unsigned char>(c) >> 4];
          *out += kHex[static_cast<unsigned char>(c) & 0xF];
        } else {
          *out += c;
        }
    }
  }
  *out += '"';
}

bool AppendNumber(double number, std::string* out) {
  if (!std::isfinite(number)) return false;
  if (number == 0) {
    *out += '0';  // minus zero as well
    return true;
  }
  if (number < 0) *out += '-';
  auto [digits, point] = Shortest(std::fabs(number));
  const int count = static_cast<int>(digits.size());
  // The cases of Number::toString in ECMA-262.
  if (count <= point && point <= 21) {
    *out += digits + std::string(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    *out += digits.insert(static_cast<std::size_t>(point), ".");
  } else if (-6 < point && point <= 0) {
    *out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else {
    if (count > 1) digits.insert(1, ".");
    *out += digits + (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
  }
  return true;
}

std::optional<std::string> Canonicalize(std::string_view json) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.Add("json", std::string(json));
  const auto node = json::Parse(sources, source, Limits{}, &diagnostics);
  if (!node) return std::nullopt;
  std::string out;
  if (!Writer(sources.text(source), &out).Append(*node)) return std::nullopt;
  return out;
}

}  // namespace assay::mint::jcs
