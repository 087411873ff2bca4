// A second, plain implementation of Cedar, to compare the engine with. It is written from the
// specification for clarity, not for speed, and shares only the syntax tree with the product.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/cedar/policy_set.h"
#include "tests/oracle/store.h"

namespace assay::oracle {

struct PolicyError {
  std::string policy;
  std::string text;  // as the reference writes it, without "while evaluating policy …"
  friend auto operator<=>(const PolicyError&, const PolicyError&) = default;
};

struct Answer {
  bool allow = false;
  std::vector<std::string> reasons;  // ids of the determining policies, sorted
  std::vector<PolicyError> errors;   // sorted
  friend bool operator==(const Answer&, const Answer&) = default;
};

// Nothing, and the reason in `error`, if the text is not what the reference takes.
std::optional<Store> ReadStore(std::string_view json, std::string* error);
std::optional<Request> ParseRequest(std::string_view json, std::string* error);

Answer Decide(const cedar::PolicySetSyntax& policies, const Store& store, const Request& request);

}  // namespace assay::oracle
