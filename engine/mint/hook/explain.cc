// Replaying a decision from its record.
#include "assay/mint/explain.h"

#include <algorithm>
#include <new>
#include <set>
#include <utility>

#include "assay/evaluator.h"
#include "engine/base/json.h"

namespace assay::mint {

namespace {

Error Unfit(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

struct World {
  Entities entities;
  std::vector<std::string> texts;
  std::vector<Request> requests;
};

// The requests and entities as they were recorded.
Result<World> ReadWorld(const Record& record) {
  Sources sources;
  Diagnostics diagnostics(1);
  World world;
  auto entities =
      Entities::FromJson(sources, sources.Add("entities", record.entities), {}, &diagnostics);
  const auto list =
      json::Parse(sources, sources.Add("requests", record.requests), {}, &diagnostics);
  if (!entities || !list || list->type != json::Type::kArray) {
    return Unfit("the record's requests and entities cannot be read");
  }
  world.entities = *std::move(entities);
  for (const json::Node& node : list->elements) {
    std::string text = record.requests.substr(node.span.begin, node.span.end - node.span.begin);
    auto request = ParseRequestJson(sources, sources.Add("request", text), {}, &diagnostics);
    if (!request) return Unfit("a request of the record cannot be read");
    world.texts.push_back(std::move(text));
    world.requests.push_back(*std::move(request));
  }
  return world;
}

Replay Decided(const Record& record, const World& world, const Snapshot& snapshot) {
  Replay replay;
  std::set<std::string> determining, erred;
  bool all_allowed = !world.requests.empty();
  Scratch scratch;
  for (std::size_t i = 0; i < world.requests.size(); ++i) {
    const Decision decision = Decide(snapshot, world.requests[i], scratch);
    Replay::Decided& one = replay.decisions.emplace_back();
    one.request = world.texts[i];
    one.is_allowed = decision.is_allow();
    all_allowed = all_allowed && decision.is_allow();
    for (const std::uint32_t number : decision.determining()) {
      one.policies.emplace_back(snapshot.policy_id(number));
    }
    determining.insert(one.policies.begin(), one.policies.end());
    for (std::size_t k = 0; k < decision.error_count(); ++k) {
      const std::string id(snapshot.policy_id(decision.error_policy(k)));
      erred.insert(id);
      one.errors.push_back(id + ": " + decision.error_text(k));
    }
  }
  // What was refused may have been allowed by policy, and refused by the mint.
  const bool fits =
      record.type == RecordType::kMint ? all_allowed : record.reason != "denied" || !all_allowed;
  replay.agrees = fits &&
                  std::equal(determining.begin(), determining.end(), record.policies.begin(),
                             record.policies.end()) &&
                  std::equal(erred.begin(), erred.end(), record.erred.begin(), record.erred.end());
  return replay;
}

Result<Replay> Replayed(const Record& record, const Program& program) {
  if (record.requests.empty() || record.entities.empty() || !record.policy_digest) {
    return Unfit(record.policy_digest
                     ? "what was decided could not be recorded"
                     : "nothing was decided: it was refused before policy was asked");
  }
  const Result<World> world = ReadWorld(record);
  if (!world.ok()) return world.error();
  const Result<Snapshot> snapshot = Snapshot::Create(program, world.value().entities);
  if (!snapshot.ok()) return snapshot.error();
  if (*record.policy_digest != snapshot.value().policy_digest()) {
    return Unfit("these are not the policies that the record was decided by");
  }
  return Decided(record, world.value(), snapshot.value());
}

}  // namespace

Result<Replay> ReplayDecision(const Record& record, const Program& program) noexcept {
  try {
    return Replayed(record, program);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

}  // namespace assay::mint
