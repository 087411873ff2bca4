// Fixed runs whose instructions callgrind counts; see check.py. Each run is done once beforehand,
// so that what is counted is the steady state.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assay/evaluator.h"
#include "assay/store.h"
#include "tests/support/families.h"

namespace assay::testing {
namespace {

constexpr std::size_t kPolicies = 1'000;

// A publication cannot be repeated: `run` gets 0 first, then 1 for what is counted.
void Count(const std::string& name, const std::function<bool(int)>& run) {
  bool done = run(0);
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  done = run(1) && done;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
  CALLGRIND_STOP_INSTRUMENTATION;
  if (done) return;
  std::fprintf(stderr, "%s does not do what it is to count\n", name.c_str());
  std::exit(1);
}

void CountDecisions(const std::string& family, const FamilyData& data, const Snapshot& snapshot) {
  std::vector<BoundRequest> bound(data.requests.size());
  Count(family + "/bind", [&](int) {
    bool all = true;
    for (std::size_t i = 0; i < bound.size(); ++i) {
      all = bound[i].Bind(snapshot, data.requests[i].request).ok() && all;
    }
    return all;
  });
  Scratch scratch;
  Count(family + "/decide", [&](int) {
    bool all = true;
    for (std::size_t i = 0; i < bound.size(); ++i) {
      const Decision decision = Decide(snapshot, bound[i], scratch);
      const std::size_t visited = decision.policies_visited();
      all = visited >= data.requests[i].hits && visited <= data.requests[i].in_scope && all;
    }
    return all;
  });
}

// The family's next policies, under ids of their own.
void CountPolicies(const std::string& family, FamilyKind kind, Store store) {
  const Edit edits[] = {
      std::move(Edit().Add(MakeFamilyProgram(kind, kPolicies + 1, kPolicies))),
      std::move(Edit().Add(MakeFamilyProgram(kind, kPolicies + 2, kPolicies + 1)))};
  Count(family + "/publish policy", [&](int i) { return store.Apply(edits[i]).ok(); });
}

void CountLinks(Store store) {
  const auto link = [](const char* id) {
    return std::move(Edit().Link("template", id, EntityUid{"User", "u1"}, EntityUid{"Doc", id}));
  };
  const Edit edits[] = {link("new"), link("newer")};
  Count("links/publish link", [&](int i) { return store.Apply(edits[i]).ok(); });
}

void CountEntities(Store store, const FamilyData& data) {
  const auto upsert = [&](std::size_t i) {
    Entity entity = data.entities[i];
    entity.attributes.emplace("new", true);
    return std::move(Edit().Upsert(std::move(entity)));
  };
  const Edit edits[] = {upsert(0), upsert(1)};
  Count("roles/publish entity", [&](int i) { return store.Apply(edits[i]).ok(); });
}

void CountFamily(const Family& family) {
  const std::string name(family.name);
  const FamilyData data = MakeFamilyData(family.kind, kPolicies);
  const Program program = MakeFamilyProgram(family.kind, kPolicies);
  std::optional<Store> store;
  Count(name + "/create", [&](int) {
    Result<Store> created = Store::Create(program, Entities::Create(data.entities).value());
    if (!created.ok()) return false;
    store.emplace(std::move(created).value());
    return true;
  });
  CountDecisions(name, data, store->snapshot());
  if (family.kind == FamilyKind::kLinks) {
    CountLinks(*store);
  } else {
    CountPolicies(name, family.kind, *store);
  }
  if (family.kind == FamilyKind::kRoles) CountEntities(*store, data);
}

}  // namespace
}  // namespace assay::testing

int main() {
  for (const auto& family : assay::testing::kFamilies) assay::testing::CountFamily(family);
  return 0;
}
