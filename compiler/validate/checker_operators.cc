// Comparison, arithmetic, membership and functions.
#include <algorithm>
#include <array>

#include "compiler/schema/fragment.h"
#include "compiler/validate/checker.h"
#include "engine/base/escape.h"
#include "engine/base/names.h"
#include "stdlib/types/datetime.h"
#include "stdlib/types/decimal.h"
#include "stdlib/types/duration.h"
#include "stdlib/types/ipaddr.h"

namespace assay::validate {

using schema::TypeKind;

namespace {

constexpr TypeId kComparable[] = {Types::ExtensionType(schema::Extension::kDatetime),
                                  Types::ExtensionType(schema::Extension::kDuration), Types::kLong};

bool IsLiteral(const Node& node) {
  return node.kind == NodeKind::kBool || node.kind == NodeKind::kLong ||
         node.kind == NodeKind::kString || node.kind == NodeKind::kUid;
}

// What a constructor cannot read its text as, and what it could; nothing if it can.
struct Unreadable {
  std::string_view as;
  std::string_view help;
};

std::optional<Unreadable> ReadAsIp(std::string_view text) {
  IpAddr ip;
  if (stdlib::ParseIp(text, &ip) == stdlib::IpError::kNone) return std::nullopt;
  return Unreadable{"IP address",
                    "valid IP strings are IPv4/IPv6 addresses or CIDR ranges like `127.0.0.1`, "
                    "`127.0.0.1/24`, or `ffee::/64`"};
}

std::optional<Unreadable> ReadAsDecimal(std::string_view text) {
  constexpr std::string_view kAs = "a decimal value";
  std::int64_t number = 0;
  switch (stdlib::ParseDecimal(text, &number)) {
    case stdlib::DecimalError::kNone: return std::nullopt;
    case stdlib::DecimalError::kTooManyDigits:
      return Unreadable{kAs, "at most 4 digits are supported"};
    case stdlib::DecimalError::kOverflow:
      return Unreadable{kAs,
                        "the value must be in range -922337203685477.5808 to 922337203685477.5807"};
    default:
      return Unreadable{kAs,
                        "valid decimal strings look like `12.34`: digits are required on both "
                        "sides of `.`, up to 4 fractional digits are allowed, and the value must "
                        "be in range -922337203685477.5808 to 922337203685477.5807"};
  }
}

std::optional<Unreadable> ReadAsDatetime(std::string_view text) {
  std::int64_t number = 0;
  if (stdlib::ParseDatetime(text, &number) == stdlib::DatetimeError::kNone) return std::nullopt;
  return Unreadable{"a datetime value",
                    "valid datetime strings start with `YYYY-MM-DD` and may optionally include "
                    "`THH:MM:SS` plus `Z`, `.SSSZ`, or an offset like `+0700`"};
}

std::optional<Unreadable> ReadAsDuration(std::string_view text) {
  std::int64_t number = 0;
  if (stdlib::ParseDuration(text, &number) == stdlib::DurationError::kNone) return std::nullopt;
  return Unreadable{"a duration value",
                    "valid duration strings are concatenated quantity-unit pairs with an optional "
                    "leading `-`, for example `1d2h3m4s50ms`"};
}

std::optional<Unreadable> ReadAs(stdlib::FunctionId constructor, std::string_view text) {
  switch (constructor) {
    case stdlib::FunctionId::kIp: return ReadAsIp(text);
    case stdlib::FunctionId::kDecimal: return ReadAsDecimal(text);
    case stdlib::FunctionId::kDatetime: return ReadAsDatetime(text);
    case stdlib::FunctionId::kDuration: return ReadAsDuration(text);
    default: return std::nullopt;
  }
}

}  // namespace

// --- equality

Checker::Answer Checker::Equal(const Node& node) {
  const NodeId left = core_.child(node, 0), right = core_.child(node, 1);
  const Answer a = Check(left), b = Check(right);
  const TypeId type = TypeOfEquality(left, a.type, right, b.type);
  Answer answer{true, type};
  if (is_strict()) {
    answer =
        EnforceStrictEquality(node, type, a.type, b.type, "both operands to a `==` expression");
  }
  answer.ok = answer.ok && a.ok && b.ok;
  return answer;
}

// Entities of different types differ, and literals can be compared here and now.
TypeId Checker::TypeOfEquality(NodeId left, std::optional<TypeId> left_type, NodeId right,
                               std::optional<TypeId> right_type) {
  if (left_type && right_type && KindOf(*left_type) == TypeKind::kEntity &&
      KindOf(*right_type) == TypeKind::kEntity) {
    const auto& a = session_.types[*left_type].entities;
    const auto& b = session_.types[*right_type].entities;
    const bool overlap = std::any_of(a.begin(), a.end(), [&](NameId name) {
      return std::find(b.begin(), b.end(), name) != b.end();
    });
    if (!overlap) return Types::kFalse;
  }
  const auto left_uid = UidOf(left), right_uid = UidOf(right);
  const bool both_literal =
      (left_uid || IsLiteral(core_[left])) && (right_uid || IsLiteral(core_[right]));
  if (!both_literal) return Types::kBool;
  if (left_uid || right_uid) return Types::Singleton(left_uid == right_uid);
  return Types::Singleton(core_[left].shape == core_[right].shape);
}

Checker::Answer Checker::EnforceStrictEquality(const Node& node, TypeId result,
                                               std::optional<TypeId> left,
                                               std::optional<TypeId> right,
                                               std::string_view context) {
  if (result == Types::kTrue || result == Types::kFalse || !left || !right) return {true, result};
  const schema::Lub lub = session_.types.LeastUpperBound(*left, *right, session_.mode);
  const auto* why = std::get_if<schema::LubFailure>(&lub);
  if (why == nullptr) return {true, result};
  Incompatible(node.span, {*left, *right}, *why, context);
  return {false, result};
}

// --- order and arithmetic

bool Checker::IsComparable(TypeId type) const {
  return std::find(std::begin(kComparable), std::end(kComparable), type) != std::end(kComparable);
}

Checker::Answer Checker::Compare(const Node& node) {
  const NodeId left = core_.child(node, 0), right = core_.child(node, 1);
  const Answer a = Check(left), b = Check(right);
  if (!a.type || !b.type) return {false, Types::kBool};
  const TypeId x = *a.type, y = *b.type;
  const auto fail = [&](NodeId at, std::span<const TypeId> expected, TypeId actual) -> Answer {
    Unexpected(SpanOf(at), expected, actual, "");
    return {false, Types::kBool};
  };
  const auto fail_one = [&](NodeId at, TypeId expected, TypeId actual) {
    return fail(at, std::span(&expected, 1), actual);
  };
  if (x == Types::kNever && y == Types::kNever) return {false, Types::kBool};
  if (x == Types::kNever) {
    return IsComparable(y) ? Answer{a.ok && b.ok, Types::kBool} : fail(right, kComparable, y);
  }
  if (y == Types::kNever) {
    return IsComparable(x) ? Answer{a.ok && b.ok, Types::kBool} : fail(left, kComparable, x);
  }
  if (x == y && IsComparable(x)) return {a.ok && b.ok, Types::kBool};
  if (x == Types::kLong) return fail_one(right, Types::kLong, y);
  if (y == Types::kLong) return fail_one(left, Types::kLong, x);
  if (IsComparable(x)) return fail_one(right, x, y);
  if (IsComparable(y)) return fail_one(left, y, x);
  fail(left, kComparable, x);
  return fail(right, kComparable, y);
}

Checker::Answer Checker::Arithmetic(const Node& node) {
  const HelpFor help = node.kind == NodeKind::kAdd ? HelpForAdd : HelpForArithmetic;
  const Answer a = Expect(core_.child(node, 0), Types::kLong, help);
  const Answer b = Expect(core_.child(node, 1), Types::kLong, help);
  return {a.ok && b.ok, Types::kLong};
}

// --- in

// The entity that an expression names: a literal, or the environment's action.
std::optional<EntityUid> Checker::UidOf(NodeId id) const {
  const Node& node = core_[id];
  if (node.kind == NodeKind::kUid) {
    return EntityUid{std::string(session_.types.names()[node.name]), std::string(node.text)};
  }
  if (node.kind == NodeKind::kVar && node.var == cedar::Var::kAction) return env_->action->uid;
  return std::nullopt;
}

std::optional<std::vector<EntityUid>> Checker::UidsOf(NodeId id) const {
  if (auto uid = UidOf(id)) return std::vector<EntityUid>{*uid};
  if (core_[id].kind != NodeKind::kSet) return std::nullopt;
  std::vector<EntityUid> uids;
  for (const NodeId child : core_.children(core_[id])) {
    auto uid = UidOf(child);
    if (!uid) return std::nullopt;
    uids.push_back(std::move(*uid));
  }
  return uids;
}

// `subject` is the answer for the first child, which may stand for two expressions in IsIn.
Checker::Answer Checker::In(const Node& node, const Answer& subject) {
  const NodeId left = core_.child(node, 0), right = core_.child(node, 1);
  const TypeId any_entity = Types::kAnyEntity;
  const std::array<TypeId, 2> targets = {session_.types.Set(Types::kAnyEntity), Types::kAnyEntity};
  const Answer a = ExpectOf(left, subject, std::span(&any_entity, 1), HelpForInSubject);
  const Answer b = Expect(right, targets, HelpForInTarget);
  if (!a.ok || !b.ok) return {false, Types::kBool};
  const auto uid = UidOf(left);
  if (uid && IsActionType(uid->type)) {
    if (const auto uids = UidsOf(right)) return ActionIn(*uid, *uids);
  }
  return InTyped(node, *a.type, *b.type);
}

Checker::Answer Checker::InTyped(const Node&, TypeId left, TypeId right) {
  if (KindOf(right) == TypeKind::kSet) right = session_.types[right].element;
  if (KindOf(left) != TypeKind::kEntity || KindOf(right) != TypeKind::kEntity) {
    return {true, Types::kBool};
  }
  const std::vector<NameId>& from = session_.types[left].entities;
  const std::vector<NameId>& to = session_.types[right].entities;
  const bool possible = std::any_of(from.begin(), from.end(), [&](NameId lhs) {
    return std::any_of(to.begin(), to.end(),
                       [&](NameId rhs) { return session_.MayBeIn(lhs, rhs); });
  });
  return {true, possible ? Types::kBool : Types::kFalse};
}

// The hierarchy of actions is all in the schema. An action is never in what is no action.
Checker::Answer Checker::ActionIn(const EntityUid& left, const std::vector<EntityUid>& right) {
  const schema::Action* action = session_.model.FindAction(left);
  bool found = false;
  for (const EntityUid& uid : right) {
    if (!IsActionType(uid.type)) continue;
    const schema::Action* target = session_.model.FindAction(uid);
    if (target == nullptr || action == nullptr) return {false, Types::kBool};
    found = found || session_.IsActionIn(*action, *target);
  }
  return {true, Types::Singleton(found)};
}

// --- is

Checker::Answer Checker::Is(const Node& node) { return IsOf(node, Check(core_.child(node, 0))); }

Checker::Answer Checker::IsOf(const Node& node, const Answer& subject) {
  const TypeId any_entity = Types::kAnyEntity;
  const Answer actual =
      ExpectOf(core_.child(node, 0), subject, std::span(&any_entity, 1), HelpForIs);
  if (!actual.type) return {false, Types::kBool};
  const schema::Type& type = session_.types[*actual.type];
  if (type.kind == TypeKind::kAnyEntity) return {actual.ok, Types::kBool};
  if (type.kind != TypeKind::kEntity) return {false, Types::kBool};
  if (std::find(type.entities.begin(), type.entities.end(), node.name) == type.entities.end()) {
    return {actual.ok, Types::kFalse};
  }
  return {actual.ok, type.entities.size() == 1 ? Types::kTrue : Types::kBool};
}

// `e is T in x` is `e is T && e in x`. The first earns nothing, so that `e` is the same in both and
// need not be looked at twice.
Checker::Answer Checker::IsIn(NodeId id, const Node& node) {
  const Answer subject = Check(core_.child(node, 0));
  const auto type = subject.type;
  Answer is = IsOf(node, subject);
  std::uint32_t& visited = traces_[static_cast<std::size_t>(id)].visited;
  visited = 1;
  if (is.type == Types::kFalse) return is;
  visited = 2;
  traces_[static_cast<std::size_t>(core_.child(node, 0))].type = type;
  return JoinAnd(is, In(node, subject));
}

// --- sets

Checker::Answer Checker::Contains(const Node& node) {
  const Answer set = Expect(core_.child(node, 0), Types::kAnySet, HelpForContainer);
  const Answer element = Check(core_.child(node, 1));
  Answer answer{true, Types::kBool};
  if (is_strict()) {
    std::optional<TypeId> element_type;
    if (set.type && KindOf(*set.type) == TypeKind::kSet) {
      element_type = session_.types[*set.type].element;
    }
    answer = EnforceStrictEquality(
        node, Types::kBool, element_type, element.type,
        "elements of the first operand and the second operand to a `contains` expression");
  }
  answer.ok = answer.ok && set.ok && element.ok;
  return answer;
}

Checker::Answer Checker::ContainsMany(const Node& node) {
  const Answer set = Expect(core_.child(node, 0), Types::kAnySet, HelpForContainer);
  const Answer other = Expect(core_.child(node, 1), Types::kAnySet, HelpForContained);
  Answer answer{true, Types::kBool};
  if (is_strict()) {
    answer = EnforceStrictEquality(
        node, Types::kBool, set.type, other.type,
        "elements of both set operands to a `containsAll` or `containsAny` expression");
  }
  answer.ok = answer.ok && set.ok && other.ok;
  return answer;
}

// --- functions

// A constructor's text is read here already, so that a policy that always fails is found.
bool Checker::CheckConstructor(const Node& node) {
  bool ok = true;
  const auto children = core_.children(node);
  if (children.size() == 1 && core_[children[0]].kind == NodeKind::kString) {
    const std::string_view text = core_[children[0]].text;
    if (const auto unreadable = ReadAs(node.function, text)) {
      Report(FindingKind::kFunctionArgumentValidation, node.span,
             "error during extension function argument validation: failed to parse as " +
                 std::string(unreadable->as) + ": `\"" + EscapeText(text) + "\"`",
             std::string(unreadable->help));
      ok = false;
    }
  }
  const bool all_literal = std::all_of(children.begin(), children.end(),
                                       [&](NodeId child) { return IsLiteral(core_[child]); });
  if (is_strict() && !all_literal) {
    Report(FindingKind::kNonLitExtConstructor, node.span,
           "extension constructors may not be called with non-literal expressions",
           "consider applying extension constructors inside attribute values when constructing "
           "entity or context data");
    ok = false;
  }
  return ok;
}

Checker::Answer Checker::Function(const Node& node) {
  const stdlib::FunctionInfo& info = stdlib::Functions()[static_cast<std::size_t>(node.function)];
  const FunctionType& type = TypeOfFunction(node.function);
  const auto children = core_.children(node);
  bool ok = true;
  if (children.size() != type.arguments.size()) {
    Report(FindingKind::kWrongNumberArguments, node.span,
           "wrong number of arguments in extension function application. Expected " +
               std::to_string(type.arguments.size()) + ", got " + std::to_string(children.size()));
    ok = false;
  }
  if (!info.is_method) ok = CheckConstructor(node) && ok;
  if (!ok) {
    for (const NodeId child : children) Check(child);
    return {false, type.result};
  }
  for (std::size_t i = 0; i < children.size(); ++i) {
    ok = Expect(children[i], type.arguments[i], NoHelp).ok && ok;
  }
  return {ok, type.result};
}

}  // namespace assay::validate
