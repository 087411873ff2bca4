// Logic, literals and collections.
#include "compiler/validate/checker.h"

#include <algorithm>
#include <iterator>

#include "engine/base/names.h"

namespace assay::validate {

Checker::Checker(Session* session, const Core& core, Findings* findings)
    : session_(*session), core_(core), findings_(*findings) {}

Checker::Outcome Checker::Run(const Environment& env) {
  env_ = &env;
  traces_.assign(core_.nodes.size(), {});
  const Answer answer = Expect(core_.root, Types::kBool, NoHelp);
  return {answer.ok, answer.type == Types::kFalse};
}

void Checker::Known::Reset() {
  for (const Capability capability : added_) --checker_.known_[capability];
  added_.clear();
}

void Checker::Known::Add(const std::vector<Capability>& capabilities) {
  for (const Capability capability : capabilities) {
    if (capability >= checker_.known_.size()) checker_.known_.resize(capability + 1);
    added_.push_back(capability);
    ++checker_.known_[capability];
  }
}

// --- expectations

Checker::Answer Checker::Expect(NodeId id, TypeId expected, HelpFor help) {
  return ExpectOf(id, Check(id), std::span(&expected, 1), help);
}

Checker::Answer Checker::Expect(NodeId id, std::span<const TypeId> expected, HelpFor help) {
  return ExpectOf(id, Check(id), expected, help);
}

// Permissive in both modes, because `{}` and "any entity" stand for what may be wider.
Checker::Answer Checker::ExpectOf(NodeId id, const Answer& actual, std::span<const TypeId> expected,
                                  HelpFor help) {
  if (!actual.type) return {false, std::nullopt, {}};
  const bool fits = std::any_of(expected.begin(), expected.end(), [&](TypeId type) {
    return session_.types.IsSubtype(*actual.type, type, Strictness::kPermissive);
  });
  if (fits) return actual;
  Unexpected(SpanOf(id), expected, *actual.type, std::string(HelpText(help(KindOf(*actual.type)))));
  traces_[static_cast<std::size_t>(id)].type.reset();
  return {false, std::nullopt, {}};
}

void Checker::Unexpected(Span at, std::span<const TypeId> expected, TypeId actual,
                         std::string help) {
  std::string message = "unexpected type: expected ";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i > 0) message += ", or ";
    message += session_.types.Text(expected[i]);
  }
  Report(FindingKind::kUnexpectedType, at, message + " but saw " + session_.types.Text(actual),
         std::move(help));
}

// --- expressions

Checker::Answer Checker::Check(NodeId id) {
  Answer answer = CheckNode(id, core_[id]);
  if (!answer.ok) answer.capabilities.clear();
  traces_[static_cast<std::size_t>(id)].type = answer.type;
  return answer;
}

