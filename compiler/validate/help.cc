#include "compiler/validate/help.h"

namespace assay::validate {

namespace {

using schema::LubFailure;
using schema::TypeKind;

bool IsSet(TypeKind kind) { return kind == TypeKind::kSet || kind == TypeKind::kAnySet; }
bool IsEntity(TypeKind kind) { return kind == TypeKind::kEntity || kind == TypeKind::kAnyEntity; }

Help ContainsOrLike(TypeKind actual) {
  if (IsSet(actual)) return Help::kTryUsingContains;
  return actual == TypeKind::kString ? Help::kTryUsingLike : Help::kNone;
}

}  // namespace

std::string_view HelpText(Help help) {
  switch (help) {
    case Help::kNone: return "";
    case Help::kTryUsingLike: return "try using `like` to examine the contents of a string";
    case Help::kTryUsingContains:
      return "try using `contains`, `containsAny`, or `containsAll` to examine the contents of a "
             "set";
    case Help::kTryUsingSingleContains:
      return "try using `contains` to test if a single element is in a set";
    case Help::kTryUsingHas: return "try using `has` to test for an attribute";
    case Help::kTryUsingIs: return "try using `is` to test for an entity type";
    case Help::kTryUsingIn: return "try using `in` for entity hierarchy membership";
    case Help::kTryUsingEqualsEmptyString:
      return "try using `== \"\"` to test if a string is empty";
    case Help::kTypeTestNotSupported: return "Cedar only supports run time type tests for entities";
    case Help::kConcatenationNotSupported: return "Cedar does not support string concatenation";
    case Help::kSetOperationsNotSupported:
      return "Cedar does not support computing the union, intersection, or difference of sets";
  }
  return "";
}

std::string_view LubHelp(LubFailure failure) {
  switch (failure) {
    case LubFailure::kAttributeQualifier:
      return "Corresponding attributes of compatible record types must have the same optionality, "
             "either both being required or both being optional";
    case LubFailure::kRecordWidth:
      return "Compatible record types must have exactly the same attributes";
    case LubFailure::kEntityType:
      return "Different entity types are never compatible even when their attributes would be "
             "compatible";
    case LubFailure::kEntityRecord:
      return "Entity and record types are never compatible even when their attributes would be "
             "compatible";
    case LubFailure::kOther: return "Types must be exactly equal to be compatible";
  }
  return "";
}

Help NoHelp(TypeKind) { return Help::kNone; }

Help HelpForIsEmpty(TypeKind actual) {
  return actual == TypeKind::kString ? Help::kTryUsingEqualsEmptyString : Help::kNone;
}

Help HelpForHas(TypeKind actual) { return ContainsOrLike(actual); }

Help HelpForLike(TypeKind actual) { return IsEntity(actual) ? Help::kTryUsingIs : Help::kNone; }

Help HelpForIs(TypeKind) { return Help::kTypeTestNotSupported; }

Help HelpForInSubject(TypeKind) { return Help::kTryUsingContains; }

Help HelpForInTarget(TypeKind actual) { return ContainsOrLike(actual); }

Help HelpForAdd(TypeKind actual) {
  return actual == TypeKind::kString ? Help::kConcatenationNotSupported : HelpForArithmetic(actual);
}

Help HelpForArithmetic(TypeKind actual) {
  return IsSet(actual) ? Help::kSetOperationsNotSupported : Help::kNone;
}

Help HelpForContainer(TypeKind actual) {
  if (IsEntity(actual)) return Help::kTryUsingIn;
  if (actual == TypeKind::kRecord) return Help::kTryUsingHas;
  return actual == TypeKind::kString ? Help::kTryUsingLike : Help::kNone;
}

Help HelpForContained(TypeKind) { return Help::kTryUsingSingleContains; }

}  // namespace assay::validate
