#include "assay/trace.h"

#include <algorithm>
#include <new>
#include <tuple>
#include <utility>

#include "assay/evaluator.h"
#include "engine/base/guarded.h"
#include "engine/eval/machine_loop.h"
#include "engine/eval/tree_query.h"

namespace assay {

namespace rt {

namespace {

using bc::Inst;
using bc::Op;

bool IsRequirement(Op op) { return op == Op::kRequire || op == Op::kRequireNot; }

// What is read of the context and of entities. Parts of other records were read before.
class Reads {
 public:
  Reads(const SnapshotData& snapshot, const BindingData& binding)
      : snapshot_(snapshot), binding_(binding) {}

  // What the instruction is about to read.
  void Add(const Cell* registers, const Inst& inst) {
    const Cell& of = registers[inst.a];
    switch (inst.op) {
      case Op::kGetAttribute:
      case Op::kHasAttribute: return AddAttribute(of, inst.c);
      case Op::kGetTag:
      case Op::kHasTag: {
        const Cell& name = registers[inst.c];
        if (of.kind != Kind::kEntity || name.kind != Kind::kString) return;
        return Put(TraceRead::Kind::kTag, of.aux, std::string(name.string()));
      }
      case Op::kIn:
        if (of.kind == Kind::kEntity) Put(TraceRead::Kind::kAncestors, of.aux, "");
        return;
      default: return;
    }
  }

  // What the tree reads to know a subject; see FindSubject.
  void AddSubject(std::uint32_t subject) {
    const SubjectRow& row = snapshot_.subjects[subject];
    const Cell* cell = &binding_.variables[row.variable];
    for (std::uint32_t i = 0; cell != nullptr && i < row.length; ++i) {
      AddAttribute(*cell, row.path[i]);
      const RecordRep* attributes = nullptr;
      if (cell->kind == Kind::kRecord) attributes = cell->record;
      if (cell->kind == Kind::kEntity) {
        const EntityRow* entity = snapshot_.Existing(cell->aux);
        if (entity != nullptr) attributes = entity->attributes;
      }
      cell = attributes != nullptr ? Find(*attributes, row.path[i]) : nullptr;
    }
  }

  // Sorted, each once.
  std::vector<TraceRead> Finish() && {
    const auto key = [](const TraceRead& read) {
      return std::tie(read.kind, read.entity.type, read.entity.id, read.name);
    };
    std::sort(reads_.begin(), reads_.end(),
              [&](const TraceRead& a, const TraceRead& b) { return key(a) < key(b); });
    reads_.erase(std::unique(reads_.begin(), reads_.end()), reads_.end());
    return std::move(reads_);
  }

 private:
  void AddAttribute(const Cell& of, std::uint32_t name) {
    const RecordRep* context = binding_.variables[3].record;
    const bool is_context = of.kind == Kind::kRecord && of.record == context;
    if (!is_context && of.kind != Kind::kEntity) return;
    std::string text(NameText(snapshot_, binding_, name));
    if (is_context) {
      reads_.push_back({TraceRead::Kind::kContext, {}, std::move(text)});
    } else {
      Put(TraceRead::Kind::kAttribute, of.aux, std::move(text));
    }
  }
  void Put(TraceRead::Kind kind, std::uint32_t uid, std::string name) {
    reads_.push_back({kind, UidOf(snapshot_, binding_, uid), std::move(name)});
  }

  const SnapshotData& snapshot_;
  const BindingData& binding_;
  std::vector<TraceRead> reads_;
};

// Writes down what a body does. The machine says which instruction comes next; what the one before
// it left is then in its register. Does not throw: a trace that has no memory says so afterwards.
class Recorder {
 public:
  Recorder(const Machine& machine, const BodyRow& body, std::vector<TraceStep>* steps, Reads* reads)
      : machine_(machine), body_(body), steps_(steps), reads_(reads) {}

  void At(const Inst& inst) noexcept {
    Try([&] {
      FinishLast();
      last_ = &inst;
      if (IsRequirement(inst.op)) {
        AddStep(inst, machine_.registers[inst.a]);
        last_ = nullptr;
      } else {
        reads_->Add(machine_.registers, inst);
      }
    });
  }

  // After the run. False if there was no memory for all of it.
  bool Finish(Verdict verdict) noexcept {
    if (verdict != Verdict::kError) Try([&] { FinishLast(); });
    return !out_of_memory_;
  }

 private:
  // Instructions that give a value nobody could read off the text.
  static bool IsTelling(Op op) {
    switch (op) {
      case Op::kLoadConstant:
      case Op::kLoadVariable:
      case Op::kMove:
      case Op::kNewSet:
      case Op::kNewRecord: return false;
      default: return (bc::Info(op).flags & bc::kWrites) != 0;
    }
  }

  template <typename F>
  void Try(F&& f) noexcept {
    try {
      f();
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
    }
  }

  void FinishLast() {
    const Inst* last = std::exchange(last_, nullptr);
    if (last != nullptr && IsTelling(last->op)) AddStep(*last, machine_.registers[last->a]);
  }

