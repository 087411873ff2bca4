#include "compiler/cedar/lower.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "compiler/cedar/print.h"
#include "engine/base/sha256.h"
#include "stdlib/functions.h"

namespace assay::cedar {

namespace {

using ir::NodeId;
using ir::NodeKind;
using ScopeKind = ScopeConstraint::Kind;

// Methods that are part of the language; all others are calls of functions.
NodeKind BuiltinMethod(std::string_view name) {
  static constexpr std::pair<std::string_view, NodeKind> kMethods[] = {
      {"contains", NodeKind::kContains},       {"containsAll", NodeKind::kContainsAll},
      {"containsAny", NodeKind::kContainsAny}, {"isEmpty", NodeKind::kIsEmpty},
      {"getTag", NodeKind::kGetTag},           {"hasTag", NodeKind::kHasTag},
  };
  for (const auto& [method, kind] : kMethods) {
    if (method == name) return kind;
  }
  return NodeKind::kCall;
}

class ExpressionLowering {
 public:
  ExpressionLowering(const Ast& ast, ir::Builder* builder) : ast_(ast), builder_(builder) {}

  // Recursion is bounded by the parser's limit on depth.
  NodeId Lower(ExprId id) {
    const Expr& e = ast_[id];
    switch (e.kind) {
      case ExprKind::kBool: return builder_->AddConstant(e.number != 0, e.span);
      case ExprKind::kLong: return builder_->AddConstant(e.number, e.span);
      case ExprKind::kString: return builder_->AddConstant(std::string(e.text), e.span);
      case ExprKind::kUid:
        return builder_->AddConstant(EntityUid{std::string(e.type), std::string(e.text)}, e.span);
      case ExprKind::kVar: return Add(NodeKind::kVariable, e, static_cast<std::uint32_t>(e.var));
      case ExprKind::kIf: return Add(NodeKind::kIf, e);
      case ExprKind::kAnd: return Add(NodeKind::kAnd, e);
      case ExprKind::kOr: return Add(NodeKind::kOr, e);
      case ExprKind::kNot: return Add(NodeKind::kNot, e);
      case ExprKind::kNegate: return Add(NodeKind::kNegate, e);
      case ExprKind::kBinary: return LowerBinary(e);
      case ExprKind::kHas: return LowerHas(e);
      case ExprKind::kLike: return Add(NodeKind::kLike, e, builder_->Pattern(e.text));
      case ExprKind::kIs:
        return Add(ast_.operands(e).size() == 1 ? NodeKind::kIs : NodeKind::kIsIn, e,
                   builder_->Type(e.type));
      case ExprKind::kAttribute: return Add(NodeKind::kAttribute, e, builder_->Name(e.text));
      case ExprKind::kMethod: return LowerMethod(e);
      case ExprKind::kFunction: return LowerCall(e);
      case ExprKind::kSet: return Add(NodeKind::kSet, e);
      case ExprKind::kRecord: return LowerRecord(e);
    }
    return builder_->AddConstant(false, e.span);
  }

 private:
  NodeId Add(NodeKind kind, const Expr& e, std::uint32_t data = 0) {
    std::vector<NodeId> operands;
    for (const ExprId operand : ast_.operands(e)) operands.push_back(Lower(operand));
    return builder_->Add({.kind = kind, .data = data, .span = e.span}, operands);
  }

  NodeId Negated(NodeKind kind, const Expr& e) {
    const std::array<NodeId, 1> inner = {Add(kind, e)};
    return builder_->Add({.kind = NodeKind::kNot, .span = e.span}, inner);
  }

  NodeId LowerBinary(const Expr& e) {
    switch (e.op) {
      case BinaryOp::kEqual: return Add(NodeKind::kEqual, e);
      case BinaryOp::kNotEqual: return Negated(NodeKind::kEqual, e);
      case BinaryOp::kLess: return Add(NodeKind::kLess, e);
      case BinaryOp::kLessEqual: return Add(NodeKind::kLessEqual, e);
      case BinaryOp::kGreater: return Negated(NodeKind::kLessEqual, e);
      case BinaryOp::kGreaterEqual: return Negated(NodeKind::kLess, e);
      case BinaryOp::kIn: return Add(NodeKind::kIn, e);
      case BinaryOp::kAdd: return Add(NodeKind::kAdd, e);
      case BinaryOp::kSubtract: return Add(NodeKind::kSubtract, e);
      case BinaryOp::kMultiply: break;
    }
    return Add(NodeKind::kMultiply, e);
  }

  NodeId LowerHas(const Expr& e) {
    const std::array<NodeId, 1> subject = {Lower(ast_.operand(e, 0))};
    std::vector<std::uint32_t> names;
    for (const std::string_view name : ast_.names(e)) names.push_back(builder_->Name(name));
    return builder_->Add({.kind = NodeKind::kHasPath, .span = e.span}, subject, names);
  }

