#include "engine/mint/json/jcs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/json_text.h"
#include "engine/base/utf8.h"

namespace assay::mint::jcs {

namespace {

// Beyond these not every integer is a double.
constexpr std::int64_t kMostExact = std::int64_t{1} << 53;

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
      case json::Type::kString: json::AppendString(node.string, out_); return true;
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
    std::vector<std::size_t> order(node.members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return IsBefore(node.members[a].key, node.members[b].key);
    });
    *out_ += '{';
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0) *out_ += ',';
      json::AppendString(node.members[order[i]].key, out_);
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

// By code units of UTF-16. That is the order of code points but for those above U+FFFF, whose units
// begin at U+D800.
bool IsBefore(std::string_view a, std::string_view b) {
  const auto weight = [](char32_t c) -> std::uint64_t {
    if (c <= 0xffff) return std::uint64_t{c} << 32;
    const char32_t offset = c - 0x10000;
    return std::uint64_t{0xd800 + (offset >> 10)} << 32 | (0xdc00 + (offset & 0x3ff));
  };
  std::size_t i = 0;
  for (std::size_t j = 0; i < a.size() && j < b.size();) {
    const utf8::Decoded left = utf8::Decode(a, i);
    const utf8::Decoded right = utf8::Decode(b, j);
    if (left.code_point != right.code_point) {
      return weight(left.code_point) < weight(right.code_point);
    }
    i += left.length;
    j += right.length;
  }
  return a.size() < b.size();
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
