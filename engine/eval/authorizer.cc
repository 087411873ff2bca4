// Decide: finds the policies that can count, runs them, and combines the verdicts. The exits that
// can allow are Conclude and OutcomeOf.
#include "engine/eval/authorizer.h"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "assay/evaluator.h"
#include "engine/eval/machine.h"
#include "engine/eval/tree_query.h"

namespace assay {

// Grows with what decisions need, and keeps it.
struct Scratch::Data {
  explicit Data(const Limits& limits) : arena(limits.decision_bytes) {}

  Arena arena;
  std::vector<rt::Cell> registers;
  rt::TreeKeys keys;
  std::vector<std::uint32_t> candidates;        // policies to run, ascending
  std::vector<std::uint32_t> permits, forbids;  // satisfied ones, ascending
  std::vector<rt::EvalError> errors;
  BoundRequest bound;  // for the overloads that take a plain request

  // Throws std::bad_alloc.
  void Begin(const rt::SnapshotData& snapshot) {
    if (registers.size() <= snapshot.max_registers) {
      registers.resize(snapshot.max_registers + std::size_t{1});
    }
    arena.Reset();
    candidates.clear();
    permits.clear();
    forbids.clear();
    errors.clear();
  }
};

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
    decision.policies_visited_ = scratch.candidates.size();
    decision.snapshot_ = &snapshot;
    decision.binding_ = &binding;
    return decision;
  }

  static void SearchTree(const SnapshotData& snapshot, const BindingData& binding,
                         Scratch::Data* scratch) {
    FindCandidates(
        snapshot, binding,
        [&](std::uint32_t subject) { return FindSubject(snapshot, binding, subject); },
        &scratch->keys, &scratch->candidates);
  }

  // The same without the tree.
  static void Scan(const SnapshotData& snapshot, const BindingData& binding,
                   Scratch::Data* scratch) {
    for (std::uint32_t i = 0; i < snapshot.policies.size(); ++i) {
      const PolicyRow& policy = snapshot.policies[i];
      const bool decides = policy.kind == PolicyKind::kStatic || policy.kind == PolicyKind::kLink;
      if (decides && MatchScope(snapshot, binding, policy).all()) scratch->candidates.push_back(i);
    }
  }

  // An error that Cedar does not have: had the machine been able to go on, the policy might have
  // been satisfied. A permit counts as failed then, but without knowing a forbid nothing is
  // decided.
  static bool IsUnknown(const EvalError& error) {
    return error.kind == EvalErrorKind::kOutOfMemory ||
           error.kind == EvalErrorKind::kCorruptProgram;
  }
  static DecisionStatus StatusOf(const EvalError& error) {
    return error.kind == EvalErrorKind::kOutOfMemory ? DecisionStatus::kOutOfMemory
                                                     : DecisionStatus::kNotDecided;
  }

  // With all memory of a decision for itself: what one policy needs must not make another fail.
  // Nothing is lost, since errors view the snapshot and the request alone.
  static Verdict RunApart(Machine& machine, const PolicyRow& policy) noexcept {
    machine.arena->Reset();
    return Run(machine, machine.snapshot.bodies[policy.body]);
  }

  static Decision RunCandidates(const SnapshotData& snapshot, const BindingData& binding,
                                Scratch::Data& scratch) {
    Machine machine{snapshot, binding, scratch.registers.data(), &scratch.arena};
    for (const std::uint32_t i : scratch.candidates) {
      const PolicyRow& policy = snapshot.policies[i];
      const Verdict verdict = RunApart(machine, policy);
      if (verdict == Verdict::kSatisfied) {
        (policy.is_forbid ? scratch.forbids : scratch.permits).push_back(i);
      } else if (verdict == Verdict::kError) {
        if (policy.is_forbid && IsUnknown(machine.error)) {
          return NotDecided(StatusOf(machine.error));
        }
        machine.error.policy = i;
        scratch.errors.push_back(machine.error);
      }
    }
    return Conclude(snapshot, binding, scratch);
  }

  static Decision Decide(const SnapshotData& snapshot, const BindingData& binding,
                         Scratch::Data& scratch, Search search) noexcept {
    try {
      scratch.Begin(snapshot);
      if (search == Search::kTree) {
        SearchTree(snapshot, binding, &scratch);
      } else {
        Scan(snapshot, binding, &scratch);
      }
      return RunCandidates(snapshot, binding, scratch);
    } catch (const std::bad_alloc&) {
      return NotDecided(DecisionStatus::kOutOfMemory);
    }
  }

  // kSatisfied as soon as one policy of this effect is; kError if a forbid cannot be known.
  static Verdict RunUntilSatisfied(Machine& machine, const Scratch::Data& scratch, bool forbids) {
    for (const std::uint32_t i : scratch.candidates) {
      const PolicyRow& policy = machine.snapshot.policies[i];
      if (policy.is_forbid != forbids) continue;
      const Verdict verdict = RunApart(machine, policy);
      if (verdict == Verdict::kSatisfied) return verdict;
      if (forbids && verdict == Verdict::kError && IsUnknown(machine.error)) return verdict;
    }
    return Verdict::kNotSatisfied;
  }

  // Forbids first: the first one that is satisfied ends it, and so does then the first permit.
  static OutcomeOnly OutcomeOf(const SnapshotData& snapshot, const BindingData& binding,
                               Scratch::Data& scratch) noexcept {
    try {
      scratch.Begin(snapshot);
      SearchTree(snapshot, binding, &scratch);
      Machine machine{snapshot, binding, scratch.registers.data(), &scratch.arena};
      const Verdict forbidden = RunUntilSatisfied(machine, scratch, true);
      if (forbidden == Verdict::kError) return {Outcome::kDeny, StatusOf(machine.error)};
      const bool allow = forbidden == Verdict::kNotSatisfied &&
                         RunUntilSatisfied(machine, scratch, false) == Verdict::kSatisfied;
      return {allow ? Outcome::kAllow : Outcome::kDeny, DecisionStatus::kDecided};
    } catch (const std::bad_alloc&) {
      return {Outcome::kDeny, DecisionStatus::kOutOfMemory};
    }
  }

  // Why these three cannot be brought together, or kDecided.
  static DecisionStatus Check(const SnapshotData* snapshot, const BindingData* binding,
                              const Scratch::Data* scratch) {
    if (binding == nullptr || scratch == nullptr) return DecisionStatus::kOutOfMemory;
    if (binding->serial == 0 || snapshot == nullptr) return DecisionStatus::kNotDecided;
    return binding->serial == snapshot->serial ? DecisionStatus::kDecided
                                               : DecisionStatus::kOtherSnapshot;
  }

  static Decision CheckAndDecide(const Snapshot& snapshot, const BoundRequest& request,
                                 Scratch& scratch, Search search) noexcept {
    const SnapshotData* data = Data(snapshot);
    const BindingData* binding = Data(request);
    auto* memory = Data(scratch);
    const DecisionStatus status = Check(data, binding, memory);
    if (status != DecisionStatus::kDecided) return NotDecided(status);
    return Decide(*data, *binding, *memory, search);
  }
};

