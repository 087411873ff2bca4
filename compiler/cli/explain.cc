#include "compiler/cli/explain.h"

#include <algorithm>
#include <set>
#include <utility>

#include "compiler/cli/clause_report.h"
#include "compiler/cli/json_text.h"
#include "compiler/cli/limits.h"
#include "engine/base/escape.h"

namespace assay::cli {

namespace {

class Explainer {
 public:
  Explainer(const PolicyIndex& index, const Snapshot& snapshot)
      : index_(index), snapshot_(snapshot) {}

  Explanation Run(const DecisionTrace& trace) {
    Explanation out;
    out.is_allow = trace.is_allow;
    out.reads = trace.reads;
    out.policy_count = snapshot_.policy_count();
    for (const PolicyTrace& policy : trace.policies) {
      out.visited.emplace_back(snapshot_.policy_id(policy.policy));
      const bool determines =
          std::binary_search(trace.determining.begin(), trace.determining.end(), policy.policy);
      if (determines) {
        out.determining.push_back(Explained(policy));
      } else if (policy.verdict == PolicyVerdict::kSatisfied) {
        out.outweighed.push_back(Explained(policy));
      } else if (policy.verdict == PolicyVerdict::kFailed) {
        out.failed.push_back(Explained(policy));
      }
    }
    out.path = Path(trace.policies);
    return out;
  }

 private:
  ExplainedPolicy Explained(const PolicyTrace& trace) const {
    ExplainedPolicy out;
    out.id = snapshot_.policy_id(trace.policy);
    const PolicyCode& code = index_.Find(out.id);
    out.is_forbid = trace.is_forbid;
    out.verdict = trace.verdict;
    out.place = index_.Place(code.policy->span);
    out.clauses = index_.DescribeScope(code, trace.scope);
    for (std::size_t i = 0; i < index_.clauses(code.rule).size(); ++i) {
      if (index_.StateOf(code, i, trace) == ClauseState::kNever) break;
      out.clauses.push_back(index_.Describe(code, i, trace));
    }
    return out;
  }

  // The outline of the tree without the branches that nobody walked to the end.
  rt::Branch Path(const std::vector<PolicyTrace>& visited) const {
    rt::Branch root = rt::Outline(snapshot_);
    std::set<std::string> labels;
    for (const PolicyTrace& policy : visited) {
      labels.insert(rt::PolicyLabel(snapshot_, policy.policy));
    }
    Prune(labels, &root);
    return root;
  }

  static bool Prune(const std::set<std::string>& labels, rt::Branch* branch) {
    if (branch->below.empty()) return labels.count(branch->label) != 0;
    std::vector<rt::Branch> kept;
    for (rt::Branch& each : branch->below) {
      if (Prune(labels, &each)) kept.push_back(std::move(each));
    }
    branch->below = std::move(kept);
    return !branch->below.empty();
  }

