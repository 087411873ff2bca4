#include "compiler/validate/core.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace assay::validate {

namespace {

using cedar::BinaryOp;
using cedar::Expr;
using cedar::ExprId;
using cedar::ExprKind;

struct Method {
  std::string_view name;
  NodeKind kind;
};

constexpr Method kMethods[] = {
    {"contains", NodeKind::kContains},       {"containsAll", NodeKind::kContainsAll},
    {"containsAny", NodeKind::kContainsAny}, {"isEmpty", NodeKind::kIsEmpty},
    {"hasTag", NodeKind::kHasTag},           {"getTag", NodeKind::kGetTag},
};

NodeKind KindOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual: return NodeKind::kEqual;
    case BinaryOp::kLess:
    case BinaryOp::kGreaterEqual: return NodeKind::kLess;
    case BinaryOp::kLessEqual:
    case BinaryOp::kGreater: return NodeKind::kLessEqual;
    case BinaryOp::kIn: return NodeKind::kIn;
    case BinaryOp::kAdd: return NodeKind::kAdd;
    case BinaryOp::kSubtract: return NodeKind::kSubtract;
    case BinaryOp::kMultiply: return NodeKind::kMultiply;
  }
  return NodeKind::kEqual;
}

class CoreMaker {
 public:
  CoreMaker(const cedar::Ast& ast, schema::Names* names, Shapes* shapes)
      : ast_(ast), names_(*names), shapes_(*shapes) {}

  Core Make(const cedar::Policy& policy) {
    std::vector<NodeId> parts = {Scope(policy.principal, cedar::Var::kPrincipal),
                                 Scope(policy.action, cedar::Var::kAction),
                                 Scope(policy.resource, cedar::Var::kResource)};
    for (const cedar::Condition& condition : policy.conditions) {
      NodeId body = Make(condition.body);
      if (condition.is_unless) body = Add({.kind = NodeKind::kNot, .span = Of(body).span}, {body});
      parts.push_back(body);
    }
    core_.root = Add({.kind = NodeKind::kAndFromRight, .span = policy.span}, parts);
    ShareSpans();
    return std::move(core_);
  }

 private:
  const Node& Of(NodeId id) const { return core_[id]; }

  static bool IsAccess(NodeKind kind) {
    switch (kind) {
      case NodeKind::kGetAttr:
      case NodeKind::kFunction:
      case NodeKind::kContains:
      case NodeKind::kContainsAll:
      case NodeKind::kContainsAny:
      case NodeKind::kIsEmpty:
      case NodeKind::kHasTag:
      case NodeKind::kGetTag: return true;
      default: return false;
    }
  }

  // For the reference every access of a chain such as `a.b.c(d)` is where the whole chain is, and
  // what it finds twice at one place is found once.
  void ShareSpans() {
    for (std::size_t i = core_.nodes.size(); i-- > 0;) {
      const Node& node = core_.nodes[i];
      if (!IsAccess(node.kind) || node.children_begin == node.children_end) continue;
      Node& first = core_.nodes[static_cast<std::size_t>(core_.child(node, 0))];
      // In parentheses it would begin later.
      if (IsAccess(first.kind) && first.span.begin == node.span.begin) first.span = node.span;
    }
  }

  // Adds a node, and gives it its shape.
  NodeId Add(Node node, const std::vector<NodeId>& children,
             const std::vector<NameId>& names = {}) {
    node.children_begin = static_cast<std::uint32_t>(core_.child_pool.size());
    core_.child_pool.insert(core_.child_pool.end(), children.begin(), children.end());
    node.children_end = static_cast<std::uint32_t>(core_.child_pool.size());
    node.names_begin = static_cast<std::uint32_t>(core_.name_pool.size());
    core_.name_pool.insert(core_.name_pool.end(), names.begin(), names.end());
    node.names_end = static_cast<std::uint32_t>(core_.name_pool.size());
    // The var, slot and function share a place: a kind has one of them at most.
    std::vector<std::uint64_t> key = {
        static_cast<std::uint64_t>(node.kind),
        static_cast<std::uint64_t>(node.var) + static_cast<std::uint64_t>(node.slot) +
            static_cast<std::uint64_t>(node.function),
        static_cast<std::uint64_t>(node.name), static_cast<std::uint64_t>(node.number),
        node.text.empty() ? 0 : static_cast<std::uint64_t>(names_.Intern(node.text)) + 1};
    key.push_back(names.size());
    for (const NameId name : names) key.push_back(static_cast<std::uint64_t>(name));
    for (const NodeId child : children) key.push_back(Of(child).shape);
    node.shape = shapes_.Intern(std::move(key));
    core_.nodes.push_back(node);
    return static_cast<NodeId>(core_.nodes.size() - 1);
  }

