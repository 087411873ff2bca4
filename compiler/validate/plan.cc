#include "compiler/validate/plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "compiler/validate/checker.h"
#include "compiler/validate/environments.h"

namespace assay::validate {

namespace {

using cedar::ExprKind;

// One part of the conjunction that a policy's conditions are.
struct Conjunct {
  bool is_negated = false;
  NodeId node{};
};

// Takes conjunctions apart, and disjunctions under `unless`.
class Splitter {
 public:
  Splitter(const cedar::Ast& ast, const Core& core) : ast_(ast), core_(core) {}

  std::vector<Conjunct> Run(const cedar::Policy& policy) {
    const auto parts = core_.children(core_[core_.root]).subspan(kScopes);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool is_unless = policy.conditions[i].is_unless;
      Split(is_unless ? core_.child(core_[parts[i]], 0) : parts[i], is_unless);
    }
    return std::move(conjuncts_);
  }

  // The scope comes before the conditions.
  static constexpr std::size_t kScopes = 3;

 private:
  void Split(NodeId id, bool is_negated) {
    const Node& node = core_[id];
    const NodeKind chain = is_negated ? NodeKind::kOr : NodeKind::kAnd;
    // Literals at the start of a chain were made one, which stands nowhere in the text.
    if (node.kind == chain && core_[core_.child(node, 0)].kind != NodeKind::kBool) {
      for (const NodeId child : core_.children(node)) Split(child, is_negated);
    } else if (node.kind == NodeKind::kNot && ast_[node.origin].kind == ExprKind::kNot) {
      Split(core_.child(node, 0), !is_negated);
    } else {
      conjuncts_.push_back({is_negated, id});
    }
  }

  const cedar::Ast& ast_;
  const Core& core_;
  std::vector<Conjunct> conjuncts_;
};

// The shape of an expression, and an attribute of what it is.
using Access = std::pair<std::uint32_t, NameId>;

// What is known to hold where an expression is evaluated.
struct Facts {
  std::set<std::uint32_t> existing;  // shapes of entities in the store
  std::set<Access> attributes;
};

// Whether expressions can fail in one environment, as the checker has just gone through them.
class Totality {
 public:
  Totality(Session* session, const Core& core, const std::vector<Trace>& traces)
      : session_(*session), core_(core), traces_(traces) {}

  const std::optional<TypeId>& TypeOf(NodeId id) const {
    return traces_[static_cast<std::size_t>(id)].type;
  }

  // Can evaluation of this never fail? What was not looked at can be anything.
  bool IsTotal(NodeId id, const Facts& facts) const {
    if (!TypeOf(id)) return false;
    const Node& node = core_[id];
    switch (node.kind) {
      case NodeKind::kGetAttr: return HasAttribute(node, facts) && AreTotal(node, facts);
      case NodeKind::kAnd: return IsChainTotal(node, facts);
      // Overflow; tags, which are few and not worth the bookkeeping; slots stand in scopes only.
      case NodeKind::kNegate:
      case NodeKind::kAdd:
      case NodeKind::kSubtract:
      case NodeKind::kMultiply:
      case NodeKind::kGetTag:
      case NodeKind::kSlot: return false;
      case NodeKind::kFunction: return IsCallTotal(node) && AreTotal(node, facts);
      // What is built while deciding counts against a limit.
      case NodeKind::kSet:
      case NodeKind::kRecord: return IsConstant(node);
      default: return AreTotal(node, facts);
    }
  }

  // What is known after a conjunct has held.
  void Learn(const Conjunct& conjunct, Facts* facts) const {
    const Node& node = core_[conjunct.node];
    if (conjunct.is_negated || node.kind != NodeKind::kHas) return;
    const std::uint32_t subject = core_[core_.child(node, 0)].shape;
    facts->existing.insert(subject);
    facts->attributes.emplace(subject, core_.names(node).front());
  }

 private:
  bool AreTotal(const Node& node, const Facts& facts) const {
    const auto children = core_.children(node);
    return std::all_of(children.begin(), children.end(),
                       [&](NodeId child) { return IsTotal(child, facts); });
  }

  bool IsChainTotal(const Node& node, Facts facts) const {
    for (const NodeId child : core_.children(node)) {
      if (!IsTotal(child, facts)) return false;
      Learn({false, child}, &facts);
    }
    return true;
  }

