// Decide: runs every policy and combines the verdicts. The one exit that can allow is Conclude.
#include <new>
#include <utility>
#include <vector>

#include "assay/evaluator.h"
#include "engine/eval/machine.h"
#include "engine/eval/operations.h"
#include "engine/eval/snapshot_data.h"

namespace assay {

// INVARIANT: as large as the largest snapshot it has worked for needs.
struct Scratch::Data {
  explicit Data(const Limits& limits) : arena(limits.decision_bytes) {}

  Arena arena;
  std::vector<rt::Cell> registers;
  std::vector<std::uint32_t> permits, forbids;  // satisfied ones
  std::vector<rt::EvalError> errors;
  BoundRequest bound;  // for the overloads that take a plain request

  // False if there is no memory. Afterwards nothing below can need to grow.
  bool Fit(const rt::SnapshotData& snapshot) noexcept {
    const std::size_t policies = snapshot.policies.size();
    // `errors` is the last to grow: if it did not fail, none of them did.
    if (registers.size() > snapshot.max_registers && errors.capacity() >= policies) return true;
    try {
      registers.resize(snapshot.max_registers + std::size_t{1});
      permits.reserve(policies);
      forbids.reserve(policies);
      errors.reserve(policies);
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
};

namespace rt {
namespace {

bool Meets(const SnapshotData& snapshot, const BindingData& binding, std::uint32_t uid,
           const Demand& demand) noexcept {
  switch (demand.kind) {
    case bc::Constraint::Kind::kAny: return true;
    case bc::Constraint::Kind::kEqual: return uid == demand.uid;
    case bc::Constraint::Kind::kIn: return IsIn(snapshot, uid, demand.uid);
    case bc::Constraint::Kind::kIs: return TypeOf(snapshot, binding, uid) == demand.type;
    case bc::Constraint::Kind::kIsIn:
      return TypeOf(snapshot, binding, uid) == demand.type && IsIn(snapshot, uid, demand.uid);
    case bc::Constraint::Kind::kInAnyOf: return IsInAny(snapshot, uid, *demand.any_of);
  }
  return false;
}

bool InScope(const SnapshotData& snapshot, const BindingData& binding,
             const PolicyRow& policy) noexcept {
  for (std::size_t i = 0; i < 3; ++i) {
    if (!Meets(snapshot, binding, binding.variables[i].aux, policy.scope[i])) return false;
  }
  return true;
}

}  // namespace
}  // namespace rt

struct rt::Access::DecisionParts {
  static Decision NotDecided(DecisionStatus status) {
    Decision decision;
    decision.status_ = status;
    return decision;
  }

  // Forbids outweigh permits; errors count as not satisfied.
  static Decision Conclude(const SnapshotData& snapshot, const BindingData& binding,
                           const Scratch::Data& scratch) {
    Decision decision;
    decision.status_ = DecisionStatus::kDecided;
    if (!scratch.forbids.empty()) {
      decision.determining_ = scratch.forbids;
    } else if (!scratch.permits.empty()) {
      decision.outcome_ = Outcome::kAllow;
      decision.determining_ = scratch.permits;
    }
    decision.errors_ = scratch.errors.data();
    decision.error_count_ = scratch.errors.size();
    decision.snapshot_ = &snapshot;
    decision.binding_ = &binding;
    return decision;
  }

  static Decision Decide(const SnapshotData& snapshot, const BindingData& binding,
                         Scratch::Data& scratch) noexcept {
    if (!scratch.Fit(snapshot)) return NotDecided(DecisionStatus::kOutOfMemory);
    scratch.arena.Reset();
    scratch.permits.clear();
    scratch.forbids.clear();
    scratch.errors.clear();
    Machine machine{snapshot, binding, scratch.registers.data(), &scratch.arena};
    for (std::uint32_t i = 0; i < snapshot.policies.size(); ++i) {
      const PolicyRow& policy = snapshot.policies[i];
      if (!InScope(snapshot, binding, policy)) continue;
      const Verdict verdict = Run(machine, policy.begin);
      if (verdict == Verdict::kSatisfied) {
        (policy.is_forbid ? scratch.forbids : scratch.permits).push_back(i);
      } else if (verdict == Verdict::kError) {
        machine.error.policy = i;
        scratch.errors.push_back(machine.error);
      }
    }
    return Conclude(snapshot, binding, scratch);
  }
};

Scratch::Scratch(const Limits& limits) : data_(new (std::nothrow) Data(limits)) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

std::uint32_t Decision::error_policy(std::size_t i) const { return errors_[i].policy; }

std::string Decision::error_text(std::size_t i) const {
  return rt::ErrorText(*snapshot_, *binding_, errors_[i]);
}

Decision Decide(const Snapshot& snapshot, const BoundRequest& request, Scratch& scratch) noexcept {
  using Parts = rt::Access::DecisionParts;
  const rt::SnapshotData& data = rt::Access::Data(snapshot);
  const rt::BindingData* binding = rt::Access::Data(request);
  auto* memory = rt::Access::Data(scratch);
  if (binding == nullptr || memory == nullptr) {
    return Parts::NotDecided(DecisionStatus::kOutOfMemory);
  }
  if (binding->serial == 0) return Parts::NotDecided(DecisionStatus::kNotDecided);
  if (binding->serial != data.serial) return Parts::NotDecided(DecisionStatus::kOtherSnapshot);
  return Parts::Decide(data, *binding, *memory);
}

Decision Decide(const Snapshot& snapshot, const Request& request, Scratch& scratch) noexcept {
  auto* memory = rt::Access::Data(scratch);
  if (memory == nullptr || !memory->bound.Bind(snapshot, request).ok()) {
    return rt::Access::DecisionParts::NotDecided(DecisionStatus::kNotDecided);
  }
  return Decide(snapshot, memory->bound, scratch);
}

Result<Value> Evaluate(const Snapshot& snapshot, const Request& request, Scratch& scratch) {
  const rt::SnapshotData& data = rt::Access::Data(snapshot);
  const std::vector<bc::Body>& bodies = data.program.parts().bodies;
  if (bodies.size() != 1 || !bodies[0].is_expression) {
    return Error{ErrorCode::kInvalidArgument, "the program is not one expression"};
  }
  auto* memory = rt::Access::Data(scratch);
  if (memory == nullptr || !memory->Fit(data)) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
  const Result<bool> bound = memory->bound.Bind(snapshot, request);
  if (!bound.ok()) return bound.error();
  memory->arena.Reset();
  const rt::BindingData& binding = *rt::Access::Data(std::as_const(memory->bound));
  rt::Machine machine{data, binding, memory->registers.data(), &memory->arena};
  if (rt::Run(machine, bodies[0].begin) == rt::Verdict::kValue) {
    return rt::ToValue(data, binding, memory->registers[0]);
  }
  return Error{ErrorCode::kInvalidArgument, rt::ErrorText(data, binding, machine.error)};
}

}  // namespace assay