  NodeId Bool(bool value, Span span) {
    return Add({.kind = NodeKind::kBool, .span = span, .number = value ? 1 : 0}, {});
  }

  // --- scopes; the reference knows no places there

  NodeId Uid(const cedar::EntityRef& ref) {
    return Add({.kind = NodeKind::kUid, .name = names_.Intern(ref.type), .text = ref.id}, {});
  }

  NodeId Target(const cedar::ScopeConstraint& scope) {
    if (scope.slot != cedar::Slot::kNone) {
      return Add({.kind = NodeKind::kSlot, .slot = scope.slot}, {});
    }
    return Uid(scope.entities.front());
  }

  NodeId Scope(const cedar::ScopeConstraint& scope, cedar::Var var) {
    using Kind = cedar::ScopeConstraint::Kind;
    if (scope.kind == Kind::kAny) return Bool(true, {});
    const NodeId subject = Add({.kind = NodeKind::kVar, .var = var}, {});
    switch (scope.kind) {
      case Kind::kEqual: return Add({.kind = NodeKind::kEqual}, {subject, Target(scope)});
      case Kind::kIn: {
        NodeId target = Target(scope);
        // `action in E` means `action in [E]`.
        if (var == cedar::Var::kAction) {
          target = Add({.kind = NodeKind::kSet}, {target});
        }
        return Add({.kind = NodeKind::kIn}, {subject, target});
      }
      case Kind::kIs:
        return Add({.kind = NodeKind::kIs, .name = names_.Intern(scope.type)}, {subject});
      case Kind::kIsIn:
        return Add({.kind = NodeKind::kIsIn, .name = names_.Intern(scope.type)},
                   {subject, Target(scope)});
      case Kind::kInAnyOf: {
        std::vector<NodeId> uids;
        for (const cedar::EntityRef& ref : scope.entities) uids.push_back(Uid(ref));
        const NodeId set = Add({.kind = NodeKind::kSet}, uids);
        return Add({.kind = NodeKind::kIn}, {subject, set});
      }
      case Kind::kAny: break;
    }
    return subject;
  }

  // --- expressions

  std::vector<NodeId> MakeAll(const Expr& e) {
    std::vector<NodeId> children;
    for (const ExprId operand : ast_.operands(e)) children.push_back(Make(operand));
    return children;
  }

  NodeId Make(ExprId id) {
    const NodeId node = MakeNode(ast_[id]);
    core_.nodes[static_cast<std::size_t>(node)].origin = id;
    return node;
  }

  NodeId MakeNode(const Expr& e) {
    const Span span = e.span;
    switch (e.kind) {
      case ExprKind::kBool: return Bool(e.number != 0, span);
      case ExprKind::kLong: {
        // The reference leaves the minus out.
        const Span digits = {span.source, e.part_begin, e.part_end};
        return Add(
            {.kind = NodeKind::kLong, .span = e.part_end > 0 ? digits : span, .number = e.number},
            {});
      }
      case ExprKind::kString:
        return Add({.kind = NodeKind::kString, .span = span, .text = e.text}, {});
      case ExprKind::kUid:
        return Add(
            {.kind = NodeKind::kUid, .name = names_.Intern(e.type), .span = span, .text = e.text},
            {});
      case ExprKind::kVar: return Add({.kind = NodeKind::kVar, .var = e.var, .span = span}, {});
      case ExprKind::kIf: return Add({.kind = NodeKind::kIf, .span = span}, MakeAll(e));
      case ExprKind::kAnd: return Chain(e, NodeKind::kAnd);
      case ExprKind::kOr: return Chain(e, NodeKind::kOr);
      case ExprKind::kNot: return Add({.kind = NodeKind::kNot, .span = span}, MakeAll(e));
      case ExprKind::kNegate: return Add({.kind = NodeKind::kNegate, .span = span}, MakeAll(e));
      case ExprKind::kBinary: return Binary(e);
      case ExprKind::kHas: return Has(e);
      case ExprKind::kLike:
        return Add({.kind = NodeKind::kLike, .span = span, .text = e.text}, MakeAll(e));
      case ExprKind::kIs: return Is(e);
      case ExprKind::kAttribute:
        return Add({.kind = NodeKind::kGetAttr, .name = names_.Intern(e.text), .span = span},
                   MakeAll(e));
      case ExprKind::kMethod:
      case ExprKind::kFunction: return Call(e);
      case ExprKind::kSet: return Add({.kind = NodeKind::kSet, .span = span}, MakeAll(e));
      case ExprKind::kRecord: return Record(e);
    }
    return Bool(false, span);
  }

