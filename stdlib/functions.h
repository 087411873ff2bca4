// The table of the standard library: names and signatures. Bodies are in call.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace assay::stdlib {

// Numbers are part of the bytecode: rows of functions.def are only appended.
enum class FunctionId : std::uint8_t {
#define FUNCTION(Name, name, is_method, arity, signature, doc, example, value) Name,
#include "stdlib/functions.def"
};

struct FunctionInfo {
  FunctionId id;
  std::string_view name;
  bool is_method;      // called as `receiver.name(…)`
  std::uint8_t arity;  // with the receiver
  std::string_view signature;
  std::string_view doc;
  std::string_view example;  // Cedar text
  std::string_view value;    // Cedar text of what the example gives
};

// All functions, by id.
std::span<const FunctionInfo> Functions();

// nullptr if there is no function of that name.
const FunctionInfo* FindFunction(std::string_view name);

// Arguments, without the receiver, of a method that is part of the language: `contains` and others.
std::optional<std::uint32_t> BuiltinMethodArity(std::string_view name);

// For suggestions.
std::span<const std::string_view> MethodNames();
std::span<const std::string_view> FunctionNames();

}  // namespace assay::stdlib
