// The requests of the families, with the numbers of policies that concern them counted by hand.
#include <algorithm>
#include <set>

#include "tests/support/families.h"
#include "tests/support/family_policies.h"

namespace assay::testing {

namespace {

constexpr std::size_t kGroupsOfUser = 8;

// A request under construction: a user and a document of its own, which may get parents.
struct Draft {
  explicit Draft(std::size_t number)
      : principal{{"User", Numbered('r', number)}, {}, {}, {}},
        resource{{"Doc", Numbered('r', number)}, {}, {}, {}} {}

  Entity principal, resource;
  std::string action = "read";
  Record context;
  std::size_t in_scope = 1;
  std::size_t hits = 1;
};

void JoinFolder(std::size_t i, Draft* draft) {
  const EntityUid folder{"Folder", Numbered('f', i % kFolders)};
  auto& parents = draft->resource.parents;
  if (std::find(parents.begin(), parents.end(), folder) == parents.end()) parents.push_back(folder);
}

// The policies from `first` on whose groups the user joins.
std::vector<std::size_t> JoinGroups(std::size_t first, std::size_t policies, Draft* draft) {
  std::vector<std::size_t> joined;
  for (std::size_t i = first; i < std::min(first + kGroupsOfUser, policies); ++i) {
    draft->principal.parents.push_back({"Group", Numbered('g', i)});
    joined.push_back(i);
  }
  return joined;
}

void Roles(std::size_t first, std::size_t policies, Draft* draft) {
  draft->action = Numbered('a', first % kActions);
  JoinFolder(first, draft);
  JoinFolder(first + kActions, draft);
  const auto joined = JoinGroups(first, policies, draft);
  draft->in_scope = draft->hits = joined.size() > kActions ? 2 : 1;
}

// Every fourth request is for a document that the user has no link to.
void Links(std::size_t first, std::size_t number, std::size_t policies, Draft* draft) {
  const std::size_t side = LinkSide(policies);
  draft->principal.uid.id = Numbered('u', first % side);
  const bool misses = number % 4 == 3;
  draft->resource.uid.id = Numbered('d', misses ? side : first / side);
  draft->in_scope = draft->hits = misses ? 0 : 1;
}

void Attributes(std::size_t first, std::size_t policies, Draft* draft) {
  draft->principal.attributes.emplace("team", Numbered('t', first / 2));
  draft->resource.attributes.emplace("kind", "k0");
  draft->in_scope = policies;
  draft->hits = first / 2 * 2 + 1 < policies ? 2 : 1;
}

void Hierarchies(std::size_t number, std::size_t policies, Draft* draft) {
  const std::size_t chains = ChainsOf(policies);
  const std::size_t from = number * 5;
  const std::set<std::size_t> principal_chains{from % chains, (from + 1) % chains};
  const std::set<std::size_t> resource_chains{number * 3 % chains, (number * 3 + 1) % chains};
  for (const std::size_t chain : principal_chains) {
    draft->principal.parents.push_back(ChainUid("Group", chain, 0));
  }
  for (const std::size_t chain : resource_chains) {
    draft->resource.parents.push_back(ChainUid("Folder", chain, 0));
  }
  draft->in_scope = 0;
  for (const std::size_t principal : principal_chains) {
    for (const std::size_t resource : resource_chains) {
      for (std::size_t i = principal + chains * resource; i < policies; i += chains * chains) {
        ++draft->in_scope;
      }
    }
  }
  draft->hits = draft->in_scope;
}

void AddChains(std::size_t policies, std::vector<Entity>* entities) {
  for (const char* type : {"Group", "Folder"}) {
    for (std::size_t chain = 0; chain < ChainsOf(policies); ++chain) {
      for (std::size_t level = 0; level < kChainLength; ++level) {
        Entity entity{ChainUid(type, chain, level), {}, {}, {}};
        if (level + 1 < kChainLength) entity.parents.push_back(ChainUid(type, chain, level + 1));
        entities->push_back(std::move(entity));
      }
    }
  }
}

void Types(std::size_t first, std::size_t policies, Draft* draft) {
  if (first % 2 == 0) {
    draft->principal.uid.type = Numbered('T', first);
    return;
  }
  JoinFolder(first, draft);
  JoinGroups(first, policies, draft);
}

void Ranges(std::size_t first, std::size_t policies, Draft* draft) {
  draft->context.emplace("n", static_cast<std::int64_t>(first * kRangeStep + kRangeStep / 2));
  draft->in_scope = policies;
  draft->hits = std::min<std::size_t>(3, first + 1);
}

// One permit and the two forbids of a user, which hold without a second factor.
void Forbids(std::size_t first, std::size_t number, std::size_t policies, Draft* draft) {
  const std::size_t permit = first / 10 * 10;
  const bool has_factor = number % 2 == 0;
  draft->action = "delete";
  draft->context.emplace("mfa", has_factor);
  draft->principal.uid.id = Numbered('u', permit / 2 + 1);
  draft->principal.parents.push_back({"Group", Numbered('g', permit)});
  for (const std::size_t i : {permit, permit + 2, permit + 3}) JoinFolder(i, draft);
  const std::size_t forbids = std::min<std::size_t>(2, policies - std::min(policies, permit + 2));
  draft->in_scope = 1 + forbids;
  draft->hits = 1 + (has_factor ? 0 : forbids);
}

Draft MakeDraft(FamilyKind kind, std::size_t policies, std::size_t requests, std::size_t number) {
  Draft draft(number);
  // Odd steps: the parts of a family that alternate are all met.
  const std::size_t first = (number * (policies / requests | 1)) % policies;
  switch (kind) {
    case FamilyKind::kRoles: Roles(first, policies, &draft); break;
    case FamilyKind::kLinks: Links(first, number, policies, &draft); break;
    case FamilyKind::kAttributes: Attributes(first, policies, &draft); break;
    case FamilyKind::kHierarchies: Hierarchies(number, policies, &draft); break;
    case FamilyKind::kTypes: Types(first, policies, &draft); break;
    case FamilyKind::kRanges: Ranges(first, policies, &draft); break;
    case FamilyKind::kForbids: Forbids(first, number, policies, &draft); break;
    case FamilyKind::kAll: draft.in_scope = draft.hits = policies; break;
  }
  return draft;
}

}  // namespace

FamilyData MakeFamilyData(FamilyKind kind, std::size_t policies, std::size_t requests) {
  FamilyData data;
  if (kind == FamilyKind::kHierarchies) AddChains(policies, &data.entities);
  std::set<EntityUid> known;
  for (std::size_t number = 0; number < requests; ++number) {
    Draft draft = MakeDraft(kind, policies, requests, number);
    data.requests.push_back({{draft.principal.uid,
                              {"Action", draft.action},
                              draft.resource.uid,
                              std::move(draft.context)},
                             draft.in_scope,
                             draft.hits});
    for (Entity* entity : {&draft.principal, &draft.resource}) {
      if (known.insert(entity->uid).second) data.entities.push_back(std::move(*entity));
    }
  }
  return data;
}

}  // namespace assay::testing
