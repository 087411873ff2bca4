#include "engine/mint/json/value_parts.h"

#include "engine/base/json_text.h"
#include "engine/base/utf8.h"

namespace assay::mint {

bool AppendText(std::string_view text, std::string* out) {
  if (utf8::ValidPrefix(text) != text.size()) return false;
  json::AppendString(text, out);
  return true;
}

bool AppendUid(const EntityUid& uid, std::string* out) {
  out->append("{\"id\":");
  if (!AppendText(uid.id, out)) return false;
  out->append(",\"type\":");
  if (!AppendText(uid.type, out)) return false;
  out->push_back('}');
  return true;
}

void AppendCall(std::string_view function, std::string_view argument, std::string* out) {
  out->append("{\"arg\":");
  json::AppendString(argument, out);
  out->append(",\"fn\":");
  json::AppendString(function, out);
  out->push_back('}');
}

// Cedar's text of these is one call with one literal, `ip("10.0.0.0/8")`.
bool AppendExtension(const Value& value, std::string* out) {
  const std::string text = value.ToCedar();
  const std::size_t open = text.find("(\"");
  if (open == std::string::npos || text.size() < open + 4) return false;
  AppendCall(text.substr(0, open), text.substr(open + 2, text.size() - open - 4), out);
  return true;
}

}  // namespace assay::mint