Checker::Answer Checker::CheckNode(NodeId id, const Node& node) {
  switch (node.kind) {
    case NodeKind::kBool: return {true, Types::Singleton(node.number != 0)};
    case NodeKind::kLong: return {true, Types::kLong};
    case NodeKind::kString: return {true, Types::kString};
    case NodeKind::kUid: {
      // An unknown entity type or action is reported apart from this.
      const auto type = TypeOfUid(node);
      return {type.has_value(), type};
    }
    case NodeKind::kVar: return {true, TypeOfVar(node.var)};
    case NodeKind::kSlot: {
      const auto& slot =
          node.slot == cedar::Slot::kPrincipal ? env_->principal_slot : env_->resource_slot;
      return {true, slot ? session_.types.Entity(*slot) : Types::kAnyEntity};
    }
    case NodeKind::kIf: return If(id, node);
    case NodeKind::kAnd: return And(id, node);
    case NodeKind::kAndFromRight: return AndFromRight(id, node);
    case NodeKind::kOr: return Or(id, node);
    case NodeKind::kNot: return Not(node);
    case NodeKind::kNegate: {
      const Answer operand = Expect(core_.child(node, 0), Types::kLong, NoHelp);
      return {operand.ok, Types::kLong};
    }
    case NodeKind::kIsEmpty: {
      const Answer operand = Expect(core_.child(node, 0), Types::kAnySet, HelpForIsEmpty);
      return {operand.ok, Types::kBool};
    }
    case NodeKind::kEqual: return Equal(node);
    case NodeKind::kLess:
    case NodeKind::kLessEqual: return Compare(node);
    case NodeKind::kAdd:
    case NodeKind::kSubtract:
    case NodeKind::kMultiply: return Arithmetic(node);
    case NodeKind::kIn: return In(node, Check(core_.child(node, 0)));
    case NodeKind::kContains: return Contains(node);
    case NodeKind::kContainsAll:
    case NodeKind::kContainsAny: return ContainsMany(node);
    case NodeKind::kHasTag: return HasTag(node);
    case NodeKind::kGetTag: return GetTag(node);
    case NodeKind::kHas: return Has(node);
    case NodeKind::kGetAttr: return GetAttr(node);
    case NodeKind::kLike: {
      const Answer operand = Expect(core_.child(node, 0), Types::kString, HelpForLike);
      return {operand.ok, Types::kBool};
    }
    case NodeKind::kIs: return Is(node);
    case NodeKind::kIsIn: return IsIn(id, node);
    case NodeKind::kFunction: return Function(node);
    case NodeKind::kSet: return Set(node);
    case NodeKind::kRecord: return Record(node);
  }
  return {false, std::nullopt};
}

std::optional<TypeId> Checker::TypeOfUid(const Node& node) {
  const std::string_view type = session_.types.names()[node.name];
  const bool is_known =
      IsActionType(type)
          ? session_.model.FindAction({std::string(type), std::string(node.text)}) != nullptr
          : session_.model.FindEntityType(node.name) != nullptr;
  if (!is_known) return std::nullopt;
  return session_.types.Entity(node.name);
}

TypeId Checker::TypeOfVar(cedar::Var var) {
  switch (var) {
    case cedar::Var::kPrincipal: return session_.types.Entity(env_->principal);
    case cedar::Var::kAction: return session_.types.Entity(env_->action->type);
    case cedar::Var::kResource: return session_.types.Entity(env_->resource);
    case cedar::Var::kContext: break;
  }
  return env_->action->context;
}

// A constant condition leaves one branch, and the other may be anything.
Checker::Answer Checker::If(NodeId id, const Node& node) {
  const auto children = core_.children(node);
  const Answer test = Expect(children[0], Types::kBool, NoHelp);
  if (test.type == Types::kTrue || test.type == Types::kFalse) {
    const bool taken = test.type == Types::kTrue;
    traces_[static_cast<std::size_t>(id)].branch = taken ? 1 : 2;
    Known known(this);
    if (taken) known.Add(test.capabilities);
    Answer branch = Check(children[taken ? 1 : 2]);
    branch.ok = branch.ok && test.ok;
    if (taken) {
      branch.capabilities.insert(branch.capabilities.end(), test.capabilities.begin(),
                                 test.capabilities.end());
    }
    return branch;
  }
  Answer then;
  {
    Known known(this);
    known.Add(test.capabilities);
    then = Check(children[1]);
  }
  if (then.ok) {
    then.capabilities.insert(then.capabilities.end(), test.capabilities.begin(),
                             test.capabilities.end());
  }
  Answer otherwise = Check(children[2]);
  const auto lub = LubOrError(node, {then.type, otherwise.type}, "both branches of a conditional");
  Answer answer{test.ok && then.ok && otherwise.ok && lub.has_value(), lub, {}};
  std::sort(then.capabilities.begin(), then.capabilities.end());
  std::sort(otherwise.capabilities.begin(), otherwise.capabilities.end());
  std::set_intersection(then.capabilities.begin(), then.capabilities.end(),
                        otherwise.capabilities.begin(), otherwise.capabilities.end(),
                        std::back_inserter(answer.capabilities));
  return answer;
}

