#include "compiler/validate/core_text.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "compiler/cedar/print.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"

namespace assay::validate {

namespace {

// An `if` whose condition is certain doubles its branch, so that a small expression can have an
// endless text.
constexpr std::size_t kMaxText = 16'384;

std::string Quoted(std::string_view text) { return "\"" + EscapeText(text) + "\""; }

std::string FieldName(std::string_view name) {
  return IsFieldName(name) ? std::string(name) : Quoted(name);
}

// What stands between two operands; "" if that is not how the kind is written.
std::string_view OperatorOf(NodeKind kind) {
  switch (kind) {
    case NodeKind::kAnd:
    case NodeKind::kAndFromRight:
    case NodeKind::kIsIn: return " && ";
    case NodeKind::kOr: return " || ";
    case NodeKind::kEqual: return " == ";
    case NodeKind::kLess: return " < ";
    case NodeKind::kLessEqual: return " <= ";
    case NodeKind::kAdd: return " + ";
    case NodeKind::kSubtract: return " - ";
    case NodeKind::kMultiply: return " * ";
    case NodeKind::kIn: return " in ";
    default: return "";
  }
}

// Operators that need no parentheses where they are the left operand of the same operator.
bool GroupsToTheLeft(NodeKind kind) {
  switch (kind) {
    case NodeKind::kAnd:
    case NodeKind::kIsIn:
    case NodeKind::kOr:
    case NodeKind::kAdd:
    case NodeKind::kSubtract:
    case NodeKind::kMultiply: return true;
    default: return false;
  }
}

std::string_view MethodOf(NodeKind kind) {
  switch (kind) {
    case NodeKind::kContains: return "contains";
    case NodeKind::kContainsAll: return "containsAll";
    case NodeKind::kContainsAny: return "containsAny";
    case NodeKind::kIsEmpty: return "isEmpty";
    case NodeKind::kHasTag: return "hasTag";
    default: return "getTag";
  }
}

class CorePrinter {
 public:
  CorePrinter(const Core& core, std::span<const Trace> traces, const schema::Names& names)
      : core_(core), traces_(traces), names_(names) {}

  std::string Take() {
    if (out_.size() < kMaxText) return std::move(out_);
    std::size_t end = kMaxText;
    while (end > 0 && (static_cast<unsigned char>(out_[end]) & 0xC0) == 0x80) --end;
    return out_.substr(0, end) + "…";
  }

  void Print(NodeId given) {
    if (out_.size() >= kMaxText) return;
    const NodeId id = Deciding(given);
    const Node& node = core_[id];
    switch (node.kind) {
      case NodeKind::kBool: out_ += node.number != 0 ? "true" : "false"; return;
      case NodeKind::kLong: return Long(node);
      case NodeKind::kString: out_ += Quoted(node.text); return;
      case NodeKind::kUid: out_ += Name(node.name) + "::" + Quoted(node.text); return;
      case NodeKind::kVar: out_ += cedar::VariableText(node.var); return;
      case NodeKind::kSlot:
        out_ += node.slot == cedar::Slot::kPrincipal ? "?principal" : "?resource";
        return;
      case NodeKind::kIf: return If(node, trace(id).branch);
      case NodeKind::kNot: out_ += "!"; return Operand(core_.child(node, 0));
      case NodeKind::kNegate: return Negate(node);
      case NodeKind::kHas: return Has(node);
      case NodeKind::kGetAttr: return GetAttr(node);
      case NodeKind::kLike:
        Operand(core_.child(node, 0));
        out_ += " like " + cedar::PrintPattern(node.text);
        return;
      case NodeKind::kIs: return Is(node);
      case NodeKind::kIsIn: return IsIn(id, node);
      case NodeKind::kContains:
      case NodeKind::kContainsAll:
      case NodeKind::kContainsAny:
      case NodeKind::kIsEmpty:
      case NodeKind::kHasTag:
      case NodeKind::kGetTag: return Method(node, MethodOf(node.kind));
      case NodeKind::kFunction: return Function(node);
      case NodeKind::kSet: return Listed(node, 0, "[", "]");
      case NodeKind::kRecord: return Record(node);
      default: return Operators(id, node);
    }
  }

 private:
  const Trace& trace(NodeId id) const { return traces_[static_cast<std::size_t>(id)]; }
  std::string Name(NameId name) const { return std::string(names_[name]); }

  // How many operands of a chain the type checker came to.
  std::size_t Visited(NodeId id) const {
    const std::size_t all = core_.children(core_[id]).size();
    const std::size_t visited = trace(id).visited;
    return visited == 0 ? all : std::min(visited, all);
  }