  bool HasAttribute(const Node& node, const Facts& facts) const {
    const NodeId subject = core_.child(node, 0);
    const std::uint32_t shape = core_[subject].shape;
    if (facts.attributes.count({shape, node.name}) > 0) return true;
    const auto& type = TypeOf(subject);
    if (!type) return false;
    const schema::Type& t = session_.types[*type];
    TypeId record = *type;
    if (t.kind == schema::TypeKind::kEntity) {
      if (facts.existing.count(shape) == 0 || t.entities.size() != 1) return false;
      const schema::EntityType* declared = session_.model.FindEntityType(t.entities.front());
      if (declared == nullptr) return false;
      record = declared->shape;
    } else if (t.kind != schema::TypeKind::kRecord) {
      return false;
    }
    const schema::Attribute* attribute = session_.types.Find(record, node.name);
    return attribute != nullptr && attribute->required;
  }

  static bool IsCallTotal(const Node& node) {
    switch (node.function) {
      case stdlib::FunctionId::kOffset:
      case stdlib::FunctionId::kDurationSince:
      case stdlib::FunctionId::kToDate: return false;
      default: return true;  // constructors have been called with their literals
    }
  }

  bool IsConstant(const Node& node) const {
    const auto children = core_.children(node);
    return std::all_of(children.begin(), children.end(), [&](NodeId child) {
      const NodeKind kind = core_[child].kind;
      return kind == NodeKind::kBool || kind == NodeKind::kLong || kind == NodeKind::kString ||
             kind == NodeKind::kUid;
    });
  }

  Session& session_;
  const Core& core_;
  const std::vector<Trace>& traces_;
};

// The plan of one policy. Look at every environment, then Result().
class Planner {
 public:
  Planner(const cedar::Ast& ast, const cedar::Policy& policy, const Core& core)
      : ast_(ast), core_(core), conjuncts_(Splitter(ast, core).Run(policy)) {
    std::map<Access, std::size_t> guards;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      State& state = states_.emplace_back();
      const auto path = PathOf(conjuncts_[i]);
      state.is_test = path.has_value();
      if (path && core_[*path].kind == NodeKind::kGetAttr) {
        const Node& node = core_[*path];
        const auto guard = guards.find({core_[core_.child(node, 0)].shape, node.name});
        if (guard != guards.end()) state.guard = guard->second;
      }
      if (const auto asked = Asked(conjuncts_[i])) guards.emplace(*asked, i);
    }
  }

  // Can there be anything to win?
  bool IsWorthwhile() const { return conjuncts_.size() > 1; }

