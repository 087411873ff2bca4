#include "compiler/cli/near_miss.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "assay/evaluator.h"
#include "compiler/cedar/policy_set.h"
#include "compiler/cedar/print.h"

namespace assay::cli {

namespace {

using cedar::ExprId;
using cedar::ExprKind;
using Kind = cedar::ScopeConstraint::Kind;

constexpr std::size_t kCandidates = 20;

// A static policy, or a template and one of its links.
struct Candidate {
  const cedar::Policy* policy;
  const cedar::TemplateLink* link;
  std::vector<std::string> scope;  // the entries that do not match, as Cedar
};

std::string UidText(const cedar::EntityRef& entity) {
  return EntityUid{std::string(entity.type), std::string(entity.id)}.ToCedar();
}

// Evaluates expressions on one request. What policies say is the compiler's to decide, so each
// expression is compiled.
class Probe {
 public:
  Probe(const Entities& entities, const Request& request)
      : entities_(entities), request_(request) {}

  Result<Value> Run(const std::string& expression) {
    Sources sources;
    Diagnostics diagnostics;
    const auto program =
        CompileExpression(sources, sources.Add("clause", expression), Limits{}, &diagnostics);
    if (!program) return Error{ErrorCode::kInvalidArgument, diagnostics.Render(sources)};
    const Result<Snapshot> snapshot = Snapshot::Create(*program, entities_);
    if (!snapshot.ok()) return snapshot.error();
    return Evaluate(snapshot.value(), request_, scratch_);
  }

  bool IsTrue(const std::string& expression) {
    const Result<Value> value = Run(expression);
    return value.ok() && value.value() == Value(true);
  }

 private:
  const Entities& entities_;
  const Request& request_;
  Scratch scratch_;
};

class Finder {
 public:
  Finder(const Sources& sources, const PolicySet& policies, const Entities& entities,
         const Request& request)
      : sources_(sources),
        syntax_(policies.syntax()),
        ast_(syntax_.ast),
        probe_(entities, request) {}

  std::vector<NearMiss> Run(cedar::Effect effect, std::size_t count) {
    std::vector<Candidate> candidates = Candidates(effect);
    std::vector<NearMiss> misses;
    for (const Candidate& candidate : candidates) {
      NearMiss miss = Examine(candidate);
      if (!miss.clauses.empty()) misses.push_back(std::move(miss));
    }
    std::stable_sort(misses.begin(), misses.end(), [](const NearMiss& a, const NearMiss& b) {
      return a.clauses.size() < b.clauses.size();
    });
    if (misses.size() > count) misses.resize(count);
    return misses;
  }

 private:
  std::vector<Candidate> Candidates(cedar::Effect effect) {
    std::vector<Candidate> out;
    std::unordered_map<std::string_view, const cedar::Policy*> templates;
    for (const cedar::Policy& policy : ast_.policies) {
      if (policy.is_template()) {
        templates.emplace(policy.id, &policy);
      } else if (policy.effect == effect) {
        out.push_back({&policy, nullptr, Scope(policy, nullptr)});
      }
    }
    for (const cedar::TemplateLink& link : syntax_.links) {
      const cedar::Policy* policy = templates.at(link.template_id);
      if (policy->effect == effect) out.push_back({policy, &link, Scope(*policy, &link)});
    }
    std::stable_sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
      return a.scope.size() < b.scope.size();
    });
    if (out.size() > kCandidates) out.resize(kCandidates);
    return out;
  }

  // --- scopes

  std::vector<std::string> Scope(const cedar::Policy& policy, const cedar::TemplateLink* link) {
    std::vector<std::string> failed;
    const auto check = [&](const char* var, const cedar::ScopeConstraint& scope,
                           const std::optional<EntityUid>* value) {
      const std::string text = EntryText(var, scope, value);
      if (text.empty() || IsTrueOnce(text)) return;
      failed.push_back(text);
    };
    check("principal", policy.principal, link != nullptr ? &link->principal : nullptr);
    check("action", policy.action, nullptr);
    check("resource", policy.resource, link != nullptr ? &link->resource : nullptr);
    return failed;
  }

