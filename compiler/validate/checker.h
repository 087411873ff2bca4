// The type checker: one policy in one request environment at a time.
//
// An expression has a type, or none if one of its parts is wrong; it may be wrong and have a type
// all the same, so that checking goes on. `has` and `hasTag` earn capabilities: facts that hold
// wherever the expression was true. The rules, and where they are odd, are those of the reference.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/validate.h"
#include "compiler/schema/model.h"
#include "compiler/validate/core.h"
#include "compiler/validate/function_types.h"
#include "compiler/validate/help.h"

namespace assay::validate {

using schema::Strictness;

// Who asks what: one combination that the schema allows.
struct Environment {
  const schema::Action* action = nullptr;
  NameId principal{}, resource{};
  std::optional<NameId> principal_slot = {}, resource_slot = {};
};

using Capability = std::uint32_t;

// What all policies of one validation share.
struct Session {
  Session(const schema::Model& given, Strictness strictness);

  const schema::Model& model;
  Strictness mode;
  Types types;  // the model's, and those of expressions
  Shapes shapes;

  Capability Attribute(std::uint32_t subject, NameId attribute) {
    return Intern({0, subject, static_cast<std::uint32_t>(attribute)});
  }
  Capability Tag(std::uint32_t subject, std::uint32_t tag) { return Intern({1, subject, tag}); }

  // May an entity of type `lhs` be an entity of type `rhs`, or below one?
  bool MayBeIn(NameId lhs, NameId rhs);
  bool IsActionIn(const schema::Action& lhs, const schema::Action& rhs);

 private:
  Capability Intern(std::array<std::uint32_t, 3> key) {
    return capabilities_.try_emplace(key, static_cast<Capability>(capabilities_.size()))
        .first->second;
  }
  bool ComputeMayBeIn(NameId lhs, NameId rhs) const;

  std::map<std::array<std::uint32_t, 3>, Capability> capabilities_;
  std::map<std::pair<NameId, NameId>, bool> may_be_in_;
  std::map<const schema::Action*, std::vector<bool>> members_;  // of groups, direct or not
};

// Collects what is found in one policy, each thing once. An empty span is no place: what is found
// at several of those counts as one.
class Findings {
 public:
  explicit Findings(std::string_view policy_id);

  // The same thing counts again if `apart` is another.
  void Add(FindingKind kind, std::optional<Span> span, std::string message, std::string help = {},
           const std::string& apart = {});
  // `for policy …, ` before the message.
  void AddFor(FindingKind kind, std::optional<Span> span, const std::string& message,
              std::string help = {}, const std::string& apart = {});
  const std::string& policy() const { return shown_id_; }
  // By place.
  std::vector<Finding> Take();

 private:
  std::string policy_id_, shown_id_;
  std::set<std::string> seen_;
  std::vector<Finding> list_;
};

// How the type checker went through a node, for the check of levels.
struct Trace {
  std::optional<TypeId> type;
  std::uint32_t visited = 0;  // operands of a chain that were looked at
  std::uint8_t branch = 0;    // of an `if`: 0 both, 1 then, 2 else
};

class Checker {
 public:
  Checker(Session* session, const Core& core, Findings* findings);

  struct Outcome {
    bool passed = false;
    bool is_false = false;  // the condition can never be true here
  };
  Outcome Run(const Environment& env);
  const std::vector<Trace>& traces() const { return traces_; }

 private:
  struct Answer {
    bool ok = true;
    std::optional<TypeId> type = {};
    std::vector<Capability> capabilities = {};
  };
  // What was accessed: `attributes`, the last one first, of entities, of the context, or of
  // something else.
  struct Access {
    std::vector<NameId> attributes;
    std::optional<TypeId> entity = {};
    bool is_context = false;
  };

  // Makes capabilities known while it lives.
  class Known {
   public:
    explicit Known(Checker* checker) : checker_(*checker) {}
    ~Known() { Reset(); }
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;
    void Add(const std::vector<Capability>& capabilities);
    void Reset();

   private:
    Checker& checker_;
    std::vector<Capability> added_;
  };

  Answer Check(NodeId id);
  Answer CheckNode(NodeId id, const Node& node);
  Answer Expect(NodeId id, std::span<const TypeId> expected, HelpFor help);
  Answer Expect(NodeId id, TypeId expected, HelpFor help);
  Answer ExpectOf(NodeId id, const Answer& actual, std::span<const TypeId> expected, HelpFor help);

