// The types of the standard library's functions, read from its table.
#pragma once

#include <vector>

#include "compiler/schema/types.h"
#include "stdlib/functions.h"

namespace assay::validate {

using schema::TypeId;
using schema::Types;

struct FunctionType {
  std::vector<TypeId> arguments;  // the receiver first
  TypeId result = Types::kNever;
};

const FunctionType& TypeOfFunction(stdlib::FunctionId function);

}  // namespace assay::validate
