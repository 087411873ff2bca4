#include "compiler/validate/typed_json.h"

#include <utility>
#include <vector>

#include "compiler/validate/function_types.h"
#include "engine/data/value_json.h"
#include "stdlib/call_values.h"

namespace assay::validate {

namespace {

using json::Node;
using schema::TypeKind;

class TypedReader {
 public:
  TypedReader(const Types& types, Diagnostics* diagnostics)
      : types_(types), diagnostics_(diagnostics) {}

  std::optional<Value> Read(const Node& node, TypeId type) {
    switch (types_[type].kind) {
      case TypeKind::kEntity: {
        auto uid = data::ReadUid(node, false, diagnostics_);
        if (!uid) return std::nullopt;
        return Value(std::move(*uid));
      }
      case TypeKind::kSet:
        if (node.type == json::Type::kArray) return ReadSet(node, types_[type].element);
        break;
      case TypeKind::kRecord:
        if (node.type == json::Type::kObject) {
          std::optional<Record> record = ReadRecord(node, type);
          return record ? std::optional<Value>(std::move(*record)) : std::nullopt;
        }
        break;
      case TypeKind::kExtension: return ReadExtension(node, types_[type].extension);
      default: break;
    }
    return data::ReadValue(node, diagnostics_);
  }

 private:
  void Fail(Span span, std::string message) {
    diagnostics_->Add(DiagId::kSchemaMismatch, span, std::move(message));
  }

  std::optional<Value> ReadSet(const Node& node, TypeId element_type) {
    Value::Set elements;
    for (const Node& element : node.elements) {
      if (auto value = Read(element, element_type)) elements.push_back(std::move(*value));
    }
    if (elements.size() != node.elements.size()) return std::nullopt;
    return Value(std::move(elements));
  }

  std::optional<Record> ReadRecord(const Node& node, TypeId type) {
    bool ok = true;
    Record record;
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const json::Member& member = node.members[i];
      const auto name = types_.names().Find(member.key);
      const schema::Attribute* declared = name ? types_.Find(type, *name) : nullptr;
      if (declared == nullptr) {
        Fail(member.key_span,
             "the record attribute `" + member.key + "` should not exist according to the schema");
        ok = false;
        continue;
      }
      auto value = Read(node.elements[i], declared->type);
      ok = ok && value.has_value();
      if (value) record.emplace(member.key, std::move(*value));
    }
    for (const schema::Attribute& attribute : types_[type].attributes) {
      const std::string name(types_.names()[attribute.name]);
      if (!attribute.required || node.Find(name) != nullptr) continue;
      Fail(node.span, "expected the record to have an attribute `" + name + "`, but it does not");
      ok = false;
    }
    if (!ok) return std::nullopt;
    return record;
  }

  // {"__extn": {fn, arg}}, {fn, arg}, each also with args, or what the type's constructor takes. As
  // in the reference, further members count for nothing.
  std::optional<Value> ReadExtension(const Node& node, schema::Extension extension) {
    const Node* call = node.Find("__extn");
    if (call == nullptr || !IsCall(*call)) call = IsCall(node) ? &node : nullptr;
    if (call != nullptr) return ReadCall(*call);
    auto argument = data::ReadValue(node, diagnostics_);
    if (!argument) return std::nullopt;
    return Call(ConstructorOf(extension), {std::move(*argument)}, node.span);
  }

  static bool IsCall(const Node& node) {
    const Node* function = node.Find("fn");
    const Node* arguments = node.Find("args");
    return function != nullptr && function->type == json::Type::kString &&
           (node.Find("arg") != nullptr ||
            (arguments != nullptr && arguments->type == json::Type::kArray));
  }

  static const stdlib::FunctionInfo& ConstructorOf(schema::Extension extension) {
    for (const stdlib::FunctionInfo& info : stdlib::Functions()) {
      if (!info.is_method && TypeOfFunction(info.id).result == Types::ExtensionType(extension)) {
        return info;
      }
    }
    return stdlib::Functions().front();
  }

  std::optional<Value> ReadCall(const Node& call) {
    const Node& name = *call.Find("fn");
    const stdlib::FunctionInfo* function = stdlib::FindFunction(name.string);
    if (function == nullptr) {
      diagnostics_->Add(DiagId::kUnknownFunction, name.span,
                        "there is no function `" + name.string + "`");
      return std::nullopt;
    }
    const std::vector<TypeId>& wanted = TypeOfFunction(function->id).arguments;
    std::vector<const Node*> given;
    if (const Node* argument = call.Find("arg")) {
      given.push_back(argument);
    } else {
      for (const Node& element : call.Find("args")->elements) given.push_back(&element);
    }
    if (given.size() != wanted.size()) {
      diagnostics_->Add(DiagId::kWrongArity, call.span,
                        "expected " + std::to_string(wanted.size()) + " arguments for function " +
                            name.string + " but " + std::to_string(given.size()) +
                            " arguments are provided");
      return std::nullopt;
    }
    std::vector<Value> arguments;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (auto value = Read(*given[i], wanted[i])) arguments.push_back(std::move(*value));
    }
    if (arguments.size() != given.size()) return std::nullopt;
    return Call(*function, std::move(arguments), call.span);
  }

  std::optional<Value> Call(const stdlib::FunctionInfo& function, std::vector<Value> arguments,
                            Span span) {
    auto result = stdlib::CallOnValues(function, arguments);
    if (auto* value = std::get_if<Value>(&result)) return std::move(*value);
    diagnostics_->Add(DiagId::kInvalidExtensionValue, span, std::get<std::string>(result));
    return std::nullopt;
  }

  const Types& types_;
  Diagnostics* diagnostics_;
};

}  // namespace

std::optional<Value> ReadTyped(const Types& types, TypeId type, const Node& node,
                               Diagnostics* diagnostics) {
  return TypedReader(types, diagnostics).Read(node, type);
}

}  // namespace assay::validate