  NodeId LowerMethod(const Expr& e) {
    const NodeKind kind = BuiltinMethod(e.text);
    return kind == NodeKind::kCall ? LowerCall(e) : Add(kind, e);
  }

  NodeId LowerCall(const Expr& e) {
    const stdlib::FunctionInfo* function = stdlib::FindFunction(e.text);
    return Add(NodeKind::kCall, e, static_cast<std::uint32_t>(function->id));
  }

  // The reference evaluates members in the order of their keys, and which error comes first shows.
  NodeId LowerRecord(const Expr& e) {
    const auto keys = ast_.names(e);
    std::vector<std::uint32_t> order(keys.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
    std::vector<NodeId> operands;
    std::vector<std::uint32_t> names;
    for (const std::uint32_t i : order) {
      operands.push_back(Lower(ast_.operand(e, i)));
      names.push_back(builder_->Name(keys[i]));
    }
    return builder_->Add({.kind = NodeKind::kRecord, .span = e.span}, operands, names);
  }

  const Ast& ast_;
  ir::Builder* builder_;
};

class PolicyLowering {
 public:
  PolicyLowering(const Ast& ast, ir::Builder* builder)
      : ast_(ast), builder_(builder), expressions_(ast, builder) {}

  ir::Rule Lower(const Policy& policy, const std::vector<Condition>& conditions) {
    ir::Rule rule;
    rule.span = policy.span;
    rule.digest = sha_.Add(CanonicalPolicy(ast_, policy)).Finish();
    rule.is_forbid = policy.effect == Effect::kForbid;
    for (const Annotation& annotation : policy.annotations) {
      rule.annotations.push_back({std::string(annotation.key), std::string(annotation.value)});
    }
    AddScope(policy.principal, 0, &rule);
    AddScope(policy.action, 1, &rule);
    AddScope(policy.resource, 2, &rule);
    for (const Condition& condition : conditions) {
      rule.conditions.push_back({condition.is_unless, expressions_.Lower(condition.body)});
    }
    return rule;
  }

 private:
  static Value Uid(const EntityRef& entity) {
    return EntityUid{std::string(entity.type), std::string(entity.id)};
  }

  void AddScope(const ScopeConstraint& constraint, std::uint8_t variable, ir::Rule* rule) {
    using TestKind = ir::ScopeTest::Kind;
    ir::ScopeTest test{.variable = variable, .span = constraint.span};
    if (constraint.kind == ScopeKind::kAny) return;
    if (constraint.kind == ScopeKind::kIs || constraint.kind == ScopeKind::kIsIn) {
      test.kind = TestKind::kIs;
      test.operand = builder_->Type(constraint.type);
      rule->scope.push_back(test);
      if (constraint.kind == ScopeKind::kIs) return;
    }
    if (constraint.kind == ScopeKind::kInAnyOf) {
      Value::Set entities;
      for (const EntityRef& entity : constraint.entities) entities.push_back(Uid(entity));
      test.kind = TestKind::kInAny;
      test.operand = builder_->Constant(Value(std::move(entities)));
    } else {
      test.kind = constraint.kind == ScopeKind::kEqual ? TestKind::kEqual : TestKind::kIn;
      test.slot = static_cast<ir::Slot>(constraint.slot);
      test.operand =
          constraint.slot == Slot::kNone ? builder_->Constant(Uid(constraint.entities.front())) : 0;
    }
    rule->scope.push_back(test);
  }

  const Ast& ast_;
  ir::Builder* builder_;
  ExpressionLowering expressions_;
  Sha256 sha_;
};

}  // namespace

ir::Module Lower(const PolicySetSyntax& set, const Plans& plans) {
  ir::Module module;
  ir::Builder builder(&module);
  PolicyLowering lowering(set.ast, &builder);
  std::unordered_map<std::string_view, std::uint32_t> rules;
  for (const Policy& policy : set.ast.policies) {
    const auto rule = static_cast<std::uint32_t>(module.rules.size());
    const bool is_planned = rule < plans.size() && plans[rule].has_value();
    module.rules.push_back(lowering.Lower(policy, is_planned ? *plans[rule] : policy.conditions));
    rules.emplace(policy.id, rule);
    if (policy.is_template()) {
      module.templates.push_back({policy.id, rule});
    } else {
      module.policies.push_back({policy.id, rule, std::nullopt, std::nullopt});
    }
  }
  for (const TemplateLink& link : set.links) {
    const std::uint32_t rule = rules.at(link.template_id);
    module.policies.push_back({link.new_id, rule, link.principal, link.resource});
  }
  return module;
}

ir::Module LowerExpression(const Ast& ast, ExprId expr) {
  ir::Module module;
  ir::Builder builder(&module);
  const NodeId body = ExpressionLowering(ast, &builder).Lower(expr);
  ir::Rule& rule = module.rules.emplace_back();
  rule.conditions.push_back({false, body});
  rule.span = ast[expr].span;
  return module;
}

}  // namespace assay::cedar
