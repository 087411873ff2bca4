#include "engine/base/names.h"

#include <algorithm>
#include <array>

namespace assay {

namespace {

constexpr std::array<std::string_view, 9> kReserved = {"true", "false", "if",   "then", "else",
                                                       "in",   "is",    "like", "has"};

bool IsLetter(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsLetterOrDigit(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }

}  // namespace

bool IsReservedWord(std::string_view word) {
  return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

bool IsIdentifier(std::string_view text) {
  return !text.empty() && IsLetter(text[0]) &&
         std::all_of(text.begin(), text.end(), IsLetterOrDigit);
}

bool IsPlainName(std::string_view text) { return IsIdentifier(text) && !IsReservedWord(text); }

bool IsFieldName(std::string_view text) { return IsPlainName(text) && text != "__cedar"; }

bool IsTypeName(std::string_view text) {
  while (true) {
    const std::size_t separator = text.find("::");
    const std::string_view part = text.substr(0, separator);
    if (!IsFieldName(part)) return false;
    if (separator == std::string_view::npos) return true;
    text.remove_prefix(separator + 2);
  }
}

bool IsActionType(std::string_view type) {
  const std::size_t separator = type.rfind("::");
  return (separator == std::string_view::npos ? type : type.substr(separator + 2)) == "Action";
}

}  // namespace assay
