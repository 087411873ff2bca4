#include "engine/data/value_json.h"

#include <utility>

#include "engine/base/names.h"
#include "engine/data/uid_text.h"
#include "stdlib/call_values.h"

namespace assay::data {

namespace {

using json::Node;
using json::Type;

// The value of the only member of an object, if that member is `key`.
const Node* Escape(const Node& node, std::string_view key) {
  return node.members.size() == 1 && node.members[0].key == key ? &node.elements[0] : nullptr;
}

const Node* FindOf(const Node& node, std::string_view key, Type type) {
  const Node* member = node.Find(key);
  return member != nullptr && member->type == type ? member : nullptr;
}

bool HasTypeAndId(const Node& node) {
  return FindOf(node, "type", Type::kString) != nullptr &&
         FindOf(node, "id", Type::kString) != nullptr;
}

std::optional<EntityUid> UidOf(const Node& node, Diagnostics* diagnostics) {
  const Node& type = *node.Find("type");
  if (IsTypeName(type.string)) return EntityUid{type.string, node.Find("id")->string};
  diagnostics->Add(DiagId::kInvalidTypeName, type.span,
                   "`" + type.string + "` is not the name of an entity type",
                   "a type is identifiers joined by `::`, without white space");
  return std::nullopt;
}

std::optional<Value> ReadCall(const Node& call, const Node& function_name,
                              Diagnostics* diagnostics) {
  const Node* argument = call.Find("arg");
  std::vector<Value> arguments;
  bool ok = true;
  const auto read = [&](const Node& node) {
    std::optional<Value> value = ReadValue(node, diagnostics);
    ok = ok && value.has_value();
    if (value) arguments.push_back(std::move(*value));
  };
  if (argument != nullptr) {
    read(*argument);
  } else {
    for (const Node& element : call.Find("args")->elements) read(element);
  }
  if (!ok) return std::nullopt;
  const stdlib::FunctionInfo* function = stdlib::FindFunction(function_name.string);
  if (function == nullptr) {
    diagnostics->Add(DiagId::kUnknownFunction, function_name.span,
                     "there is no function `" + function_name.string + "`");
    return std::nullopt;
  }
  auto result = stdlib::CallOnValues(*function, arguments);
  if (auto* value = std::get_if<Value>(&result)) return std::move(*value);
  diagnostics->Add(DiagId::kInvalidExtensionValue, call.span, std::get<std::string>(result));
  return std::nullopt;
}

std::optional<Value> ReadSet(const Node& node, Diagnostics* diagnostics) {
  Value::Set elements;
  bool ok = true;
  for (const Node& element : node.elements) {
    std::optional<Value> value = ReadValue(element, diagnostics);
    ok = ok && value.has_value();
    if (value) elements.push_back(std::move(*value));
  }
  if (!ok) return std::nullopt;
  return Value(std::move(elements));
}

std::optional<Value> ReadObject(const Node& node, Diagnostics* diagnostics) {
  if (const Node* entity = Escape(node, "__entity"); entity != nullptr && HasTypeAndId(*entity)) {
    if (auto uid = UidOf(*entity, diagnostics)) return std::move(*uid);
    return std::nullopt;
  }
  if (const Node* call = Escape(node, "__extn"); call != nullptr) {
    const Node* function = FindOf(*call, "fn", Type::kString);
    const bool has_arguments =
        call->Find("arg") != nullptr || FindOf(*call, "args", Type::kArray) != nullptr;
    if (function != nullptr && has_arguments) return ReadCall(*call, *function, diagnostics);
  }
  if (const Node* text = Escape(node, "__expr"); text != nullptr && text->type == Type::kString) {
    diagnostics->Add(DiagId::kUnexpectedJsonType, node.members[0].key_span,
                     "`__expr` is no longer part of the format", "use `__entity` or `__extn`");
    return std::nullopt;
  }
  if (auto record = ReadAttributes(node, diagnostics)) return std::move(*record);
  return std::nullopt;
}

}  // namespace

std::optional<Value> ReadValue(const Node& node, Diagnostics* diagnostics) {
  switch (node.type) {
    case Type::kBool: return node.boolean;
    case Type::kInteger: return node.integer;
    case Type::kString: return node.string;
    case Type::kArray: return ReadSet(node, diagnostics);
    case Type::kObject: return ReadObject(node, diagnostics);
    case Type::kNull:
      diagnostics->Add(DiagId::kUnexpectedJsonType, node.span, "null is not a value of Cedar",
                       "leave the attribute out");
      return std::nullopt;
    case Type::kNumber: break;
  }
  diagnostics->Add(DiagId::kInvalidNumber, node.span, "numbers are 64-bit integers",
                   "for decimal places use {\"__extn\": {\"fn\": \"decimal\", \"arg\": \"1.5\"}}");
  return std::nullopt;
}

std::optional<Record> ReadAttributes(const Node& node, Diagnostics* diagnostics) {
  if (node.type != Type::kObject) {
    diagnostics->Add(DiagId::kUnexpectedJsonType, node.span,
                     "expected an object, found " + std::string(TypeText(node.type)));
    return std::nullopt;
  }
  Record record;
  bool ok = true;
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    std::optional<Value> value = ReadValue(node.elements[i], diagnostics);
    ok = ok && value.has_value();
    if (value) record.emplace(node.members[i].key, std::move(*value));
  }
  if (!ok) return std::nullopt;
  return record;
}

std::optional<EntityUid> ReadUid(const Node& node, bool allow_text, Diagnostics* diagnostics) {
  if (allow_text && node.type == Type::kString) {
    return ParseUidText(node.string, node.span, diagnostics);
  }
  if (HasTypeAndId(node)) return UidOf(node, diagnostics);
  if (const Node* entity = node.Find("__entity"); entity != nullptr && HasTypeAndId(*entity)) {
    return UidOf(*entity, diagnostics);
  }
  diagnostics->Add(DiagId::kInvalidUid, node.span, "this is not an entity",
                   allow_text ? "write `Type::\"id\"` as a string, or {\"type\": …, \"id\": …}"
                              : "write {\"type\": \"Type\", \"id\": \"id\"}");
  return std::nullopt;
}

}  // namespace assay::data
