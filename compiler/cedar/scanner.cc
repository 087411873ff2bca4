#include "compiler/cedar/scanner.h"

namespace assay::cedar {

bool IsWhiteSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool CheckText(const Sources& sources, std::uint32_t source, const Limits& limits,
               Diagnostics* diagnostics) {
  const std::string_view text = sources.text(source);
  if (text.size() > limits.source_bytes) {
    diagnostics->Add(DiagId::kSourceTooLarge, {source, 0, 0},
                     "the text has " + std::to_string(text.size()) + " bytes; the limit is " +
                         std::to_string(limits.source_bytes) + " (source_bytes)");
    return false;
  }
  const std::size_t valid = utf8::ValidPrefix(text);
  if (valid == text.size()) return true;
  const auto at = static_cast<std::uint32_t>(valid);
  diagnostics->Add(DiagId::kInvalidUtf8, {source, at, at + 1}, "the text is not valid UTF-8 here");
  return false;
}

}  // namespace assay::cedar
