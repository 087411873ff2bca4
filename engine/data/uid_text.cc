#include "engine/data/uid_text.h"

#include "engine/base/escape.h"
#include "engine/base/names.h"

namespace assay::data {

namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// The path without the white space around its parts.
std::string Normalised(std::string_view path) {
  std::string out;
  while (true) {
    const std::size_t separator = path.find("::");
    out += Trimmed(path.substr(0, separator));
    if (separator == std::string_view::npos) return out;
    out += "::";
    path.remove_prefix(separator + 2);
  }
}

}  // namespace

std::optional<EntityUid> ParseUidText(std::string_view text, Span place, Diagnostics* diagnostics) {
  const auto fail = [&](DiagId id, std::string message) {
    diagnostics->Add(id, place, std::move(message), "an entity is written `Type::\"id\"`");
    return std::nullopt;
  };
  text = Trimmed(text);
  const std::size_t quote = text.find('"');
  if (quote == std::string_view::npos || text.size() < quote + 2 || text.back() != '"') {
    return fail(DiagId::kInvalidUid, "this is not an entity: it has no quoted id");
  }
  const std::string_view path = Trimmed(text.substr(0, quote));
  if (path.size() < 2 || path.substr(path.size() - 2) != "::") {
    return fail(DiagId::kInvalidUid, "`::` must stand between the type and the id");
  }
  EntityUid uid{Normalised(path.substr(0, path.size() - 2)), {}};
  if (!IsTypeName(uid.type)) {
    return fail(DiagId::kInvalidTypeName, "`" + uid.type + "` is not the name of an entity type");
  }
  const std::string_view raw = text.substr(quote + 1, text.size() - quote - 2);
  for (std::size_t i = 0; i < raw.size(); i += raw[i] == '\\' ? 2 : 1) {
    if (raw[i] == '"' || (raw[i] == '\\' && i + 1 == raw.size())) {
      return fail(DiagId::kInvalidUid, "the id has a `\"` in it that is not escaped");
    }
  }
  if (const auto error = Unescape(raw, StringForm::kText, &uid.id)) {
    return fail(DiagId::kInvalidEscape, error->message);
  }
  return uid;
}

}  // namespace assay::data
