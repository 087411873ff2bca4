// Expressions of JSON policies: objects with one member, which names the operator.
#include <utility>

#include "compiler/cedar/json_form.h"
#include "compiler/cedar/policy_json.h"
#include "compiler/cedar/tree_maker.h"
#include "engine/base/names.h"
#include "engine/base/suggest.h"
#include "engine/data/value_json.h"
#include "stdlib/functions.h"

namespace assay::cedar {

namespace {

using json::Node;
using json::Type;

class ExprReader {
 public:
  ExprReader(const Limits& limits, Ast* ast, Diagnostics* diagnostics)
      : make_(limits, ast, diagnostics), diagnostics_(diagnostics) {}

  std::optional<ExprId> Read(const Node& node) {
    if (!HasType(node, Type::kObject, "an expression", diagnostics_)) return std::nullopt;
    if (node.members.size() != 1) {
      return Fail(DiagId::kUnexpectedJsonType, node.span,
                  "an expression is an object with one member, and this has " +
                      std::to_string(node.members.size()));
    }
    return Operation(node.members[0], node.elements[0], node.span);
  }

 private:
  using Operands = std::optional<std::vector<ExprId>>;

  std::nullopt_t Fail(DiagId id, Span span, std::string message, std::string hint = {}) {
    diagnostics_->Add(id, span, std::move(message), std::move(hint));
    return std::nullopt;
  }

  Ast& ast() { return make_.ast(); }

  std::optional<ExprId> PushOver(const Expr& e, const Operands& operands) {
    if (!operands) return std::nullopt;
    return make_.Push(e, *operands);
  }

  // --- operands

  // All nodes are read, so that every mistake is reported.
  template <typename Nodes>
  Operands ReadAll(const Nodes& nodes) {
    std::vector<ExprId> ids;
    bool ok = true;
    for (const Node& node : nodes) {
      const auto id = Read(node);
      ok = ok && id.has_value();
      if (id) ids.push_back(*id);
    }
    if (!ok) return std::nullopt;
    return ids;
  }

  // The operator's object has these members and no others; the first `count` are expressions.
  Operands Fields(const json::Member& op, const Node& node, Names members, std::size_t count) {
    if (!HasMembers(node, "`" + op.key + "`", members, {}, diagnostics_)) return std::nullopt;
    std::vector<ExprId> ids;
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = Read(*node.Find(members.begin()[i]));
      if (id) ids.push_back(*id);
    }
    if (ids.size() != count) return std::nullopt;
    return ids;
  }
  Operands Fields(const json::Member& op, const Node& node, Names members) {
    return Fields(op, node, members, members.size());
  }

  // --- operators

  std::optional<ExprId> Operation(const json::Member& op, const Node& node, Span span) {
    const std::string& name = op.key;
    if (name == "Value") return Literal(node);
    if (name == "Var") return Variable(node, span);
    if (name == "Slot") {
      return Fail(DiagId::kInvalidSlot, span, "a slot cannot stand in a condition",
                  "slots stand in the scope only");
    }
    if (name == "Set") return Set(node, span);
    if (name == "Record") return Record(node, span);
    if (name == "has") return HasAttribute(op, node, span);
    if (name == "like") return Like(op, node, span);
    if (name == "is") return Is(op, node, span);
    if (name == ".") return Access(op, node, span);
    if (name == "&&" || name == "||") return Chain(op, node, span);
    if (name == "!" || name == "neg") {
      const ExprKind kind = name == "!" ? ExprKind::kNot : ExprKind::kNegate;
      return PushOver({.kind = kind, .span = span}, Fields(op, node, {"arg"}));
    }
    if (name == "if-then-else") {
      return PushOver({.kind = ExprKind::kIf, .span = span},
                      Fields(op, node, {"if", "then", "else"}));
    }
    if (const auto binary = FindOperator(name)) {
      return PushOver({.kind = ExprKind::kBinary, .op = *binary, .span = span},
                      Fields(op, node, {"left", "right"}));
    }
    if (const auto arity = stdlib::BuiltinMethodArity(name)) {
      return PushOver(
          {.kind = ExprKind::kMethod, .span = span, .text = ast().Keep(name)},
          *arity == 0 ? Fields(op, node, {"arg"}) : Fields(op, node, {"left", "right"}));
    }
    return Function(op, node, span);
  }

  std::optional<ExprId> Function(const json::Member& op, const Node& node, Span span) {
    if (stdlib::FindFunction(op.key) == nullptr) {
      std::string hint = DidYouMean(op.key, stdlib::FunctionNames());
      if (hint.empty()) hint = DidYouMean(op.key, stdlib::MethodNames());
      return Fail(DiagId::kUnknownFunction, op.key_span,
                  "`" + op.key + "` is no operator or function of Cedar", hint);
    }
    if (!HasType(node, Type::kArray, "what a function is called with", diagnostics_)) {
      return std::nullopt;
    }
    return Call(op.key, span, ReadAll(node.elements));
  }

