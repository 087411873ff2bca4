// The policies of the families one by one, as data from which both text and bytecode are made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/bytecode/program_parts.h"
#include "tests/support/families.h"

namespace assay::testing {

struct FamilyScope {
  bc::Constraint::Kind kind = bc::Constraint::Kind::kAny;
  std::string type;  // of `is`
  EntityUid uid;     // of `==` and `in`; of the slot in a link
};

// `variable.attribute OP value`, or `variable.attribute` alone.
struct FamilyTest {
  enum class Kind : std::uint8_t { kHolds, kEqual, kAtLeast, kLess };
  Kind kind = Kind::kHolds;
  bc::Variable variable{};
  std::string attribute;
  Value value = false;
};

struct FamilyPolicy {
  bool is_link = false;  // of the template `permit(principal == ?principal, …)`; no tests then
  bool is_forbid = false;
  bool is_unless = false;  // the tests stand in an `unless`
  FamilyScope principal, action, resource;
  std::vector<FamilyTest> tests;  // joined by &&
};

// Links are `principal == ?principal, action == Action::"read", resource == ?resource`.
FamilyPolicy MakeFamilyPolicy(FamilyKind kind, std::size_t policies, std::size_t i);

// Policies that share a principal's chain or a resource's chain in kHierarchies.
inline constexpr std::size_t kChainLength = 20;
std::size_t ChainsOf(std::size_t policies);
// How many users, and documents, the links are spread over.
std::size_t LinkSide(std::size_t policies);

inline std::string Numbered(char prefix, std::size_t number) {
  return prefix + std::to_string(number);
}
inline EntityUid ChainUid(const char* type, std::size_t chain, std::size_t level) {
  return {type, Numbered('c', chain) + Numbered('l', level)};
}

inline constexpr std::size_t kFolders = 64;
inline constexpr std::size_t kActions = 4;
inline constexpr std::size_t kRangeStep = 10;

}  // namespace assay::testing
