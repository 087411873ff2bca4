// Duplicates, and policies that another one makes pointless.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "compiler/cedar/print.h"
#include "compiler/cli/lint.h"

namespace assay::cli {

namespace {

using cedar::Ast;
using cedar::Effect;
using cedar::ExprId;
using cedar::ExprKind;
using cedar::ScopeConstraint;
using Kind = ScopeConstraint::Kind;

std::string UidText(const cedar::EntityRef& entity) {
  return std::string(entity.type) + "::\"" + std::string(entity.id) + "\"";
}

// What else matches whenever the entry does, itself first; "" is what matches everything.
std::vector<std::string> Wider(const ScopeConstraint& scope) {
  const std::string type = "is " + std::string(scope.type);
  const std::string in = scope.entities.empty() ? "" : "in " + UidText(scope.entities.front());
  switch (scope.kind) {
    case Kind::kAny: return {""};
    case Kind::kEqual: return {"=" + in, in, ""};
    case Kind::kIn: return {in, ""};
    case Kind::kIs: return {type, ""};
    case Kind::kIsIn: return {type + " " + in, type, in, ""};
    case Kind::kInAnyOf: break;
  }
  return {""};
}

// The actions by which a policy is found: all that it names, or "" if it takes every one.
std::vector<std::string> Actions(const ScopeConstraint& scope) {
  if (scope.kind == Kind::kAny) return {""};
  std::vector<std::string> out;
  for (const cedar::EntityRef& entity : scope.entities) out.push_back(UidText(entity));
  return out;
}

// Whether `wide` takes every action that `narrow` takes, as far as the text says.
bool IsWider(const ScopeConstraint& wide, const ScopeConstraint& narrow) {
  if (wide.kind == Kind::kAny) return true;
  if (narrow.kind == Kind::kAny || (wide.kind == Kind::kEqual && narrow.kind != Kind::kEqual)) {
    return false;
  }
  return std::all_of(narrow.entities.begin(), narrow.entities.end(), [&](const auto& each) {
    return std::any_of(wide.entities.begin(), wide.entities.end(), [&](const auto& other) {
      return other.type == each.type && other.id == each.id;
    });
  });
}

// What must hold, sorted.
std::vector<std::string> Clauses(const Ast& ast, const cedar::Policy& policy) {
  std::vector<std::string> out;
  const auto add = [&](auto&& self, ExprId id) -> void {
    if (ast[id].kind == ExprKind::kAnd) {
      for (const ExprId part : ast.operands(ast[id])) self(self, part);
    } else {
      out.push_back(PrintExpr(ast, id));
    }
  };
  for (const cedar::Condition& condition : policy.conditions) {
    if (condition.is_unless) {
      out.push_back("unless " + PrintExpr(ast, condition.body));
    } else {
      add(add, condition.body);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// A permit with such an annotation narrows the grants for what it permits, whatever else permits
// it: then it is not pointless.
bool ShapesGrants(const cedar::Policy& policy, const cedar::Annotation& annotation) {
  return policy.effect == Effect::kPermit && annotation.key.starts_with("grant_");
}

bool ShapesGrants(const cedar::Policy& policy) {
  return std::any_of(
      policy.annotations.begin(), policy.annotations.end(),
      [&](const cedar::Annotation& annotation) { return ShapesGrants(policy, annotation); });
}

class PairLinter {
 public:
  PairLinter(const Ast& ast, LintFindings* findings) : ast_(ast), findings_(*findings) {}

  void Run() {
    for (std::uint32_t i = 0; i < ast_.policies.size(); ++i) {
      const cedar::Policy& policy = ast_.policies[i];
      clauses_.push_back(Clauses(ast_, policy));
      shapes_grants_.push_back(ShapesGrants(policy));
      if (IsDuplicate(i) || policy.is_template()) continue;
      for (const std::string& action : Actions(policy.action)) {
        by_key_[{Wider(policy.principal).front(), action, Wider(policy.resource).front(), First(i)}]
            .push_back(i);
      }
    }
    for (std::uint32_t i = 0; i < ast_.policies.size(); ++i) {
      const cedar::Policy& policy = ast_.policies[i];
      if (!duplicate_[i] && !policy.is_template()) Check(i);
    }
  }

 private:
  std::string First(std::uint32_t i) const {
    return clauses_[i].empty() ? "" : clauses_[i].front();
  }

  void Add(LintRule rule, std::uint32_t i, const std::string& message) {
    findings_.push_back({rule, ast_.policies[i].id, ast_.policies[i].span, message});
  }

  bool IsDuplicate(std::uint32_t i) {
    cedar::Policy bare = ast_.policies[i];
    std::erase_if(bare.annotations, [&](const auto& each) { return !ShapesGrants(bare, each); });
    std::sort(bare.annotations.begin(), bare.annotations.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    const auto [known, is_new] = texts_.emplace(PrintPolicy(ast_, bare), i);
    duplicate_.push_back(!is_new);
    if (!is_new) {
      Add(LintRule::kDuplicatePolicy, i,
          "it says what `" + ast_.policies[known->second].id + "` says");
    }
    return !is_new;
  }

  // The first policy that applies whenever this one does: it asks for no other clause, and its
  // scope is wider. All its clauses are true then, so it cannot fail.
  void Check(std::uint32_t i) {
    const cedar::Policy& policy = ast_.policies[i];
    std::optional<std::uint32_t> same, forbid;
    for (const std::uint32_t other : Candidates(i)) {
      if (other == i || !Applies(other, i)) continue;
      auto& best = ast_.policies[other].effect == policy.effect ? same : forbid;
      if (!best || other < *best) best = other;
    }
    if (policy.effect == Effect::kPermit && forbid) {
      Add(LintRule::kUnreachablePolicy, i,
          "`" + ast_.policies[*forbid].id + "` forbids all that it permits");
    } else if (same) {
      Add(LintRule::kShadowedPolicy, i,
          "`" + ast_.policies[*same].id + "` applies whenever it does");
    }
  }

  // The policies whose key is wider. A wider policy names all actions that this one names, so that
  // to look for the first of them is enough.
  std::vector<std::uint32_t> Candidates(std::uint32_t i) const {
    const cedar::Policy& policy = ast_.policies[i];
    std::vector<std::string> actions = {""}, firsts = clauses_[i];
    if (!policy.action.entities.empty()) actions.push_back(UidText(policy.action.entities.front()));
    firsts.insert(firsts.begin(), "");
    std::vector<std::uint32_t> out;
    for (const std::string& principal : Wider(policy.principal)) {
      for (const std::string& resource : Wider(policy.resource)) {
        for (const std::string& action : actions) {
          AddWithKeys(principal, action, resource, firsts, &out);
        }
      }
    }
    return out;
  }

  void AddWithKeys(const std::string& principal, const std::string& action,
                   const std::string& resource, const std::vector<std::string>& firsts,
                   std::vector<std::uint32_t>* out) const {
    for (const std::string& first : firsts) {
      const auto found = by_key_.find({principal, action, resource, first});
      if (found == by_key_.end()) continue;
      out->insert(out->end(), found->second.begin(), found->second.end());
    }
  }

  bool Applies(std::uint32_t wide, std::uint32_t narrow) const {
    const bool is_same_effect = ast_.policies[wide].effect == ast_.policies[narrow].effect;
    if (is_same_effect && (shapes_grants_[wide] || shapes_grants_[narrow])) return false;
    return IsWider(ast_.policies[wide].action, ast_.policies[narrow].action) &&
           std::includes(clauses_[narrow].begin(), clauses_[narrow].end(), clauses_[wide].begin(),
                         clauses_[wide].end()) &&
           // Of two that say the same in another order the first one stays.
           (wide < narrow || !(Same(wide, narrow)));
  }
  bool Same(std::uint32_t a, std::uint32_t b) const {
    return clauses_[a] == clauses_[b] && ast_.policies[a].effect == ast_.policies[b].effect &&
           IsWider(ast_.policies[b].action, ast_.policies[a].action) &&
           Wider(ast_.policies[a].principal) == Wider(ast_.policies[b].principal) &&
           Wider(ast_.policies[a].resource) == Wider(ast_.policies[b].resource);
  }

  const Ast& ast_;
  LintFindings& findings_;
  std::vector<std::vector<std::string>> clauses_;
  std::vector<bool> duplicate_, shapes_grants_;
  std::map<std::string, std::uint32_t> texts_;
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  // By principal, action, resource and first clause.
  std::map<Key, std::vector<std::uint32_t>> by_key_;
};

}  // namespace

void LintAgainstEachOther(const Ast& ast, LintFindings* findings) {
  PairLinter(ast, findings).Run();
}

}  // namespace assay::cli
