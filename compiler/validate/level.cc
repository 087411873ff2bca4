#include "compiler/validate/level.h"

#include <algorithm>
#include <map>
#include <utility>

namespace assay::validate {

namespace {

using schema::TypeKind;

constexpr std::uint32_t kScopeParts = 3;

class LevelChecker {
 public:
  LevelChecker(Session* session, const Core& core, const Environment& env,
               const std::vector<Trace>& traces, std::uint32_t level, Findings* findings)
      : session_(*session),
        core_(core),
        env_(env),
        traces_(traces),
        level_(level),
        findings_(*findings),
        is_checked_(core.nodes.size()) {}

  // Once is enough, as findings are kept once. Without that, an operand that counts both for itself
  // and as a target would be looked at twice at every level of nesting.
  void Check(NodeId id) {
    if (is_checked_[static_cast<std::size_t>(id)]) return;
    is_checked_[static_cast<std::size_t>(id)] = true;
    Check(id, core_[id].span);
  }

 private:
  // `place` is where the expression is said to stand.
  void Check(NodeId id, Span place) {
    const Node& node = core_[id];
    switch (node.kind) {
      case NodeKind::kIf: return CheckIf(node, Trace_(id));
      case NodeKind::kAnd:
      case NodeKind::kAndFromRight:
      case NodeKind::kOr: {
        return CheckChain(id, node, place);
      }
      case NodeKind::kIn:
      case NodeKind::kHasTag:
      case NodeKind::kGetTag:
        Compare(Target(core_.child(node, 0), {}), place);
        return Check(core_.child(node, 1));
      case NodeKind::kIsIn:
        Check(core_.child(node, 0));
        if (Trace_(id).visited < 2) return;
        Compare(Target(core_.child(node, 0), {}), node.span);
        return Check(core_.child(node, 1));
      case NodeKind::kHas:
        if (core_.names(node).size() > 1) return HasMany(node, place);
        return Access(node, place);
      case NodeKind::kGetAttr: return Access(node, place);
      default:
        for (const NodeId child : core_.children(node)) Check(child);
    }
  }

  // Operands that the type checker never came to do not count. One that decides the chain takes its
  // place in the reference's tree, and is said to stand there.
  void CheckChain(NodeId id, const Node& node, Span place) {
    const auto children = core_.children(node);
    const std::uint32_t visited = Trace_(id).visited;
    for (std::uint32_t i = 0; i < visited; ++i) {
      const bool decides = i + 1 == visited && Decides(node, visited);
      Check(children[i], decides ? place : core_[children[i]].span);
    }
  }

  // Whether the last operand that the type checker came to makes others superfluous. A policy
  // without conditions has the condition `true` there.
  bool Decides(const Node& node, std::uint32_t visited) const {
    const auto children = core_.children(node);
    const bool is_last = visited == children.size();
    if (node.kind != NodeKind::kAndFromRight) return visited == 1 && !is_last;
    return !is_last || (visited == kScopeParts && KindOf(children.back()) == TypeKind::kFalse);
  }

  const Trace& Trace_(NodeId id) const { return traces_[static_cast<std::size_t>(id)]; }

  TypeKind KindOf(NodeId id) const {
    const auto& type = Trace_(id).type;
    return type ? session_.types[*type].kind : TypeKind::kNever;
  }

  void CheckIf(const Node& node, const Trace& trace) {
    const auto children = core_.children(node);
    Check(children[0]);
    if (trace.branch != 2) Check(children[1]);
    if (trace.branch != 1) Check(children[2]);
  }

  void Access(const Node& node, Span place) {
    const NodeId subject = core_.child(node, 0);
    const TypeKind kind = KindOf(subject);
    if (kind == TypeKind::kEntity) return Compare(Target(subject, {}), place);
    if (kind == TypeKind::kRecord) return Check(subject);
    Violated(node.span);
  }

  // A target at depth `target` is looked into.
  void Compare(std::uint32_t target, Span place) {
    if (target >= level_) TooDeep(target + 1, place);
  }

  void TooDeep(std::uint32_t actual, Span place) {
    findings_.AddFor(FindingKind::kEntityDerefLevelViolation, place,
                     "this policy requires level " + std::to_string(actual) +
                         ", which exceeds the maximum allowed level (" + std::to_string(level_) +
                         ")");
  }

  void Literal(Span span) {
    findings_.AddFor(FindingKind::kEntityDerefLevelViolation, span,
                     "entity literals cannot be dereferenced at any level");
  }

  std::uint32_t Violated(Span span) {
    findings_.Add(FindingKind::kInternalInvariantViolation, span, "internal invariant violated");
    return 0;
  }

