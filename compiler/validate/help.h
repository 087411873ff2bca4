// The advice that findings carry: the reference's sentences.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/schema/types.h"

namespace assay::validate {

enum class Help : std::uint8_t {
  kNone,
  kTryUsingLike,
  kTryUsingContains,
  kTryUsingSingleContains,
  kTryUsingHas,
  kTryUsingIs,
  kTryUsingIn,
  kTryUsingEqualsEmptyString,
  kTypeTestNotSupported,
  kConcatenationNotSupported,
  kSetOperationsNotSupported,
};

std::string_view HelpText(Help help);
std::string_view LubHelp(schema::LubFailure failure);

// What to say where the operand of an operator has a type of this kind.
using HelpFor = Help (*)(schema::TypeKind actual);
Help NoHelp(schema::TypeKind actual);
Help HelpForIsEmpty(schema::TypeKind actual);
Help HelpForHas(schema::TypeKind actual);
Help HelpForLike(schema::TypeKind actual);
Help HelpForIs(schema::TypeKind actual);
Help HelpForInSubject(schema::TypeKind actual);
Help HelpForInTarget(schema::TypeKind actual);
Help HelpForAdd(schema::TypeKind actual);
Help HelpForArithmetic(schema::TypeKind actual);
Help HelpForContainer(schema::TypeKind actual);
Help HelpForContained(schema::TypeKind actual);

}  // namespace assay::validate