  // How many arguments a function takes is checked when it is called, as for policies in text.
  std::optional<ExprId> Call(const std::string& name, Span span, const Operands& arguments) {
    const stdlib::FunctionInfo* function = stdlib::FindFunction(name);
    if (function == nullptr) {
      return Fail(DiagId::kUnknownFunction, span, "`" + name + "` is no function of Cedar",
                  DidYouMean(name, stdlib::FunctionNames()));
    }
    if (function->is_method && arguments && arguments->empty()) {
      return Fail(DiagId::kInvalidCall, span, "`" + name + "` is a method, called on nothing",
                  "its first argument is the value it is called on");
    }
    return PushOver({.kind = function->is_method ? ExprKind::kMethod : ExprKind::kFunction,
                     .span = span,
                     .text = function->name},
                    arguments);
  }

  std::optional<ExprId> Chain(const json::Member& op, const Node& node, Span span) {
    const auto sides = Fields(op, node, {"left", "right"});
    if (!sides) return std::nullopt;
    const ExprKind kind = op.key == "&&" ? ExprKind::kAnd : ExprKind::kOr;
    return make_.Chain(kind, (*sides)[0], (*sides)[1], span);
  }

  std::optional<ExprId> Variable(const Node& node, Span span) {
    if (!HasType(node, Type::kString, "`Var`", diagnostics_)) return std::nullopt;
    const auto var = FindVariable(node.string);
    if (var) return make_.Leaf({.kind = ExprKind::kVar, .var = *var, .span = span});
    return Fail(DiagId::kUnknownName, node.span, "`" + node.string + "` is no variable",
                "there are `principal`, `action`, `resource` and `context`");
  }

  std::optional<ExprId> Set(const Node& node, Span span) {
    if (!HasType(node, Type::kArray, "`Set`", diagnostics_)) return std::nullopt;
    return PushOver({.kind = ExprKind::kSet, .span = span}, ReadAll(node.elements));
  }

  std::optional<ExprId> Record(const Node& node, Span span) {
    if (!HasType(node, Type::kObject, "`Record`", diagnostics_)) return std::nullopt;
    return RecordOf(node, span, ReadAll(node.elements));
  }

  std::optional<ExprId> RecordOf(const Node& node, Span span, const Operands& values) {
    if (!values) return std::nullopt;
    std::vector<std::string_view> keys;
    keys.reserve(node.members.size());
    for (const json::Member& member : node.members) keys.push_back(ast().Keep(member.key));
    return make_.Record(keys, *values, span);
  }

  std::optional<ExprId> Access(const json::Member& op, const Node& node, Span span) {
    const auto operands = Fields(op, node, {"left", "attr"}, 1);
    if (!operands) return std::nullopt;
    const Node& attr = *node.Find("attr");
    if (!HasType(attr, Type::kString, "`attr`", diagnostics_)) return std::nullopt;
    return make_.Push({.kind = ExprKind::kAttribute, .span = span, .text = ast().Keep(attr.string)},
                      *operands);
  }

  std::optional<ExprId> Is(const json::Member& op, const Node& node, Span span) {
    const Node* in = node.Find("in");
    const auto operands = in == nullptr ? Fields(op, node, {"left", "entity_type"}, 1)
                          : in->type == Type::kNull
                              ? Fields(op, node, {"left", "entity_type", "in"}, 1)
                              : Fields(op, node, {"left", "in", "entity_type"}, 2);
    if (!operands) return std::nullopt;
    const Node& type = *node.Find("entity_type");
    if (!HasType(type, Type::kString, "`entity_type`", diagnostics_)) return std::nullopt;
    if (!IsTypeName(type.string)) {
      return Fail(DiagId::kInvalidTypeName, type.span,
                  "`" + type.string + "` is not the name of an entity type",
                  "a type is identifiers joined by `::`, without white space");
    }
    return make_.Push({.kind = ExprKind::kIs, .span = span, .type = ast().Keep(type.string)},
                      *operands);
  }

  // `attr` is one name, or a path of several.
  std::optional<ExprId> HasAttribute(const json::Member& op, const Node& node, Span span) {
    const auto operands = Fields(op, node, {"left", "attr"}, 1);
    if (!operands) return std::nullopt;
    const Node& attr = *node.Find("attr");
    const bool is_path = attr.type == Type::kArray;
    std::vector<std::string_view> path;
    for (const Node& name : is_path ? std::span(attr.elements) : std::span(&attr, 1)) {
      if (!HasType(name, Type::kString, "an attribute's name", diagnostics_)) return std::nullopt;
      path.push_back(ast().Keep(name.string));
    }
    if (!path.empty()) return make_.Has(operands->front(), path, span);
    return Fail(DiagId::kUnexpectedJsonType, attr.span, "`attr` names no attribute");
  }