// The answer of `left && right`, where left is not False. It takes what is left of `left`.
Checker::Answer Checker::JoinAnd(Answer left, Answer right) {
  Answer answer{left.ok && right.ok, Types::kBool, {}};
  if (left.type && right.type == Types::kFalse) {
    answer.type = Types::kFalse;
    return answer;
  }
  if (!left.type || !right.type) {
    answer.ok = false;
    return answer;
  }
  if (right.type == Types::kTrue) {
    answer.type = left.type;
  } else if (left.type == Types::kTrue) {
    // What the left side earned is lost here. That makes no sense, but it is what the reference
    // does: it joins the right side's capabilities with themselves.
    answer.type = right.type;
    answer.capabilities = std::move(right.capabilities);
    return answer;
  }
  // The fewer go to the more, so that a long chain takes no longer than its length asks for.
  if (left.capabilities.size() < right.capabilities.size()) std::swap(left, right);
  answer.capabilities = std::move(left.capabilities);
  answer.capabilities.insert(answer.capabilities.end(), right.capabilities.begin(),
                             right.capabilities.end());
  return answer;
}

Checker::Answer Checker::And(NodeId id, const Node& node) {
  const auto children = core_.children(node);
  std::uint32_t& visited = traces_[static_cast<std::size_t>(id)].visited;
  Answer so_far = Expect(children[0], Types::kBool, NoHelp);
  Known known(this);
  known.Add(so_far.capabilities);
  for (visited = 1; visited < children.size(); ++visited) {
    // `false && x` is false whatever x is, also when it is ill-typed.
    if (so_far.type == Types::kFalse) {
      so_far.capabilities.clear();
      return so_far;
    }
    const Answer right = Expect(children[visited], Types::kBool, NoHelp);
    // Capabilities that were lost must not be known further on.
    const bool loses = so_far.type == Types::kTrue && right.type && right.type != Types::kTrue;
    so_far = JoinAnd(std::move(so_far), right);
    if (!so_far.ok) so_far.capabilities.clear();
    if (loses || !so_far.ok || so_far.type == Types::kFalse) {
      known.Reset();
      known.Add(so_far.capabilities);
    } else {
      known.Add(right.capabilities);
    }
  }
  return so_far;
}

// All operands of a, b, c, … in a && (b && (c && …)): each knows what those before it earned. There
// may be very many, so there is no recursion.
Checker::Answer Checker::AndFromRight(NodeId id, const Node& node) {
  const auto children = core_.children(node);
  std::uint32_t& visited = traces_[static_cast<std::size_t>(id)].visited;
  std::vector<Answer> answers;
  Known known(this);
  for (visited = 0; visited < children.size();) {
    answers.push_back(Expect(children[visited], Types::kBool, NoHelp));
    ++visited;
    if (answers.back().type == Types::kFalse) break;
    known.Add(answers.back().capabilities);
  }
  Answer result = std::move(answers.back());
  answers.pop_back();
  if (result.type == Types::kFalse) result.capabilities.clear();
  while (!answers.empty()) {
    if (!result.ok) result.capabilities.clear();
    result = JoinAnd(std::move(answers.back()), std::move(result));
    answers.pop_back();
  }
  return result;
}