  // --- checker.cc
  std::optional<TypeId> TypeOfUid(const Node& node);
  TypeId TypeOfVar(cedar::Var var);
  Answer If(NodeId id, const Node& node);
  Answer And(NodeId id, const Node& node);
  Answer AndFromRight(NodeId id, const Node& node);
  static Answer JoinAnd(Answer left, Answer right);
  Answer Or(NodeId id, const Node& node);
  Answer Not(const Node& node);
  Answer Set(const Node& node);
  Answer Record(const Node& node);
  std::optional<TypeId> LubOrError(const Node& node,
                                   const std::vector<std::optional<TypeId>>& types,
                                   std::string_view context);
  void Incompatible(Span span, std::vector<TypeId> types, schema::LubFailure why,
                    std::string_view context);

  // --- checker_access.cc
  struct Lookup {
    TypeId type{};
    bool required = false;
  };
  std::optional<Lookup> FindAttribute(TypeId type, NameId name);
  std::vector<schema::Attribute> AttributesOf(TypeId type);
  bool MayHaveAttribute(TypeId type, NameId name);
  Answer GetAttr(const Node& node);
  Answer Has(const Node& node);
  Answer HasOne(const Node& node, const Answer& subject, NameId name);
  Answer HasMany(const Node& node, const Answer& subject);
  void UnsafeAttribute(const Access& access, Span span, TypeId type);
  void UnsafeOptionalAttribute(const Access& access, Span span);
  Access AccessOf(NodeId subject, std::vector<NameId> attributes) const;
  std::string AccessText(const Access& access) const;
  std::string GuardText(const Access& access) const;
  std::string AttributeChain(std::span<const NameId> attributes, bool leading_dot) const;
  std::vector<TypeId> TagTypes(TypeId entity);
  // What hasTag and getTag are asked of.
  struct Tagged {
    TypeId entity{};
    bool ok = true;  // nothing was wrong with the entity and the key
    Capability capability{};
  };
  std::optional<Tagged> CheckTagged(const Node& node);
  Answer HasTag(const Node& node);
  Answer GetTag(const Node& node);
  std::string TypesWithin(NodeId id) const;

  // --- checker_operators.cc
  Answer Equal(const Node& node);
  TypeId TypeOfEquality(NodeId left, std::optional<TypeId> left_type, NodeId right,
                        std::optional<TypeId> right_type);
  Answer EnforceStrictEquality(const Node& node, TypeId result, std::optional<TypeId> left,
                               std::optional<TypeId> right, std::string_view context);
  Answer Compare(const Node& node);
  bool IsComparable(TypeId type) const;
  Answer Arithmetic(const Node& node);
  Answer In(const Node& node, const Answer& subject);
  Answer InTyped(const Node& node, TypeId left, TypeId right);
  std::optional<EntityUid> UidOf(NodeId id) const;
  std::optional<std::vector<EntityUid>> UidsOf(NodeId id) const;
  Answer ActionIn(const EntityUid& left, const std::vector<EntityUid>& right);
  Answer Is(const Node& node);
  Answer IsOf(const Node& node, const Answer& subject);
  Answer IsIn(NodeId id, const Node& node);
  Answer Contains(const Node& node);
  Answer ContainsMany(const Node& node);
  Answer Function(const Node& node);
  bool CheckConstructor(const Node& node);

  Span SpanOf(NodeId id) const { return core_[id].span; }
  bool IsKnown(Capability capability) const {
    return capability < known_.size() && known_[capability] > 0;
  }
  bool is_strict() const { return session_.mode == Strictness::kStrict; }
  schema::TypeKind KindOf(TypeId type) const { return session_.types[type].kind; }
  void Report(FindingKind kind, Span span, const std::string& message, std::string help = {}) {
    findings_.AddFor(kind, span, message, std::move(help));
  }
  void Unexpected(Span at, std::span<const TypeId> expected, TypeId actual, std::string help);

  Session& session_;
  const Core& core_;
  const Environment* env_ = nullptr;
  Findings& findings_;
  std::vector<std::uint32_t> known_;  // how often a capability is known now
  std::vector<Trace> traces_;
};

}  // namespace assay::validate
