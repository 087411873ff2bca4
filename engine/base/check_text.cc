#include "engine/base/check_text.h"

#include <string>

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

namespace {

bool Check(std::size_t count, std::size_t most, Span span, const char* has, const char* things,
           Diagnostics* diagnostics) {
  if (count <= most) return true;
  diagnostics->Add(DiagId::kOverLimit, {span.source, span.begin, span.begin},
                   std::string(has) + " has more than " + std::to_string(most) + " " + things);
  return false;
}

}  // namespace

bool CheckString(std::size_t bytes, Span span, const Limits& limits, Diagnostics* diagnostics) {
  return Check(bytes, limits.string_bytes, span, "this string", "bytes (string_bytes)",
               diagnostics);
}

bool CheckTokens(std::size_t count, Span span, const Limits& limits, Diagnostics* diagnostics) {
  return Check(count, limits.tokens, span, "the text", "tokens (tokens)", diagnostics);
}

bool CheckValues(std::size_t count, Span span, const Limits& limits, Diagnostics* diagnostics) {
  return Check(count, limits.json_values, span, "the text", "values (json_values)", diagnostics);
}

}  // namespace assay
