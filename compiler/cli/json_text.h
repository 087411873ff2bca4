// JSON that commands print.
#pragma once

#include <string>
#include <string_view>

namespace assay::cli {

// The text as a JSON string. Bytes that are no UTF-8 become U+FFFD, and whatever could drive a
// terminal or turn the direction of the text is escaped.
std::string JsonText(std::string_view text);

// The same JSON with a member or element a line, as the reference lays it out. `json` is valid and
// has no white space outside strings.
std::string PrettyJson(std::string_view json);

// `["a","b"]`.
template <typename Texts>
std::string JsonTexts(const Texts& texts) {
  std::string out = "[";
  for (const auto& text : texts) out += (out.size() > 1 ? "," : "") + JsonText(text);
  return out + "]";
}

// `[…]`, each item as `to_json` has it.
template <typename Items, typename ToJson>
std::string JsonList(const Items& items, ToJson&& to_json) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? "," : "") + to_json(item);
  return out + "]";
}

}  // namespace assay::cli
