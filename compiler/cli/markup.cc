#include "compiler/cli/markup.h"

#include "engine/base/utf8.h"

namespace assay::cli {

std::string Markup(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    i += next.length;
    switch (next.code_point) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      case '\t': out += "&#9;"; break;
      default:
        utf8::Append(utf8::IsUnsafeToPrint(next.code_point) ? U'\uFFFD' : next.code_point, &out);
    }
  }
  return out;
}

}  // namespace assay::cli