Checker::Answer Checker::Or(NodeId id, const Node& node) {
  const auto children = core_.children(node);
  std::uint32_t& visited = traces_[static_cast<std::size_t>(id)].visited;
  Answer so_far = Expect(children[0], Types::kBool, NoHelp);
  for (visited = 1; visited < children.size(); ++visited) {
    if (so_far.type == Types::kTrue) return so_far;
    const Answer right = Expect(children[visited], Types::kBool, NoHelp);
    Answer answer{so_far.ok && right.ok, Types::kBool, {}};
    if (!so_far.type || !right.type) {
      answer.ok = false;
    } else if (right.type == Types::kTrue) {
      answer.type = Types::kTrue;
      answer.capabilities = right.capabilities;
    } else if (right.type == Types::kFalse) {
      answer.type = so_far.type;
      answer.capabilities = so_far.capabilities;
    } else if (so_far.type == Types::kFalse) {
      answer.type = right.type;
      answer.capabilities = right.capabilities;
    } else {
      std::vector<Capability> a = so_far.capabilities, b = right.capabilities;
      std::sort(a.begin(), a.end());
      std::sort(b.begin(), b.end());
      std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                            std::back_inserter(answer.capabilities));
    }
    if (!answer.ok) answer.capabilities.clear();
    so_far = std::move(answer);
  }
  return so_far;
}

Checker::Answer Checker::Not(const Node& node) {
  const Answer operand = Expect(core_.child(node, 0), Types::kBool, NoHelp);
  if (!operand.type) return {false, Types::kBool};
  if (operand.type == Types::kTrue) return {operand.ok, Types::kFalse};
  if (operand.type == Types::kFalse) return {operand.ok, Types::kTrue};
  return {operand.ok, Types::kBool};
}

Checker::Answer Checker::Set(const Node& node) {
  bool ok = true;
  std::vector<std::optional<TypeId>> types;
  for (const NodeId child : core_.children(node)) {
    const Answer element = Check(child);
    ok = ok && element.ok;
    types.push_back(element.type);
  }
  const auto lub = LubOrError(node, types, "elements of a set");
  if (types.empty() && is_strict()) {
    Report(FindingKind::kEmptySetForbidden, node.span,
           "empty set literals are forbidden in policies");
    return {false, std::nullopt};
  }
  if (!lub) return {false, std::nullopt};
  return {ok, session_.types.Set(*lub)};
}

Checker::Answer Checker::Record(const Node& node) {
  bool ok = true, typed = true;
  const auto names = core_.names(node);
  std::vector<schema::Attribute> attributes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Answer value = Check(core_.child(node, i));
    ok = ok && value.ok;
    typed = typed && value.type.has_value();
    if (value.type) attributes.push_back({names[i], *value.type, true});
  }
  if (!typed) return {false, std::nullopt};
  return {ok, session_.types.Record(std::move(attributes))};
}

// --- least upper bounds

std::optional<TypeId> Checker::LubOrError(const Node& node,
                                          const std::vector<std::optional<TypeId>>& types,
                                          std::string_view context) {
  std::vector<TypeId> given;
  for (const auto& type : types) {
    if (!type) return std::nullopt;
    given.push_back(*type);
  }
  TypeId lub = Types::kNever;
  for (const TypeId type : given) {
    const schema::Lub next = session_.types.LeastUpperBound(lub, type, session_.mode);
    if (const auto* why = std::get_if<schema::LubFailure>(&next)) {
      Incompatible(node.span, std::move(given), *why, context);
      return std::nullopt;
    }
    lub = std::get<TypeId>(next);
  }
  return lub;
}

void Checker::Incompatible(Span span, std::vector<TypeId> types, schema::LubFailure why,
                           std::string_view context) {
  std::sort(types.begin(), types.end(),
            [&](TypeId a, TypeId b) { return session_.types.Compare(a, b) < 0; });
  types.erase(std::unique(types.begin(), types.end()), types.end());
  std::string message = "the types ";
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i > 0) message += types.size() > 2 ? ", " : " ";
    if (i > 0 && i + 1 == types.size()) message += "and ";
    message += session_.types.Text(types[i]);
  }
  findings_.Add(FindingKind::kIncompatibleTypes, span, message + " are not compatible",
                "for policy `" + findings_.policy() + "`, " + std::string(context) +
                    " must have compatible types. " + std::string(LubHelp(why)));
}

}  // namespace assay::validate