  std::optional<ExprId> Like(const json::Member& op, const Node& node, Span span) {
    const auto operands = Fields(op, node, {"left", "pattern"}, 1);
    if (!operands) return std::nullopt;
    const Node& parts = *node.Find("pattern");
    if (!HasType(parts, Type::kArray, "`pattern`", diagnostics_)) return std::nullopt;
    std::string pattern;
    for (const Node& part : parts.elements) {
      const Node* literal = part.members.size() == 1 ? part.Find("Literal") : nullptr;
      if (part.type == Type::kString && part.string == "Wildcard") {
        pattern += kWildcard;
      } else if (IsText(literal)) {
        pattern += literal->string;
      } else {
        return Fail(DiagId::kUnexpectedJsonType, part.span, "this is no part of a pattern",
                    "a part is \"Wildcard\" or {\"Literal\": \"text\"}");
      }
    }
    return make_.Push(
        {.kind = ExprKind::kLike, .span = span, .text = ast().Keep(std::move(pattern))}, *operands);
  }

  // --- literals

  // What `Value` holds: JSON as in entities. Calls of functions stay calls.
  std::optional<ExprId> Literal(const Node& node) {
    switch (node.type) {
      case Type::kBool:
        return make_.Leaf(
            {.kind = ExprKind::kBool, .span = node.span, .number = node.boolean ? 1 : 0});
      case Type::kInteger:
        return make_.Leaf({.kind = ExprKind::kLong, .span = node.span, .number = node.integer});
      case Type::kString:
        return make_.Leaf(
            {.kind = ExprKind::kString, .span = node.span, .text = ast().Keep(node.string)});
      case Type::kArray:
        return PushOver({.kind = ExprKind::kSet, .span = node.span}, Literals(node.elements));
      case Type::kObject: return LiteralObject(node);
      case Type::kNull:
        return Fail(DiagId::kUnexpectedJsonType, node.span, "null is not a value of Cedar");
      case Type::kNumber: break;
    }
    return Fail(DiagId::kInvalidNumber, node.span, "numbers are 64-bit integers",
                "for decimal places write {\"decimal\": [{\"Value\": \"1.5\"}]}");
  }

  Operands Literals(std::span<const Node> nodes) {
    std::vector<ExprId> ids;
    bool ok = true;
    for (const Node& node : nodes) {
      const auto id = Literal(node);
      ok = ok && id.has_value();
      if (id) ids.push_back(*id);
    }
    if (!ok) return std::nullopt;
    return ids;
  }

  // An escape that is malformed is an ordinary record, as in entities.
  std::optional<ExprId> LiteralObject(const Node& node) {
    const std::string_view escape =
        node.members.size() == 1 ? std::string_view(node.members[0].key) : std::string_view();
    if (escape == "__entity" && IsText(node.elements[0].Find("type")) &&
        IsText(node.elements[0].Find("id"))) {
      auto uid = data::ReadUid(node.elements[0], /*allow_text=*/false, diagnostics_);
      if (!uid) return std::nullopt;
      return make_.Leaf({.kind = ExprKind::kUid,
                         .span = node.span,
                         .text = ast().Keep(std::move(uid->id)),
                         .type = ast().Keep(std::move(uid->type))});
    }
    if (escape == "__extn" && IsText(node.elements[0].Find("fn"))) {
      const Node& call = node.elements[0];
      const Node* arguments = call.Find("args");
      if (const Node* argument = call.Find("arg")) {
        return Call(call.Find("fn")->string, node.span, Literals({argument, 1}));
      }
      if (arguments != nullptr && arguments->type == Type::kArray) {
        return Call(call.Find("fn")->string, node.span, Literals(arguments->elements));
      }
    }
    if (escape == "__expr" && IsText(&node.elements[0])) {
      return Fail(DiagId::kUnexpectedJsonType, node.members[0].key_span,
                  "`__expr` is no longer part of the format", "use `__entity` or `__extn`");
    }
    return RecordOf(node, node.span, Literals(node.elements));
  }

  static bool IsText(const Node* node) { return node != nullptr && node->type == Type::kString; }

  TreeMaker make_;
  Diagnostics* diagnostics_;
};

}  // namespace

std::optional<ExprId> ReadExprJson(const Node& node, const Limits& limits, Ast* ast,
                                   Diagnostics* diagnostics) {
  return ExprReader(limits, ast, diagnostics).Read(node);
}

}  // namespace assay::cedar