  // The reference folds literals at the start of a chain, which makes the chain a literal for `==`.
  NodeId Chain(const Expr& e, NodeKind kind) {
    std::vector<NodeId> operands = MakeAll(e);
    std::size_t literals = 0;
    while (literals < operands.size() && Of(operands[literals]).kind == NodeKind::kBool) {
      ++literals;
    }
    if (literals >= 2) {
      const bool is_and = kind == NodeKind::kAnd;
      const bool value = std::accumulate(operands.begin(),
                                         operands.begin() + static_cast<std::ptrdiff_t>(literals),
                                         is_and, [&](bool so_far, NodeId next) {
                                           const bool operand = Of(next).number != 0;
                                           return is_and ? so_far && operand : so_far || operand;
                                         });
      const NodeId folded = Bool(value, e.span);
      if (literals == operands.size()) return folded;
      operands.erase(operands.begin(),
                     operands.begin() + static_cast<std::ptrdiff_t>(literals - 1));
      operands.front() = folded;
    }
    return Add({.kind = kind, .span = e.span}, operands);
  }

  NodeId Binary(const Expr& e) {
    const NodeId node = Add({.kind = KindOf(e.op), .span = e.span}, MakeAll(e));
    const bool is_negated = e.op == BinaryOp::kNotEqual || e.op == BinaryOp::kGreater ||
                            e.op == BinaryOp::kGreaterEqual;
    return is_negated ? Add({.kind = NodeKind::kNot, .span = e.span}, {node}) : node;
  }

  NodeId Has(const Expr& e) {
    std::vector<NameId> names;
    for (const std::string_view name : ast_.names(e)) names.push_back(names_.Intern(name));
    return Add({.kind = NodeKind::kHas, .span = e.span}, MakeAll(e), names);
  }

  NodeId Is(const Expr& e) {
    const std::vector<NodeId> children = MakeAll(e);
    const NodeKind kind = children.size() == 2 ? NodeKind::kIsIn : NodeKind::kIs;
    return Add({.kind = kind, .name = names_.Intern(e.type), .span = e.span}, children);
  }

  NodeId Call(const Expr& e) {
    for (const Method& method : kMethods) {
      if (e.kind == ExprKind::kMethod && method.name == e.text) {
        return Add({.kind = method.kind, .span = e.span}, MakeAll(e));
      }
    }
    return Add(
        {.kind = NodeKind::kFunction, .function = stdlib::FindFunction(e.text)->id, .span = e.span},
        MakeAll(e));
  }

  NodeId Record(const Expr& e) {
    const std::vector<NodeId> values = MakeAll(e);
    const auto keys = ast_.names(e);
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    std::vector<NameId> names;
    std::vector<NodeId> children;
    for (const std::size_t i : order) {
      names.push_back(names_.Intern(keys[i]));
      children.push_back(values[i]);
    }
    return Add({.kind = NodeKind::kRecord, .span = e.span}, children, names);
  }

  const cedar::Ast& ast_;
  schema::Names& names_;
  Shapes& shapes_;
  Core core_;
};

}  // namespace

std::uint32_t Shapes::Intern(std::vector<std::uint64_t> key) {
  return shapes_.try_emplace(std::move(key), static_cast<std::uint32_t>(shapes_.size()))
      .first->second;
}

Core MakeCore(const cedar::Ast& ast, const cedar::Policy& policy, schema::Names* names,
              Shapes* shapes) {
  return CoreMaker(ast, names, shapes).Make(policy);
}

std::uint32_t ShapeOfGetAttr(std::uint32_t subject, NameId attribute, Shapes* shapes) {
  return shapes->Intern({static_cast<std::uint64_t>(NodeKind::kGetAttr), 0,
                         static_cast<std::uint64_t>(attribute), 0, 0, 0, subject});
}

}  // namespace assay::validate