Scratch::Scratch(const Limits& limits) : data_(new (std::nothrow) Data(limits)) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

std::uint32_t Decision::error_policy(std::size_t i) const { return errors_[i].policy; }

std::string Decision::error_text(std::size_t i) const {
  const std::uint32_t body = snapshot_->policies[errors_[i].policy].body;
  return rt::ErrorText(*snapshot_, *binding_, snapshot_->bodies[body], errors_[i]);
}

Decision Decision::DenyIfForbidFailed() const noexcept {
  Decision decision = *this;
  for (std::size_t i = 0; is_allow() && i < error_count_; ++i) {
    if (!snapshot_->policies[errors_[i].policy].is_forbid) continue;
    decision.outcome_ = Outcome::kDeny;
    decision.determining_ = {};
  }
  return decision;
}

Decision Decide(const Snapshot& snapshot, const BoundRequest& request, Scratch& scratch) noexcept {
  return rt::Access::DecisionParts::CheckAndDecide(snapshot, request, scratch, rt::Search::kTree);
}

Decision Decide(const Snapshot& snapshot, const Request& request, Scratch& scratch) noexcept {
  auto* memory = rt::Access::Data(scratch);
  if (memory == nullptr || !memory->bound.Bind(snapshot, request).ok()) {
    return rt::Access::DecisionParts::NotDecided(DecisionStatus::kNotDecided);
  }
  return Decide(snapshot, memory->bound, scratch);
}

Decision rt::DecideByScan(const Snapshot& snapshot, const BoundRequest& request,
                          Scratch& scratch) noexcept {
  return Access::DecisionParts::CheckAndDecide(snapshot, request, scratch, Search::kScan);
}

OutcomeOnly DecideOutcome(const Snapshot& snapshot, const BoundRequest& request,
                          Scratch& scratch) noexcept {
  using Parts = rt::Access::DecisionParts;
  const rt::SnapshotData* data = rt::Access::Data(snapshot);
  const rt::BindingData* binding = rt::Access::Data(request);
  auto* memory = rt::Access::Data(scratch);
  const DecisionStatus status = Parts::Check(data, binding, memory);
  if (status != DecisionStatus::kDecided) return {Outcome::kDeny, status};
  return Parts::OutcomeOf(*data, *binding, *memory);
}

Result<Value> Evaluate(const Snapshot& snapshot, const Request& request, Scratch& scratch) try {
  const rt::SnapshotData* known = rt::Access::Data(snapshot);
  if (known == nullptr || known->expression == rt::kNoSymbol) {
    return Error{ErrorCode::kInvalidArgument, "the program is not one expression"};
  }
  const rt::SnapshotData& data = *known;
  auto* memory = rt::Access::Data(scratch);
  if (memory == nullptr) return Error{ErrorCode::kOutOfMemory, "out of memory"};
  const Result<bool> bound = memory->bound.Bind(snapshot, request);
  if (!bound.ok()) return bound.error();
  memory->Begin(data);
  const rt::BodyRow& body = data.bodies[data.expression];
  const rt::BindingData& binding = *rt::Access::Data(std::as_const(memory->bound));
  rt::Machine machine{data, binding, memory->registers.data(), &memory->arena};
  if (rt::Run(machine, body) == rt::Verdict::kValue) {
    return rt::ToValue(data, binding, memory->registers[0]);
  }
  return Error{ErrorCode::kInvalidArgument, rt::ErrorText(data, binding, body, machine.error)};
} catch (const std::bad_alloc&) {
  return Error{ErrorCode::kOutOfMemory, "out of memory"};
}

}  // namespace assay