  // As an expression; "" if it matches everything.
  static std::string EntryText(const char* var, const cedar::ScopeConstraint& scope,
                               const std::optional<EntityUid>* value) {
    std::string entity;
    if (scope.slot != cedar::Slot::kNone && value != nullptr && *value) {
      entity = (*value)->ToCedar();
    } else if (scope.entities.size() == 1) {
      entity = UidText(scope.entities.front());
    }
    const std::string type(scope.type);
    switch (scope.kind) {
      case Kind::kAny: return "";
      case Kind::kEqual: return std::string(var) + " == " + entity;
      case Kind::kIn: return std::string(var) + " in " + entity;
      case Kind::kIs: return std::string(var) + " is " + type;
      case Kind::kIsIn: return std::string(var) + " is " + type + " in " + entity;
      case Kind::kInAnyOf: break;
    }
    std::string list;
    for (const cedar::EntityRef& one : scope.entities) {
      list += (list.empty() ? "" : ", ") + UidText(one);
    }
    return std::string(var) + " in [" + list + "]";
  }

  // Many policies say the same in their scopes.
  bool IsTrueOnce(const std::string& text) {
    const auto [found, is_new] = known_.try_emplace(text, false);
    if (is_new) found->second = probe_.IsTrue(text);
    return found->second;
  }

  // --- conditions

  NearMiss Examine(const Candidate& candidate) {
    NearMiss miss;
    miss.policy = candidate.link != nullptr ? candidate.link->new_id : candidate.policy->id;
    for (const std::string& text : candidate.scope) {
      miss.clauses.push_back({"", text, "is false", {}});
    }
    for (const cedar::Condition& condition : candidate.policy->conditions) {
      if (condition.is_unless) {
        CheckUnless(condition.body, &miss);
      } else {
        CheckWhen(condition.body, &miss);
      }
    }
    return miss;
  }

  // A chain of `&&` is looked at link by link, up to the first that says no: those behind it are
  // never asked.
  bool CheckWhen(ExprId id, NearMiss* miss) {
    if (ast_[id].kind == ExprKind::kAnd) {
      for (const ExprId part : ast_.operands(ast_[id])) {
        if (!CheckWhen(part, miss)) return false;
      }
      return true;
    }
    const Result<Value> value = probe_.Run(PrintExpr(ast_, id));
    if (value.ok() && value.value() == Value(true)) return true;
    AddClause(id, value.ok() ? "is " + value.value().ToCedar() : "fails: " + value.error().message,
              "", miss);
    return false;
  }

  void CheckUnless(ExprId id, NearMiss* miss) {
    const Result<Value> value = probe_.Run(PrintExpr(ast_, id));
    if (value.ok() && value.value() == Value(false)) return;
    AddClause(id, value.ok() ? "is " + value.value().ToCedar() : "fails: " + value.error().message,
              "unless ", miss);
  }

  void AddClause(ExprId id, std::string verdict, const std::string& before, NearMiss* miss) {
    Clause clause{Place(ast_[id].span), before + PrintExpr(ast_, id), std::move(verdict), {}};
    AddValues(id, &clause.values);
    miss->clauses.push_back(std::move(clause));
  }

  std::string Place(Span span) const {
    const LineColumn place = sources_.Locate(span.source, span.begin);
    return std::string(sources_.name(span.source)) + ":" + std::to_string(place.line) + ":" +
           std::to_string(place.column);
  }

  // The values of what is read from the request and the entities.
  void AddValues(ExprId id, std::vector<std::string>* values) {
    const cedar::Expr& e = ast_[id];
    if (e.kind == ExprKind::kAttribute || (e.kind == ExprKind::kMethod && e.text == "getTag")) {
      const std::string text = PrintExpr(ast_, id);
      const Result<Value> value = probe_.Run(text);
      if (value.ok()) {
        std::string line = text + " = " + value.value().ToCedar();
        const bool is_known = std::find(values->begin(), values->end(), line) != values->end();
        if (!is_known) values->push_back(std::move(line));
        return;
      }
    }
    for (const ExprId operand : ast_.operands(e)) AddValues(operand, values);
  }

  const Sources& sources_;
  const cedar::PolicySetSyntax& syntax_;
  const cedar::Ast& ast_;
  Probe probe_;
  std::unordered_map<std::string, bool> known_;  // entries of scopes
};

}  // namespace

std::vector<NearMiss> FindNearMisses(const Sources& sources, const PolicySet& policies,
                                     const Entities& entities, const Request& request,
                                     cedar::Effect effect, std::size_t count) {
  return Finder(sources, policies, entities, request).Run(effect, count);
}

}  // namespace assay::cli