  // How many entities `id` goes through. `path` are the attributes that are taken of it, the first
  // one last: of a record literal only what they name counts.
  std::uint32_t Target(NodeId id, std::vector<NameId> path) {
    const auto known = targets_.find({id, path});
    if (known != targets_.end()) return known->second;
    const std::uint32_t depth = FindTarget(id, path);
    targets_.emplace(std::pair(id, std::move(path)), depth);
    return depth;
  }

  std::uint32_t FindTarget(NodeId id, std::vector<NameId> path) {
    const Node& node = core_[id];
    switch (node.kind) {
      case NodeKind::kVar: return 0;
      case NodeKind::kSlot: Literal(node.span); return 0;
      case NodeKind::kUid: {
        const bool is_action = session_.types.names()[node.name] == env_.action->uid.type &&
                               node.text == env_.action->uid.id;
        if (!is_action) Literal(node.span);
        return 0;
      }
      case NodeKind::kIf: {
        const auto children = core_.children(node);
        Check(children[0]);
        std::uint32_t depth = 0;
        if (Trace_(id).branch != 2) depth = Target(children[1], path);
        if (Trace_(id).branch != 1) depth = std::max(depth, Target(children[2], std::move(path)));
        return depth;
      }
      case NodeKind::kGetAttr: {
        const NodeId subject = core_.child(node, 0);
        const TypeKind kind = KindOf(subject);
        if (kind == TypeKind::kEntity) return Target(subject, std::move(path)) + 1;
        if (kind != TypeKind::kRecord) return Violated(node.span);
        path.push_back(node.name);
        return Target(subject, std::move(path));
      }
      case NodeKind::kGetTag: {
        const std::uint32_t depth = Target(core_.child(node, 0), std::move(path));
        Check(core_.child(node, 1));
        return depth + 1;
      }
      case NodeKind::kRecord: return TargetInRecord(node, std::move(path));
      default: return Violated(node.span);
    }
  }

  std::uint32_t TargetInRecord(const Node& node, std::vector<NameId> path) {
    const auto names = core_.names(node);
    const auto found =
        path.empty() ? names.end() : std::find(names.begin(), names.end(), path.back());
    if (found == names.end()) return Violated(node.span);
    path.pop_back();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] != *found) Check(core_.child(node, i));
    }
    return Target(core_.child(node, static_cast<std::size_t>(found - names.begin())),
                  std::move(path));
  }

  // --- `e has a.b.c`

  std::optional<TypeId> AttributeType(TypeId type, NameId name) const {
    TypeId record = type;
    if (session_.types[type].kind == TypeKind::kEntity) {
      const auto& entities = session_.types[type].entities;
      const schema::EntityType* declared =
          entities.size() == 1 ? session_.model.FindEntityType(entities.front()) : nullptr;
      if (declared == nullptr) return std::nullopt;
      record = declared->shape;
    }
    const schema::Attribute* found = session_.types.Find(record, name);
    if (found == nullptr) return std::nullopt;
    return found->type;
  }

  // The cost of the names alone, and the path, the first name last, to the first entity that they
  // go through: nothing if there is none.
  struct Chain {
    std::uint32_t cost = 0;
    std::optional<std::vector<NameId>> path;
  };
  Chain Follow(TypeId type, std::span<const NameId> names) const {
    Chain chain;
    std::vector<NameId> path;
    if (session_.types[type].kind != TypeKind::kRecord) chain = {1, path};
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
      const auto next = AttributeType(type, names[i]);
      if (!next) break;
      type = *next;
      path.insert(path.begin(), names[i]);
      const TypeKind kind = session_.types[type].kind;
      if (kind != TypeKind::kEntity) continue;
      ++chain.cost;
      if (!chain.path) chain.path = path;
    }
    return chain;
  }

  void HasMany(const Node& node, Span place) {
    const NodeId base = core_.child(node, 0);
    const TypeKind kind = KindOf(base);
    if (kind != TypeKind::kEntity && kind != TypeKind::kRecord) return Check(base);
    const Chain chain = Follow(*Trace_(base).type, core_.names(node));
    if (chain.cost > level_) return TooDeep(chain.cost, place);
    if (kind == TypeKind::kRecord) Check(base);
    if (!chain.path) return;
    const std::uint32_t depth = Target(base, *chain.path);
    if (depth > level_ - chain.cost) TooDeep(depth + chain.cost, place);
  }

  Session& session_;
  const Core& core_;
  const Environment& env_;
  const std::vector<Trace>& traces_;
  std::uint32_t level_;
  Findings& findings_;
  std::vector<bool> is_checked_;
  std::map<std::pair<NodeId, std::vector<NameId>>, std::uint32_t> targets_;
};

}  // namespace

void CheckLevel(Session* session, const Core& core, const Environment& env,
                const std::vector<Trace>& traces, std::uint32_t level, Findings* findings) {
  LevelChecker(session, core, env, traces, level, findings).Check(core.root);
}

}  // namespace assay::validate
