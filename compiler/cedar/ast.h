// The syntax tree of Cedar policies, close to the surface so that a printer can give back what was
// written: `!=`, `>`, `>=`, extended `has` and `is … in` are nodes of their own and lowered later.
//
// Nodes live in one flat pool and name each other by index; a child's index is always smaller than
// its parent's. All string views point into the Ast itself and live as long as it does, also when
// it is moved.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/source.h"

namespace assay::cedar {

enum class ExprId : std::uint32_t {};

enum class Var : std::uint8_t { kPrincipal, kAction, kResource, kContext };

enum class ExprKind : std::uint8_t {
  kBool,       // number: 0 or 1
  kLong,       // number
  kString,     // text
  kUid,        // type, text = the id
  kVar,        // var
  kIf,         // operands: condition, then, else
  kAnd,        // operands: two or more, evaluated left to right; the first is no kAnd
  kOr,         // operands: two or more; the first is no kOr
  kNot,        // operand
  kNegate,     // operand (never a literal: those are folded into kLong)
  kBinary,     // op; operands: left, right
  kHas,        // operand; names: one or more (`a has b.c` has two)
  kLike,       // operand; text = pattern, each wildcard is the byte kWildcard
  kIs,         // operand; type. `e is T in x` has x as a second operand
  kAttribute,  // operand; text. Both `e.a` and `e["a"]`
  kMethod,     // text = method name; operands: receiver, arguments. Built-in and extension methods
  kFunction,   // text = extension function name; operands: arguments
  kSet,        // operands: elements
  kRecord,     // operands: values; names: keys, in source order
};

enum class BinaryOp : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kAdd,
  kSubtract,
  kMultiply,
};

// How Cedar writes them: `principal`, `<=`.
std::string_view VariableText(Var var);
std::string_view OperatorText(BinaryOp op);
// Nothing if there is no such variable, or operator of two operands.
std::optional<Var> FindVariable(std::string_view text);
std::optional<BinaryOp> FindOperator(std::string_view text);

// Marks a wildcard inside a `like` pattern. Source text is valid UTF-8, which has no byte 0xFF.
inline constexpr char kWildcard = '\xff';

struct Expr {
  ExprKind kind = ExprKind::kBool;
  Var var = Var::kPrincipal;
  BinaryOp op = BinaryOp::kEqual;
  Span span = {};
  std::int64_t number = 0;
  std::string_view text = {};
  std::string_view type = {};
  std::uint32_t part_begin = 0, part_end = 0;          // where `type`, or the digits of kLong stand
  std::uint32_t operands_begin = 0, operands_end = 0;  // into Ast::operand_pool
  std::uint32_t names_begin = 0, names_end = 0;        // into Ast::name_pool
};

struct EntityRef {
  std::string_view type;  // normalised: `A::B`, no white space
  std::string_view id;    // unescaped
  Span span = {};
  Span type_span = {};
};

enum class Slot : std::uint8_t { kNone, kPrincipal, kResource };

// One of the three scope entries.
struct ScopeConstraint {
  enum class Kind : std::uint8_t {
    kAny,      // `principal`
    kEqual,    // `== E` or `== ?slot`
    kIn,       // `in E` or `in ?slot`
    kIs,       // `is T`
    kIsIn,     // `is T in E` or `is T in ?slot`
    kInAnyOf,  // `in [E, …]`, action only; may be empty
  };
  Kind kind = Kind::kAny;
  Slot slot = Slot::kNone;  // set: the entity comes from the link
  std::string_view type;    // kIs, kIsIn
  Span type_span = {};
  std::vector<EntityRef> entities;  // exactly one unless kAny, kIs, kInAnyOf or a slot
  Span span = {};
};

struct Annotation {
  std::string_view key;
  std::string_view value;  // "" when absent
  bool has_value = false;
  Span span = {};
};

struct Condition {
  bool is_unless = false;
  ExprId body{};
  Span span = {};
};

enum class Effect : std::uint8_t { kPermit, kForbid };

// A static policy, or a template when it has a slot.
struct Policy {
  std::string id;
  Effect effect = Effect::kPermit;
  std::vector<Annotation> annotations;
  ScopeConstraint principal, action, resource;
  std::vector<Condition> conditions;
  Span span = {};

  bool is_template() const { return principal.slot != Slot::kNone || resource.slot != Slot::kNone; }
  // nullptr when the policy has no annotation of that name.
  const Annotation* FindAnnotation(std::string_view key) const;
};

// Everything parsed from any number of sources.
struct Ast {
  std::vector<Policy> policies;
  std::vector<Span> comments;  // in source order, without the line break; for the formatter

  const Expr& operator[](ExprId id) const { return exprs[static_cast<std::uint32_t>(id)]; }
  std::span<const ExprId> operands(const Expr& e) const {
    return {operand_pool.data() + e.operands_begin, operand_pool.data() + e.operands_end};
  }
  ExprId operand(const Expr& e, std::uint32_t i) const {
    return operand_pool[e.operands_begin + i];
  }
  std::span<const std::string_view> names(const Expr& e) const {
    return {name_pool.data() + e.names_begin, name_pool.data() + e.names_end};
  }
  // Keeps `text` alive as long as the Ast.
  std::string_view Keep(std::string text) { return strings.emplace_back(std::move(text)); }

  std::vector<Expr> exprs;
  std::vector<ExprId> operand_pool;
  std::vector<std::string_view> name_pool;
  std::deque<std::string> strings;
};

}  // namespace assay::cedar