  // Of a chain whose first operand decides it, that.
  NodeId Deciding(NodeId id) const {
    while (true) {
      const NodeKind kind = core_[id].kind;
      const bool is_chain =
          kind == NodeKind::kAnd || kind == NodeKind::kAndFromRight || kind == NodeKind::kOr;
      if (!is_chain || Visited(id) != 1) return id;
      id = core_.child(core_[id], 0);
    }
  }

  bool NeedsParentheses(NodeId id) const {
    const NodeKind kind = core_[id].kind;
    switch (kind) {
      case NodeKind::kIf:
      case NodeKind::kNot:
      case NodeKind::kNegate:
      case NodeKind::kHas:
      case NodeKind::kLike:
      case NodeKind::kIs: return true;
      default: return !OperatorOf(kind).empty();
    }
  }

  void Operand(NodeId given) {
    const NodeId id = Deciding(given);
    const bool needs = NeedsParentheses(id);
    if (needs) out_ += "(";
    Print(id);
    if (needs) out_ += ")";
  }

  void Operators(NodeId id, const Node& node) {
    const auto operands = core_.children(node).first(
        GroupsToTheLeft(node.kind) ? Visited(id) : core_.children(node).size());
    const NodeId first = Deciding(operands.front());
    const bool joins = GroupsToTheLeft(node.kind) &&
                       OperatorOf(core_[first].kind) == OperatorOf(node.kind) && !IsPlainIs(first);
    if (joins) {
      Print(first);
    } else {
      Operand(first);
    }
    for (const NodeId operand : operands.subspan(1)) {
      out_ += OperatorOf(node.kind);
      Operand(operand);
    }
  }

  // Numbers below zero have parentheses wherever they are.
  void Long(const Node& node) {
    const std::string digits = std::to_string(node.number);
    out_ += node.number < 0 ? "(" + digits + ")" : digits;
  }

  void If(const Node& node, std::uint8_t branch) {
    const auto children = core_.children(node);
    out_ += "if ";
    Print(children[0]);
    out_ += " then ";
    Print(children[branch == 2 ? 2 : 1]);
    out_ += " else ";
    Print(children[branch == 1 ? 1 : 2]);
  }

  void Negate(const Node& node) {
    out_ += "-(";
    Print(core_.child(node, 0));
    out_ += ")";
  }

  void Has(const Node& node) {
    Operand(core_.child(node, 0));
    out_ += " has ";
    bool is_first = true;
    for (const NameId name : core_.names(node)) {
      out_ += (is_first ? "" : ".") + FieldName(names_[name]);
      is_first = false;
    }
  }

  void GetAttr(const Node& node) {
    Operand(core_.child(node, 0));
    const std::string_view name = names_[node.name];
    out_ += IsFieldName(name) ? "." + std::string(name) : "[" + Quoted(name) + "]";
  }

  void Is(const Node& node) {
    Operand(core_.child(node, 0));
    out_ += " is " + Name(node.name);
  }

  // Where the entity is not of the type, the rest is not looked at.
  bool IsPlainIs(NodeId id) const {
    return core_[id].kind == NodeKind::kIsIn && trace(id).visited == 1;
  }

  void IsIn(NodeId id, const Node& node) {
    if (IsPlainIs(id)) return Is(node);
    out_ += "(";
    Is(node);
    out_ += ") && (";
    Operand(core_.child(node, 0));
    out_ += " in ";
    Operand(core_.child(node, 1));
    out_ += ")";
  }

  void Method(const Node& node, std::string_view name) {
    Operand(core_.child(node, 0));
    out_ += "." + std::string(name);
    Listed(node, 1, "(", ")");
  }

  void Function(const Node& node) {
    const stdlib::FunctionInfo& info = stdlib::Functions()[static_cast<std::size_t>(node.function)];
    if (info.is_method) return Method(node, info.name);
    out_ += info.name;
    Listed(node, 0, "(", ")");
  }

  void Listed(const Node& node, std::size_t from, std::string_view open, std::string_view close) {
    out_ += open;
    const auto children = core_.children(node);
    for (std::size_t i = from; i < children.size(); ++i) {
      if (i > from) out_ += ", ";
      Print(children[i]);
    }
    out_ += close;
  }

  void Record(const Node& node) {
    out_ += "{";
    const auto names = core_.names(node);
    for (std::size_t i = 0; i < names.size(); ++i) {
      out_ += (i > 0 ? ", " : "") + FieldName(names_[names[i]]) + ": ";
      Print(core_.child(node, i));
    }
    out_ += "}";
  }

  const Core& core_;
  std::span<const Trace> traces_;
  const schema::Names& names_;
  std::string out_;
};

}  // namespace

std::string CoreText(const Core& core, std::span<const Trace> traces, const schema::Names& names,
                     NodeId id) {
  CorePrinter printer(core, traces, names);
  printer.Print(id);
  return printer.Take();
}

}  // namespace assay::validate
