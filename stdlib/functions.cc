#include "stdlib/functions.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace assay::stdlib {

namespace {

constexpr FunctionInfo kFunctions[] = {
#define FUNCTION(Name, name, is_method, arity, signature, doc, example, value) \
  {FunctionId::Name, name, is_method, arity, signature, doc, example, value},
#include "stdlib/functions.def"
};

struct BuiltinMethod {
  std::string_view name;
  std::uint32_t arity;
};

constexpr BuiltinMethod kBuiltinMethods[] = {
    {"contains", 1}, {"containsAll", 1}, {"containsAny", 1},
    {"isEmpty", 0},  {"getTag", 1},      {"hasTag", 1},
};

std::vector<std::string_view> Names(bool methods) {
  std::vector<std::string_view> names;
  for (const FunctionInfo& function : kFunctions) {
    if (function.is_method == methods) names.push_back(function.name);
  }
  if (methods) {
    for (const BuiltinMethod& method : kBuiltinMethods) names.push_back(method.name);
  }
  return names;
}

}  // namespace

std::span<const FunctionInfo> Functions() { return kFunctions; }

const FunctionInfo* FindFunction(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const FunctionInfo& function) { return function.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

std::optional<std::uint32_t> BuiltinMethodArity(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kBuiltinMethods), std::end(kBuiltinMethods),
                   [&](const BuiltinMethod& method) { return method.name == name; });
  if (found == std::end(kBuiltinMethods)) return std::nullopt;
  return found->arity;
}

std::span<const std::string_view> MethodNames() {
  static const std::vector<std::string_view> names = Names(true);
  return names;
}

std::span<const std::string_view> FunctionNames() {
  static const std::vector<std::string_view> names = Names(false);
  return names;
}

}  // namespace assay::stdlib
