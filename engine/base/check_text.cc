#include "engine/base/check_text.h"

#include "engine/base/utf8.h"

namespace assay {

bool CheckText(const Sources& sources, std::uint32_t source, const Limits& limits,
               Diagnostics* diagnostics) {
  const std::string_view text = sources.text(source);
  if (text.size() > limits.source_bytes) {
    diagnostics->Add(
        DiagId::kSourceTooLarge, {source, 0, 0},
        "the text has more than " + std::to_string(limits.source_bytes) + " bytes (source_bytes)");
    return false;
  }
  const auto valid = static_cast<std::uint32_t>(utf8::ValidPrefix(text));
  if (valid == text.size()) return true;
  diagnostics->Add(DiagId::kInvalidUtf8, {source, valid, valid + 1},
                   "the text is not valid UTF-8 here");
  return false;
}

}  // namespace assay
