// An escape is an object with the one member `__entity` or `__extn` and the right things in it;
// anything else of that look is a plain record.
#include "tests/oracle/json.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/functions.h"
#include "tests/oracle/text.h"

namespace assay::oracle {
namespace {

using Json = nlohmann::json;

bool HasText(const Json& object, const char* key) {
  return object.contains(key) && object[key].is_string();
}

// What the only member of `json` holds if it is called `key`.
const Json* OnlyMember(const Json& json, const char* key) {
  if (!json.is_object() || json.size() != 1 || !json.contains(key)) return nullptr;
  return &json[key];
}

bool IsUid(const Json& json) {
  return json.is_object() && HasText(json, "type") && HasText(json, "id");
}

Uid MakeUid(const Json& json) {
  Uid uid{json["type"].get<std::string>(), json["id"].get<std::string>()};
  if (!IsTypeName(uid.type)) throw Failure{"not a type name: " + uid.type};
  return uid;
}

bool IsCall(const Json& json) {
  return json.is_object() && HasText(json, "fn") &&
         (json.contains("arg") || (json.contains("args") && json["args"].is_array()));
}

Value Call(const Json& json) {
  std::vector<Value> arguments;
  if (json.contains("arg")) {
    arguments.push_back(ReadValue(json["arg"]));
  } else {
    for (const Json& argument : json["args"]) arguments.push_back(ReadValue(argument));
  }
  return CallExtension(json["fn"].get<std::string>(), arguments);
}

Value ReadObject(const Json& json) {
  if (const Json* uid = OnlyMember(json, "__entity"); uid != nullptr && IsUid(*uid)) {
    return {MakeUid(*uid)};
  }
  if (const Json* call = OnlyMember(json, "__extn"); call != nullptr && IsCall(*call)) {
    return Call(*call);
  }
  if (const Json* text = OnlyMember(json, "__expr"); text != nullptr && text->is_string()) {
    throw Failure{"the `__expr` escape is no longer supported"};
  }
  return MakeRecord(ReadMembers(json));
}

Value ReadNumber(const Json& json) {
  const bool too_large =
      json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  if (!json.is_number_integer() || too_large) throw Failure{"not a 64-bit integer: " + json.dump()};
  return {json.get<std::int64_t>()};
}

}  // namespace

Value ReadValue(const Json& json) {
  if (json.is_boolean()) return {json.get<bool>()};
  if (json.is_number()) return ReadNumber(json);
  if (json.is_string()) return {json.get<std::string>()};
  if (json.is_object()) return ReadObject(json);
  if (!json.is_array()) throw Failure{"no value: " + json.dump()};
  Set elements;
  for (const Json& element : json) elements.insert(ReadValue(element));
  return MakeSet(std::move(elements));
}

Uid ReadUid(const Json& json) {
  const Json* inner = OnlyMember(json, "__entity");
  const Json& uid = inner != nullptr ? *inner : json;
  if (!IsUid(uid)) throw Failure{"no uid: " + json.dump()};
  return MakeUid(uid);
}

Record ReadMembers(const Json& json) {
  if (!json.is_object()) throw Failure{"no object: " + json.dump()};
  Record members;
  for (const auto& [key, value] : json.items()) members.emplace(key, ReadValue(value));
  return members;
}

Record ReadRecord(const Json& json) {
  const Value value = ReadValue(json);
  if (value.AsRecord() == nullptr) throw Failure{"not a record: " + json.dump()};
  return *value.AsRecord();
}

Json ParseJson(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Failure{"not JSON"};
  return json;
}

}  // namespace assay::oracle