  void Look(const Totality& total) {
    const auto scopes = core_.children(core_[core_.root]).subspan(0, Splitter::kScopes);
    const bool in_scope = std::none_of(scopes.begin(), scopes.end(), [&](NodeId scope) {
      return total.TypeOf(scope) == schema::Types::kFalse;
    });
    if (!in_scope) return;
    Facts facts;
    bool is_reached = true;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      const Conjunct& conjunct = conjuncts_[i];
      State& state = states_[i];
      state.alone = state.alone && total.IsTotal(conjunct.node, {});
      if (state.guard) {
        Facts guarded;
        total.Learn(conjuncts_[*state.guard], &guarded);
        state.behind_guard = state.behind_guard && total.IsTotal(conjunct.node, guarded);
      }
      state.certain = state.certain && total.TypeOf(conjunct.node) == schema::Types::kTrue;
      // What nothing leads to cannot fail.
      if (is_reached) state.in_order = state.in_order && total.IsTotal(conjunct.node, facts);
      total.Learn(conjunct, &facts);
      const auto never = schema::Types::Singleton(conjunct.is_negated);
      is_reached = is_reached && total.TypeOf(conjunct.node) != never;
    }
  }

  std::optional<std::vector<cedar::Condition>> Result() const {
    std::vector<std::size_t> order;
    std::size_t first = 0;
    while (first < conjuncts_.size() && !CanLead(first)) {
      // Nothing may overtake what can fail.
      first = states_[first].in_order ? first + 1 : conjuncts_.size();
    }
    if (first < conjuncts_.size()) {
      if (!states_[first].alone) order.push_back(*states_[first].guard);
      order.push_back(first);
    }
    const std::vector<std::size_t> leading = order;
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      if (std::find(leading.begin(), leading.end(), i) == leading.end()) order.push_back(i);
    }
    std::vector<cedar::Condition> plan;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + 1 < order.size() && IsIdle(order[i], order[i + 1])) continue;
      if (!leading.empty() && i >= leading.size() && IsIdle(order[i], leading.back())) continue;
      const Conjunct& conjunct = conjuncts_[order[i]];
      const cedar::ExprId body = core_[conjunct.node].origin;
      plan.push_back({conjunct.is_negated, body, ast_[body].span});
    }
    if (plan.size() == conjuncts_.size() && std::is_sorted(order.begin(), order.end())) {
      return std::nullopt;
    }
    return plan;
  }

 private:
  struct State {
    bool is_test = false;              // the tree can ask it
    std::optional<std::size_t> guard;  // which conjunct says that a test's attribute is there
    bool alone = true;                 // cannot fail, whatever came before
    bool behind_guard = true;          // cannot fail once its guard has held
    bool in_order = true;              // cannot fail where it stands
    bool certain = true;               // always true
  };

  bool CanLead(std::size_t i) const {
    const State& state = states_[i];
    if (!state.is_test) return false;
    return state.alone || (state.guard && states_[*state.guard].alone && state.behind_guard);
  }

  // The shape of e and the name of a, if the conjunct is `e has a`.
  std::optional<Access> Asked(const Conjunct& conjunct) const {
    const Node& node = core_[conjunct.node];
    if (conjunct.is_negated || node.kind != NodeKind::kHas || core_.names(node).size() != 1) {
      return std::nullopt;
    }
    return Access{core_[core_.child(node, 0)].shape, core_.names(node).front()};
  }

  // `e has a` that is always true, where `other`, which always runs as well, fails without `e.a`.
  bool IsIdle(std::size_t i, std::size_t other) const {
    const auto asked = Asked(conjuncts_[i]);
    return asked && states_[i].certain && states_[i].in_order &&
           BeginsWith(conjuncts_[other].node, *asked);
  }

  // Whether evaluation of `id` always makes this access: only what runs first is looked at.
  bool BeginsWith(NodeId id, const Access& access) const {
    for (;;) {
      const Node& node = core_[id];
      const auto children = core_.children(node);
      if (children.empty()) return false;
      id = children.front();
      if (node.kind == NodeKind::kGetAttr && Access{core_[id].shape, node.name} == access) {
        return true;
      }
    }
  }

  // --- what the tree can ask: engine/snapshot/leading_test.cc

  bool IsPath(NodeId id) const {
    while (core_[id].kind == NodeKind::kGetAttr) id = core_.child(core_[id], 0);
    return core_[id].kind == NodeKind::kVar;
  }

  bool IsScalar(NodeId id) const {
    const Node& node = core_[id];
    return node.kind == NodeKind::kBool || node.kind == NodeKind::kLong ||
           node.kind == NodeKind::kString || node.kind == NodeKind::kUid ||
           (node.kind == NodeKind::kFunction && (node.function == stdlib::FunctionId::kDecimal ||
                                                 node.function == stdlib::FunctionId::kDatetime ||
                                                 node.function == stdlib::FunctionId::kDuration));
  }

  // The path that the conjunct compares with a constant, or asks to be true.
  std::optional<NodeId> PathOf(const Conjunct& conjunct) const {
    NodeId id = conjunct.node;
    bool is_plain = !conjunct.is_negated;
    for (; core_[id].kind == NodeKind::kNot; id = core_.child(core_[id], 0)) is_plain = false;
    const Node& node = core_[id];
    if (node.kind == NodeKind::kGetAttr && IsPath(id)) return id;
    const bool is_range = node.kind == NodeKind::kLess || node.kind == NodeKind::kLessEqual;
    if (!is_range && (node.kind != NodeKind::kEqual || !is_plain)) return std::nullopt;
    const NodeId left = core_.child(node, 0), right = core_.child(node, 1);
    if (IsPath(left) && IsScalar(right)) return left;
    if (IsScalar(left) && IsPath(right)) return right;
    return std::nullopt;
  }

  const cedar::Ast& ast_;
  const Core& core_;
  std::vector<Conjunct> conjuncts_;
  std::vector<State> states_;
};

std::optional<std::vector<cedar::Condition>> PlanPolicy(Session* session, const cedar::Ast& ast,
                                                        const cedar::Policy& policy,
                                                        const Limits& limits) {
  // That a forbid failed may matter more than anything: the mint takes no allow then.
  if (policy.effect == cedar::Effect::kForbid) return std::nullopt;
  const Core core = MakeCore(ast, policy, &session->types.names(), &session->shapes);
  Planner planner(ast, policy, core);
  if (!planner.IsWorthwhile()) return std::nullopt;
  Findings findings(policy.id);
  Checker checker(session, core, &findings);
  bool passes = true;
  const bool all = ForEachEnvironment(session->model, policy, limits, [&](const Environment& env) {
    passes = passes && checker.Run(env).passed;
    if (passes) planner.Look(Totality(session, core, checker.traces()));
    return passes;
  });
  return all && passes ? planner.Result() : std::nullopt;
}

}  // namespace

cedar::Plans PlanConditions(const schema::Model& model, const cedar::PolicySetSyntax& set,
                            const Limits& limits) {
  Session session(model, Strictness::kStrict);
  cedar::Plans plans;
  for (const cedar::Policy& policy : set.ast.policies) {
    plans.push_back(PlanPolicy(&session, set.ast, policy, limits));
  }
  return plans;
}

}  // namespace assay::validate
