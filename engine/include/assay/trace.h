// How a decision came about: the compiled program, run by the machine that decides, with every
// value on the way written down. For people and tools; deciding itself is in evaluator.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/export.h"
#include "assay/limits.h"
#include "assay/request.h"
#include "assay/snapshot.h"
#include "assay/status.h"
#include "assay/value.h"

namespace assay {

// Which parts of a policy's scope the request is in.
struct ScopeMatch {
  bool principal = false, action = false, resource = false;
  bool all() const { return principal && action && resource; }
  int misses() const { return int{!principal} + int{!action} + int{!resource}; }
};

// What one instruction came to. Constants, variables and what is only half built are left out.
struct TraceStep {
  // In the policy's body, as Program::Disassemble counts them; `places` of the program's rules say
  // where in the text that is.
  std::uint32_t instruction = 0;
  bool is_requirement = false;  // the value is what a condition, or a part of its `&&`, came to
  Value value;
};

enum class PolicyVerdict : std::uint8_t { kNotSatisfied, kSatisfied, kFailed };

// What a policy's conditions came to in one request, whether or not the request is in its scope.
struct PolicyTrace {
  std::uint32_t policy = 0;  // a number for Snapshot::policy_id
  bool is_forbid = false;
  ScopeMatch scope;
  PolicyVerdict verdict = PolicyVerdict::kNotSatisfied;
  std::vector<TraceStep> steps;  // in the order they were run
  std::uint32_t failed_at = 0;   // kFailed: the instruction
  std::string error;             // kFailed: Cedar's text
};

// Something of the request or of the entities that was looked at.
struct TraceRead {
  enum class Kind : std::uint8_t { kContext, kAttribute, kTag, kAncestors };
  Kind kind = Kind::kContext;
  EntityUid entity;  // not of kContext
  std::string name;  // not of kAncestors
  friend bool operator==(const TraceRead&, const TraceRead&) = default;
};

// What Decide answers, and how. Everything in it is its own.
struct DecisionTrace {
  bool is_allow = false;
  std::vector<std::uint32_t> determining;  // numbers of policies, ascending
  std::vector<PolicyTrace> policies;       // those that were run, ascending: the tree visited them
  // What the conditions read, and the tree for their sake; each once, by kind, entity and name.
  // What scopes compare is not among it.
  std::vector<TraceRead> reads;
};

// Traces one request on one snapshot. Not thread-safe. Allocates as it likes: it is no way to
// decide many requests.
class ASSAY_API Tracer {
 public:
  // Keeps the snapshot; nothing of the request. Fails as BoundRequest::Bind does.
  static Result<Tracer> Create(const Snapshot& snapshot, const Request& request,
                               const Limits& limits = {});
  ~Tracer();
  Tracer(Tracer&&) noexcept;
  Tracer& operator=(Tracer&&) noexcept;

  // The decision, and a trace of each policy that was run for it. Fails if nothing is decided:
  // without memory.
  Result<DecisionTrace> Decide();

  // Policies that Decide did not run, for whoever wants to know why not. `policy` must be the
  // number of one that can decide. With `first`, which must be the instruction behind a
  // requirement, the run begins there: what would the rest have said? Fails with kInvalidArgument
  // if it is anything else, and without memory.
  ScopeMatch Scope(std::uint32_t policy) const;
  Result<PolicyTrace> Run(std::uint32_t policy, std::uint32_t first = 0);

 private:
  struct Data;
  explicit Tracer(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace assay
