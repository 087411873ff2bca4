#include "compiler/validate/function_types.h"

#include <algorithm>
#include <string_view>

namespace assay::validate {

namespace {

TypeId TypeNamed(std::string_view name) {
  if (name == "Bool") return Types::kBool;
  if (name == "Long") return Types::kLong;
  if (name == "String") return Types::kString;
  const auto* const found =
      std::find(schema::kExtensionNames.begin(), schema::kExtensionNames.end(), name);
  return Types::ExtensionType(
      static_cast<schema::Extension>(found - schema::kExtensionNames.begin()));
}

// `receiver.(argument) -> result`, or without a receiver; no function has more than one argument.
FunctionType ReadSignature(std::string_view signature) {
  FunctionType type;
  const std::size_t open = signature.find('('), close = signature.find(')');
  const std::size_t arrow = signature.find("-> ");
  if (open > 0) type.arguments.push_back(TypeNamed(signature.substr(0, open - 1)));
  if (close > open + 1) {
    type.arguments.push_back(TypeNamed(signature.substr(open + 1, close - open - 1)));
  }
  type.result = TypeNamed(signature.substr(arrow + 3));
  return type;
}

std::vector<FunctionType> ReadSignatures() {
  std::vector<FunctionType> types;
  for (const stdlib::FunctionInfo& info : stdlib::Functions()) {
    types.push_back(ReadSignature(info.signature));
  }
  return types;
}

}  // namespace

const FunctionType& TypeOfFunction(stdlib::FunctionId function) {
  static const std::vector<FunctionType> types = ReadSignatures();
  return types[static_cast<std::size_t>(function)];
}

}  // namespace assay::validate
