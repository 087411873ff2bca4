#include "tests/support/family_policies.h"

#include <algorithm>
#include <cmath>

#include "engine/store/hash_map.h"

namespace assay::testing {

namespace {

using Kind = bc::Constraint::Kind;

FamilyScope Equal(EntityUid uid) { return {Kind::kEqual, "", std::move(uid)}; }
FamilyScope In(EntityUid uid) { return {Kind::kIn, "", std::move(uid)}; }
FamilyScope InGroup(std::size_t group) { return In({"Group", Numbered('g', group)}); }
FamilyScope InFolder(std::size_t i) { return In({"Folder", Numbered('f', i % kFolders)}); }
FamilyScope Doing(const char* action) { return Equal({"Action", action}); }

FamilyPolicy Attributes(std::size_t i) {
  FamilyPolicy policy;
  policy.tests.push_back(
      {FamilyTest::Kind::kEqual, bc::Variable::kPrincipal, "team", Numbered('t', i / 2)});
  policy.tests.push_back(
      {FamilyTest::Kind::kEqual, bc::Variable::kResource, "kind", Numbered('k', i % 2)});
  return policy;
}

// Each pair of chains has about four policies, somewhere along the chains.
FamilyPolicy Hierarchies(std::size_t policies, std::size_t i) {
  const std::size_t chains = ChainsOf(policies);
  const std::uint64_t place = store::Mix(i);  // so that no chain favours a level
  FamilyPolicy policy;
  policy.principal = In(ChainUid("Group", i % chains, place % kChainLength));
  policy.resource =
      In(ChainUid("Folder", i / chains % chains, place / kChainLength % kChainLength));
  return policy;
}

FamilyPolicy Types(std::size_t i) {
  FamilyPolicy policy;
  policy.action = Doing("read");
  if (i % 2 == 0) {
    policy.principal = {Kind::kIs, Numbered('T', i), {}};
    return policy;
  }
  policy.principal = InGroup(i);
  policy.resource = InFolder(i);
  policy.principal.kind = policy.resource.kind = Kind::kIsIn;
  policy.principal.type = "User";
  policy.resource.type = "Doc";
  return policy;
}

FamilyPolicy Ranges(std::size_t i) {
  const auto low = static_cast<std::int64_t>(i * kRangeStep);
  FamilyPolicy policy;
  policy.tests.push_back({FamilyTest::Kind::kAtLeast, bc::Variable::kContext, "n", low});
  policy.tests.push_back({FamilyTest::Kind::kLess, bc::Variable::kContext, "n",
                          low + static_cast<std::int64_t>(3 * kRangeStep)});
  return policy;
}

FamilyPolicy Forbids(std::size_t i) {
  FamilyPolicy policy;
  policy.resource = InFolder(i);
  if (i % 10 == 0) {
    policy.principal = InGroup(i);
    return policy;
  }
  policy.is_forbid = policy.is_unless = true;
  policy.principal = Equal({"User", Numbered('u', i / 2)});
  policy.action = Doing("delete");
  policy.tests.push_back({FamilyTest::Kind::kHolds, bc::Variable::kContext, "mfa", false});
  return policy;
}

}  // namespace

std::size_t ChainsOf(std::size_t policies) {
  const double chains = std::sqrt(static_cast<double>(policies) / 4);
  return std::max<std::size_t>(1, static_cast<std::size_t>(chains));
}

std::size_t LinkSide(std::size_t policies) {
  return static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(policies))));
}

FamilyPolicy MakeFamilyPolicy(FamilyKind kind, std::size_t policies, std::size_t i) {
  FamilyPolicy policy;
  switch (kind) {
    case FamilyKind::kRoles:
      policy.principal = InGroup(i);
      policy.action = Equal({"Action", Numbered('a', i % kActions)});
      policy.resource = InFolder(i);
      return policy;
    case FamilyKind::kLinks:
      policy.is_link = true;
      policy.principal = Equal({"User", Numbered('u', i % LinkSide(policies))});
      policy.action = Doing("read");
      policy.resource = Equal({"Doc", Numbered('d', i / LinkSide(policies))});
      return policy;
    case FamilyKind::kAttributes: return Attributes(i);
    case FamilyKind::kHierarchies: return Hierarchies(policies, i);
    case FamilyKind::kTypes: return Types(i);
    case FamilyKind::kRanges: return Ranges(i);
    case FamilyKind::kForbids: return Forbids(i);
    case FamilyKind::kAll: return policy;
  }
  return policy;
}

}  // namespace assay::testing