  void AddStep(const Inst& inst, const Cell& cell) {
    // A requirement of something that is no bool fails; the error says what it was.
    const bool is_requirement = IsRequirement(inst.op);
    if (is_requirement && cell.kind != Kind::kBool) return;
    steps_->push_back({static_cast<std::uint32_t>(&inst - body_.code), is_requirement,
                       ToValue(machine_.snapshot, machine_.binding, cell)});
  }

  const Machine& machine_;
  const BodyRow& body_;
  std::vector<TraceStep>* steps_;
  Reads* reads_;
  const Inst* last_ = nullptr;
  bool out_of_memory_ = false;
};

}  // namespace

}  // namespace rt

struct Tracer::Data {
  Data(const Snapshot& of, const Limits& limits)
      : snapshot(of), arena(limits.decision_bytes), scratch(limits) {}

  const rt::SnapshotData& data() const { return *rt::Access::Data(snapshot); }
  const rt::BindingData& binding() const { return *rt::Access::Data(bound); }

  // Requirements share nothing, as the verifier checks, so a run may begin behind any of them.
  bool MayBeginAt(std::uint32_t policy, std::uint32_t first) const {
    const rt::BodyRow& body = data().bodies[data().policies[policy].body];
    return first == 0 || (first < body.length && rt::IsRequirement(body.code[first - 1].op));
  }

  PolicyTrace Run(std::uint32_t policy, std::uint32_t first, rt::Reads* reads) {
    const rt::PolicyRow& row = data().policies[policy];
    const rt::BodyRow& body = data().bodies[row.body];
    rt::BodyRow rest = body;
    rest.code += first;
    PolicyTrace trace;
    trace.policy = policy;
    trace.is_forbid = row.is_forbid;
    trace.scope = rt::MatchScope(data(), binding(), row);
    arena.Reset();  // each policy has the memory of a decision for itself, as in Decide
    rt::Machine machine{data(), binding(), registers.data(), &arena};
    rt::Recorder recorder(machine, body, &trace.steps, reads);
    const rt::Verdict verdict = rt::RunObserved(machine, rest, recorder);
    if (!recorder.Finish(verdict)) throw std::bad_alloc();
    if (verdict == rt::Verdict::kSatisfied) trace.verdict = PolicyVerdict::kSatisfied;
    if (verdict == rt::Verdict::kError) {
      trace.verdict = PolicyVerdict::kFailed;
      machine.error.pc += first;
      trace.failed_at = machine.error.pc;
      trace.error = rt::ErrorText(data(), binding(), body, machine.error);
    }
    return trace;
  }

  // The policies that deciding runs; what the tree looks at on the way goes to `reads`.
  std::vector<std::uint32_t> Visited(rt::Reads* reads) const {
    rt::TreeKeys keys;
    std::vector<std::uint32_t> visited;
    rt::FindCandidates(
        data(), binding(),
        [&](std::uint32_t subject) {
          reads->AddSubject(subject);
          return rt::FindSubject(data(), binding(), subject);
        },
        &keys, &visited);
    return visited;
  }

  Snapshot snapshot;
  BoundRequest bound;
  Arena arena;
  Scratch scratch;
  std::vector<rt::Cell> registers;
};

Tracer::Tracer(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Tracer::~Tracer() = default;
Tracer::Tracer(Tracer&&) noexcept = default;
Tracer& Tracer::operator=(Tracer&&) noexcept = default;

Result<Tracer> Tracer::Create(const Snapshot& snapshot, const Request& request,
                              const Limits& limits) {
  return Guarded([&]() -> Result<Tracer> {
    auto data = std::make_unique<Data>(snapshot, limits);
    const Result<bool> bound = data->bound.Bind(data->snapshot, request);
    if (!bound.ok()) return bound.error();
    data->registers.resize(data->data().max_registers + std::size_t{1});
    return Tracer(std::move(data));
  });
}

Result<DecisionTrace> Tracer::Decide() {
  return Guarded([&]() -> Result<DecisionTrace> {
    const Decision decision = assay::Decide(data_->snapshot, data_->bound, data_->scratch);
    if (decision.status() == DecisionStatus::kOutOfMemory) throw std::bad_alloc();
    if (decision.status() != DecisionStatus::kDecided) {
      return Error{ErrorCode::kInvalidArgument, "the request could not be decided"};
    }
    DecisionTrace trace;
    trace.is_allow = decision.is_allow();
    trace.determining.assign(decision.determining().begin(), decision.determining().end());
    rt::Reads reads(data_->data(), data_->binding());
    for (const std::uint32_t policy : data_->Visited(&reads)) {
      trace.policies.push_back(data_->Run(policy, 0, &reads));
    }
    trace.reads = std::move(reads).Finish();
    return trace;
  });
}

ScopeMatch Tracer::Scope(std::uint32_t policy) const {
  return rt::MatchScope(data_->data(), data_->binding(), data_->data().policies[policy]);
}

Result<PolicyTrace> Tracer::Run(std::uint32_t policy, std::uint32_t first) {
  return Guarded([&]() -> Result<PolicyTrace> {
    if (!data_->MayBeginAt(policy, first)) {
      return Error{ErrorCode::kInvalidArgument, "a trace begins behind a requirement"};
    }
    rt::Reads reads(data_->data(), data_->binding());
    return data_->Run(policy, first, &reads);
  });
}

}  // namespace assay