  const PolicyIndex& index_;
  const Snapshot& snapshot_;
};

std::string Effect(const ExplainedPolicy& policy) { return policy.is_forbid ? "forbid" : "permit"; }

std::string PoliciesText(const std::vector<ExplainedPolicy>& policies, const std::string& what) {
  std::string out;
  for (const ExplainedPolicy& policy : policies) {
    out += Effect(policy) + " `" + Printable(policy.id) + "` " + what + " (" +
           Printable(policy.place) + ")\n" + ClauseText(policy.clauses);
  }
  return out;
}

std::string ReadText(const TraceRead& read) {
  switch (read.kind) {
    case TraceRead::Kind::kContext: return "context[" + Value(read.name).ToCedar() + "]";
    case TraceRead::Kind::kAttribute:
      return read.entity.ToCedar() + "[" + Value(read.name).ToCedar() + "]";
    case TraceRead::Kind::kTag:
      return read.entity.ToCedar() + ".getTag(" + Value(read.name).ToCedar() + ")";
    case TraceRead::Kind::kAncestors: break;
  }
  return "ancestors of " + read.entity.ToCedar();
}

std::string PolicyJson(const ExplainedPolicy& policy) {
  return "{\"policy\":" + JsonText(policy.id) + ",\"effect\":\"" + Effect(policy) +
         "\",\"place\":" + JsonText(policy.place) +
         ",\"clauses\":" + JsonList(policy.clauses, ClauseJson) + "}";
}

std::string ReadJson(const TraceRead& read) {
  constexpr const char* kKinds[] = {"context", "attribute", "tag", "ancestors"};
  std::string out = std::string("{\"kind\":\"") + kKinds[static_cast<int>(read.kind)] + "\"";
  if (read.kind != TraceRead::Kind::kContext) {
    out += ",\"entity\":" + JsonText(read.entity.ToCedar());
  }
  if (read.kind != TraceRead::Kind::kAncestors) out += ",\"name\":" + JsonText(read.name);
  return out + "}";
}

// As deep as the tree is: five levels.
std::string BranchJson(const rt::Branch& branch) {
  return "{\"label\":" + JsonText(branch.label) +
         (branch.below.empty() ? "" : ",\"below\":" + JsonList(branch.below, BranchJson)) + "}";
}

}  // namespace

Result<Explanation> Explain(const PolicyIndex& index, const Snapshot& snapshot,
                            const Request& request, std::size_t near_misses) {
  Result<Tracer> tracer = Tracer::Create(snapshot, request, TheLimits());
  if (!tracer.ok()) return tracer.error();
  const Result<DecisionTrace> trace = tracer.value().Decide();
  if (!trace.ok()) return trace.error();
  Explanation out = Explainer(index, snapshot).Run(trace.value());
  // What forbids has to go first; more permits would change nothing.
  if (out.is_allow || out.determining.empty()) {
    const auto effect = out.is_allow ? cedar::Effect::kForbid : cedar::Effect::kPermit;
    out.near = FindNearMisses(index, snapshot, &tracer.value(), effect, near_misses);
  }
  return out;
}

std::string ExplanationText(const Explanation& explanation) {
  std::string out = explanation.is_allow ? "ALLOW\n" : "DENY\n";
  if (explanation.determining.empty()) out += "no policy permits it\n";
  out += PoliciesText(explanation.determining, "is satisfied");
  out += PoliciesText(explanation.outweighed, "is satisfied, but forbids outweigh permits");
  out += PoliciesText(explanation.failed, "failed, so it counts as not satisfied");
  out += NearMissText(explanation.near, explanation.is_allow);
  out += "read:" + std::string(explanation.reads.empty() ? " nothing" : "") + "\n";
  for (const TraceRead& read : explanation.reads) out += "  " + Printable(ReadText(read)) + "\n";
  out += "run: " + std::to_string(explanation.visited.size()) + " of " +
         std::to_string(explanation.policy_count) + " policies\n";
  if (explanation.visited.empty()) return out;
  std::string path = rt::OutlineText(explanation.path);
  for (std::size_t at = 0; at < path.size(); at = path.find('\n', at) + 1) {
    path.insert(at, "  ");
  }
  return out + path;
}

std::string ExplanationJson(const Explanation& explanation) {
  return std::string("{\"decision\":\"") + (explanation.is_allow ? "allow" : "deny") +
         "\",\"determining\":" + JsonList(explanation.determining, PolicyJson) +
         ",\"outweighed\":" + JsonList(explanation.outweighed, PolicyJson) +
         ",\"failed\":" + JsonList(explanation.failed, PolicyJson) +
         ",\"near\":" + JsonList(explanation.near, NearMissJson) +
         ",\"reads\":" + JsonList(explanation.reads, ReadJson) +
         ",\"visited\":" + JsonTexts(explanation.visited) +
         ",\"policies\":" + std::to_string(explanation.policy_count) +
         ",\"path\":" + JsonList(explanation.path.below, BranchJson) + "}\n";
}

}  // namespace assay::cli
