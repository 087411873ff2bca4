#include "engine/mint/hook/policy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/hex.h"
#include "engine/bytecode/program_parts.h"
#include "engine/mint/hook/cedar_json.h"
#include "engine/mint/ledger/bytes.h"

namespace assay::mint::hook {

namespace {

// Its annotations have been checked.
Policy::Traits TraitsOf(const bc::Rule& rule) {
  Policy::Traits traits{rule.is_forbid, {}};
  for (const bc::Annotation& annotation : rule.annotations) {
    (void)AddGrantAnnotation(annotation.key, annotation.value, &traits.shape);
  }
  return traits;
}

// Calls `visit` with every uid in the value.
template <typename Visit>
void ForEachUid(const Value& value, const Visit& visit) {
  if (const auto* uid = value.As<EntityUid>()) {
    visit(*uid);
  } else if (const auto* set = value.As<Value::Set>()) {
    for (const Value& element : *set) ForEachUid(element, visit);
  } else if (const auto* record = value.As<Value::Record>()) {
    for (const auto& member : *record) ForEachUid(member.second, visit);
  }
}

std::vector<EntityUid> Mentioned(const bc::ProgramParts& parts) {
  std::set<EntityUid> uids;
  const auto add = [&uids](const EntityUid& uid) { uids.insert(uid); };
  for (const Value& constant : parts.constants) ForEachUid(constant, add);
  return {uids.begin(), uids.end()};
}

}  // namespace

Result<std::shared_ptr<const Policy>> Policy::Make(const Program& program,
                                                   const Entities& entities) {
  const auto problems = CheckGrantAnnotations(program);
  if (!problems.empty()) {
    const auto& [id, error] = problems.front();
    return Error{ErrorCode::kInvalidArgument,
                 "policy `" + id + "`: " + error.message +
                     (error.hint.empty() ? "" : " (" + error.hint + ")")};
  }
  Result<Snapshot> snapshot = Snapshot::Create(program, entities);
  if (!snapshot.ok()) return snapshot.error();
  const Digest digest = snapshot.value().policy_digest();
  auto policy = std::make_shared<Policy>(Policy{std::move(snapshot).value(),
                                                entities,
                                                digest,
                                                "sha256:" + ToHex(AsText(digest)),
                                                {},
                                                Mentioned(program.parts())});
  policy->traits.resize(policy->snapshot.policy_end());
  for (const bc::PolicyEntry& entry : program.parts().policies) {
    const auto number = policy->snapshot.FindPolicy(entry.id);
    if (!number) return Error{ErrorCode::kInvalidArgument, "policy `" + entry.id + "` is missing"};
    policy->traits[*number] = TraitsOf(program.parts().rules[entry.rule]);
  }
  return std::shared_ptr<const Policy>(std::move(policy));
}

bool Policy::AppendSlice(const std::vector<Request>& requests, std::string* out) const {
  std::vector<std::size_t> reached;  // in the order in which they are found
  std::set<std::size_t> seen;
  const auto reach = [&](const EntityUid& uid) {
    const auto index = entities.Find(uid);
    if (index && seen.insert(*index).second) reached.push_back(*index);
  };
  for (const Request& request : requests) {
    reach(request.principal);
    reach(request.action);
    reach(request.resource);
    for (const auto& member : request.context) ForEachUid(member.second, reach);
  }
  for (const EntityUid& uid : mentioned) reach(uid);
  out->push_back('[');
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const Entity& entity = entities[reached[i]];
    for (const EntityUid& parent : entity.parents) reach(parent);
    for (const auto& member : entity.attributes) ForEachUid(member.second, reach);
    for (const auto& member : entity.tags) ForEachUid(member.second, reach);
    if (i > 0) out->push_back(',');
    if (!AppendEntity(entity, out)) return false;
  }
  out->push_back(']');
  return true;
}

}  // namespace assay::mint::hook
