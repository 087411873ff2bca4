#include "engine/mint/hook/cedar_json.h"

#include "engine/mint/json/value_parts.h"

namespace assay::mint::hook {

namespace {

// What is nested deeper could not be read again: Limits::json_depth, less what stands around a
// value.
constexpr int kMostDepth = 100;

bool AppendEscape(const Value& value, std::string* out) {
  out->append("{\"__extn\":");
  if (!AppendExtension(value, out)) return false;
  out->push_back('}');
  return true;
}

void AppendDatetime(Datetime instant, std::string* out) {
  out->append("{\"__extn\":{\"args\":[{\"__extn\":");
  AppendCall("datetime", "1970-01-01", out);
  out->append("},{\"__extn\":");
  AppendCall("duration", std::to_string(instant.milliseconds) + "ms", out);
  out->append("}],\"fn\":\"offset\"}}");
}

bool AppendValue(const Value& value, int depth, std::string* out);

bool AppendMembers(const Value::Record& record, int depth, std::string* out) {
  out->push_back('{');
  for (const auto& [name, value] : record) {
    if (out->back() != '{') out->push_back(',');
    if (!AppendText(name, out)) return false;
    out->push_back(':');
    if (!AppendValue(value, depth + 1, out)) return false;
  }
  out->push_back('}');
  return true;
}

// A record that would read as an entity or a call.
bool LooksLikeEscape(const Value::Record& record) {
  if (record.size() != 1) return false;
  const std::string& name = record.begin()->first;
  return name == "__entity" || name == "__extn" || name == "__expr";
}

bool AppendSet(const Value::Set& set, int depth, std::string* out) {
  out->push_back('[');
  for (const Value& element : set) {
    if (out->back() != '[') out->push_back(',');
    if (!AppendValue(element, depth + 1, out)) return false;
  }
  out->push_back(']');
  return true;
}

bool AppendValue(const Value& value, int depth, std::string* out) {
  if (depth > kMostDepth) return false;
  switch (value.kind()) {
    case Kind::kBool: out->append(*value.As<bool>() ? "true" : "false"); return true;
    case Kind::kLong: out->append(std::to_string(*value.As<std::int64_t>())); return true;
    case Kind::kString: return AppendText(*value.As<std::string>(), out);
    case Kind::kEntity:
      out->append("{\"__entity\":");
      if (!AppendUid(*value.As<EntityUid>(), out)) return false;
      out->push_back('}');
      return true;
    case Kind::kSet: return AppendSet(*value.As<Value::Set>(), depth, out);
    case Kind::kRecord: {
      const auto& record = *value.As<Value::Record>();
      return !LooksLikeEscape(record) && AppendMembers(record, depth, out);
    }
    case Kind::kDatetime: AppendDatetime(*value.As<Datetime>(), out); return true;
    case Kind::kDecimal:
    case Kind::kDuration:
    case Kind::kIpAddr: return AppendEscape(value, out);
    case Kind::kUndefined: return false;
  }
  return false;
}

}  // namespace

bool AppendEntity(const Entity& entity, std::string* out) {
  out->append("{\"attrs\":");
  if (!AppendMembers(entity.attributes, 0, out)) return false;
  out->append(",\"parents\":[");
  for (const EntityUid& parent : entity.parents) {
    if (out->back() != '[') out->push_back(',');
    if (!AppendUid(parent, out)) return false;
  }
  out->append("],\"tags\":");
  if (!AppendMembers(entity.tags, 0, out)) return false;
  out->append(",\"uid\":");
  if (!AppendUid(entity.uid, out)) return false;
  out->push_back('}');
  return true;
}

bool AppendRequest(const Request& request, std::string* out) {
  if (LooksLikeEscape(request.context)) return false;
  out->append("{\"action\":");
  if (!AppendUid(request.action, out)) return false;
  out->append(",\"context\":");
  if (!AppendMembers(request.context, 0, out)) return false;
  out->append(",\"principal\":");
  if (!AppendUid(request.principal, out)) return false;
  out->append(",\"resource\":");
  if (!AppendUid(request.resource, out)) return false;
  out->push_back('}');
  return true;
}

}  // namespace assay::mint::hook
