// Families of policies in any number, each of which a decision tree must tell apart in its own way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "assay/entities.h"
#include "assay/program.h"
#include "assay/request.h"

namespace assay::testing {

enum class FamilyKind : std::uint8_t {
  kRoles,        // permits by group, action and folder
  kLinks,        // one link for each resource and principal
  kAttributes,   // told apart by `principal.team == "…"` alone
  kHierarchies,  // principal and resource have 40 ancestors each, which neighbours share
  kTypes,        // `is` and `is … in`
  kRanges,       // told apart by `context.n >= … && context.n < …` alone
  kForbids,      // nine of ten forbid
  kAll,          // every policy applies to every request
};

struct Family {
  FamilyKind kind;
  std::string_view name;
  bool grows;  // the number of policies that apply to a request grows with the number of policies
};
inline constexpr std::array<Family, 8> kFamilies = {{
    {FamilyKind::kRoles, "roles", false},
    {FamilyKind::kLinks, "links", false},
    {FamilyKind::kAttributes, "attributes", false},
    {FamilyKind::kHierarchies, "hierarchies", false},
    {FamilyKind::kTypes, "types", false},
    {FamilyKind::kRanges, "ranges", false},
    {FamilyKind::kForbids, "forbids", false},
    {FamilyKind::kAll, "all", true},
}};

// A request, and what is known of it without asking an engine.
struct FamilyRequest {
  Request request;
  std::size_t in_scope = 0;  // policies whose scope matches
  std::size_t hits = 0;      // those of them whose first condition, if any, holds
};

// Requests from all over the family, and the entities that they and their hierarchies mention.
struct FamilyData {
  std::vector<Entity> entities;
  std::vector<FamilyRequest> requests;
};
FamilyData MakeFamilyData(FamilyKind kind, std::size_t policies, std::size_t requests = 16);

// The program of policies [first, policies), made without the compiler, so that a million of them
// take seconds.
Program MakeFamilyProgram(FamilyKind kind, std::size_t policies, std::size_t first = 0);
// The same through policy text and the compiler.
Program CompileFamily(FamilyKind kind, std::size_t policies);

}  // namespace assay::testing
