#include "compiler/cli/json_text.h"

#include "engine/base/json_text.h"
#include "engine/base/utf8.h"

namespace assay::cli {

namespace {

// None of them is beyond U+FFFF.
std::string Hex(char32_t code_point) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code_point >> shift) & 0xF];
  return out;
}

}  // namespace

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    i += next.length;
    if (next.code_point >= 0x7F && utf8::IsUnsafeToPrint(next.code_point)) {
      out += Hex(next.code_point);
      continue;
    }
    std::string piece, quoted;
    utf8::Append(next.code_point, &piece);
    json::AppendString(piece, &quoted);
    out.append(quoted, 1, quoted.size() - 2);
  }
  return out + "\"";
}

std::string PrettyJson(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  const auto break_line = [&] { out.append("\n").append(2 * depth, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    const bool opens = !in_string && (c == '{' || c == '[');
    const bool closes = !in_string && (c == '}' || c == ']');
    const bool was_opened = closes && (json[i - 1] == '{' || json[i - 1] == '[');
    if (closes) --depth;
    if (closes && !was_opened) break_line();
    out += c;
    if (in_string && c == '\\') {
      out += json[++i];
    } else if (c == '"') {
      in_string = !in_string;
    } else if (opens) {
      ++depth;
      if (json[i + 1] != '}' && json[i + 1] != ']') break_line();
    } else if (!in_string && c == ',') {
      break_line();
    } else if (!in_string && c == ':') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace assay::cli
