#include "engine/mint/ledger/export.h"

#include <cstdio>
#include <ctime>
#include <map>
#include <string_view>

#include "engine/base/escape.h"
#include "engine/base/hex.h"
#include "engine/base/json_text.h"
#include "engine/base/utf8.h"
#include "engine/mint/json/jcs.h"
#include "engine/mint/ledger/bytes.h"

namespace assay::mint {

namespace {

// The names of the members that are ours: ASCII, so bytewise order is that of RFC 8785.
using Members = std::map<std::string_view, std::string>;

// The kinds of record_fields.def as types, since Text and Json are the same in C++.
enum class Kind : std::uint8_t { kText, kJson, kTexts, kInteger, kDigest };

std::string Quoted(std::string_view text) {
  std::string out;
  json::AppendString(text, &out);
  return out;
}

template <typename Texts>
std::string List(const Texts& texts) {
  std::string out = "[";
  for (const auto& text : texts) {
    if (out.size() > 1) out += ',';
    json::AppendString(text, &out);
  }
  return out + "]";
}

std::string ToJson(Kind kind, const std::string& text) {
  if (kind == Kind::kJson) {
    if (auto canonical = jcs::Canonicalize(text)) return *canonical;
  }
  return Quoted(text);
}
std::string ToJson(Kind, const std::vector<std::string>& texts) { return List(texts); }
std::string ToJson(Kind, std::int64_t integer) { return std::to_string(integer); }
std::string ToJson(Kind, const std::optional<Digest>& digest) {
  return Quoted(ToHex(AsText(*digest)));
}

bool IsPresent(const std::string& text) { return !text.empty(); }
bool IsPresent(const std::vector<std::string>& texts) { return !texts.empty(); }
bool IsPresent(std::int64_t integer) { return integer != 0; }
bool IsPresent(const std::optional<Digest>& digest) { return digest.has_value(); }

Members FieldsOf(const Record& record) {
  Members members;
#define FIELD(number, kind, name) \
  if (IsPresent(record.name)) members[#name] = ToJson(Kind::k##kind, record.name);
#include "assay/mint/record_fields.def"
#undef FIELD
  members["controls"] = List(ControlTags(record.controls));
  return members;
}

std::string Object(const Members& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    out += Quoted(name) + ":" + value;
  }
  return out + "}";
}

// As Cedar writes it in a string literal: everything that does not print is escaped.
std::string ToText(const std::string& text) { return "\"" + EscapeText(text) + "\""; }
std::string ToText(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ", ";
    out += ToText(text);
  }
  return out + "]";
}
std::string ToText(std::int64_t integer) { return std::to_string(integer); }
std::string ToText(const std::optional<Digest>& digest) { return ToHex(AsText(*digest)); }

}  // namespace

std::string EscapeUnsafe(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, at);
    if (utf8::IsUnsafeToPrint(next.code_point)) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(next.code_point));
      out += escape;
    } else {
      utf8::Append(next.code_point, &out);
    }
    at += next.length;
  }
  return out;
}

std::string FormatTime(std::int64_t time_ms) {
  std::int64_t seconds = time_ms / 1000;
  std::int64_t ms = time_ms % 1000;
  if (ms < 0) ms += 1000, --seconds;
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr || parts.tm_year + 1900 > 9999 ||
      parts.tm_year + 1900 < 0) {
    return std::to_string(time_ms);
  }
  char text[80];  // g++ does not know how few digits there are
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(ms));
  return text;
}

std::string RecordJson(const Record& record) {
  Members members = FieldsOf(record);
  members["sequence"] = std::to_string(record.sequence);
  members["time"] = Quoted(FormatTime(record.time_ms));
  members["type"] = Quoted(RecordTypeName(record.type));
  return EscapeUnsafe(Object(members));
}

std::string CloudEvent(const Record& record, const LedgerId& ledger) {
  Members event;
  event["specversion"] = "\"1.0\"";
  event["id"] = Quoted(std::to_string(record.sequence));
  event["source"] = Quoted("urn:assay:ledger:" + ToHex(AsText(ledger)));
  event["type"] = Quoted("assay." + std::string(RecordTypeName(record.type)));
  event["time"] = Quoted(FormatTime(record.time_ms));
  if (!record.jti.empty()) event["subject"] = Quoted(record.jti);
  event["datacontenttype"] = "\"application/json\"";
  event["data"] = Object(FieldsOf(record));
  return EscapeUnsafe(Object(event));
}

std::string RecordLine(const Record& record) {
  std::string out = "#" + std::to_string(record.sequence) + " " + FormatTime(record.time_ms) + " " +
                    std::string(RecordTypeName(record.type));
#define FIELD(number, kind, name)                                                             \
  if (std::string_view(#name) != "controls" && IsPresent(record.name)) {                      \
    out += " " #name "=" + (std::string_view(#name) == "expires" ? FormatTime(record.expires) \
                                                                 : ToText(record.name));      \
  }
#include "assay/mint/record_fields.def"
#undef FIELD
  return out;
}

}  // namespace assay::mint
