#include "compiler/cedar/ast.h"

#include <array>

namespace assay::cedar {

namespace {

constexpr std::array<std::string_view, 4> kVariables = {"principal", "action", "resource",
                                                        "context"};
constexpr std::array<std::string_view, 10> kOperators = {"==", "!=", "<", "<=", ">",
                                                         ">=", "in", "+", "-",  "*"};

}  // namespace

std::string_view VariableText(Var var) { return kVariables[static_cast<std::size_t>(var)]; }

std::string_view OperatorText(BinaryOp op) { return kOperators[static_cast<std::size_t>(op)]; }

std::optional<Var> FindVariable(std::string_view text) {
  for (std::size_t i = 0; i < kVariables.size(); ++i) {
    if (kVariables[i] == text) return static_cast<Var>(i);
  }
  return std::nullopt;
}

std::optional<BinaryOp> FindOperator(std::string_view text) {
  for (std::size_t i = 0; i < kOperators.size(); ++i) {
    if (kOperators[i] == text) return static_cast<BinaryOp>(i);
  }
  return std::nullopt;
}

const Annotation* Policy::FindAnnotation(std::string_view key) const {
  for (const Annotation& annotation : annotations) {
    if (annotation.key == key) return &annotation;
  }
  return nullptr;
}

}  // namespace assay::cedar
