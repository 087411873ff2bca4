#include "engine/base/json_text.h"

namespace assay::json {

namespace {

void AppendControl(char c, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '\b': *out += "\\b"; return;
    case '\f': *out += "\\f"; return;
    case '\n': *out += "\\n"; return;
    case '\r': *out += "\\r"; return;
    case '\t': *out += "\\t"; return;
    default: break;
  }
  *out += "\\u00";
  *out += kDigits[static_cast<unsigned char>(c) >> 4];
  *out += kDigits[static_cast<unsigned char>(c) & 0xF];
}

}  // namespace

void AppendString(std::string_view text, std::string* out) {
  *out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      AppendControl(c, out);
    } else {
      *out += c;
    }
  }
  *out += '"';
}

}  // namespace assay::json
