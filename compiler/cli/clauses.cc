#include "compiler/cli/clauses.h"

#include <algorithm>
#include <utility>

#include "compiler/cedar/print.h"
#include "engine/bytecode/program_parts.h"

namespace assay::cli {

namespace {

using cedar::ExprId;
using cedar::ExprKind;
using Kind = cedar::ScopeConstraint::Kind;

// In the order of their requirements: emit.cc takes a `when` apart in the same way.
void AddParts(const cedar::Ast& ast, ExprId id, std::size_t condition,
              std::vector<ClauseCode>* clauses) {
  if (ast[id].kind != ExprKind::kAnd) {
    clauses->push_back({id, false, condition, 0});
    return;
  }
  for (const ExprId part : ast.operands(ast[id])) AddParts(ast, part, condition, clauses);
}

std::vector<ClauseCode> ClausesOf(const cedar::Ast& ast, const cedar::Policy& policy,
                                  const bc::ProgramParts& parts, const bc::Rule& rule) {
  std::vector<ClauseCode> clauses;
  for (std::size_t i = 0; i < policy.conditions.size(); ++i) {
    const cedar::Condition& condition = policy.conditions[i];
    if (condition.is_unless) {
      clauses.push_back({condition.body, true, i, 0});
    } else {
      AddParts(ast, condition.body, i, &clauses);
    }
  }
  const bc::Body& body = parts.bodies[rule.body];
  std::size_t clause = 0;
  for (std::uint32_t at = body.begin; at < body.end && clause < clauses.size(); ++at) {
    const bc::Op op = parts.code[at].op;
    if (op != bc::Op::kRequire && op != bc::Op::kRequireNot) continue;
    clauses[clause++].requirement = at - body.begin;
  }
  return clauses;
}

std::string UidText(const cedar::EntityRef& entity) {
  return EntityUid{std::string(entity.type), std::string(entity.id)}.ToCedar();
}

// As an expression; "" if it matches everything.
std::string EntryText(const char* variable, const cedar::ScopeConstraint& scope,
                      const std::optional<EntityUid>* value) {
  std::string entity;
  if (scope.slot != cedar::Slot::kNone && value != nullptr && *value) {
    entity = (*value)->ToCedar();
  } else if (scope.entities.size() == 1) {
    entity = UidText(scope.entities.front());
  }
  const std::string type(scope.type);
  const std::string before = variable;
  switch (scope.kind) {
    case Kind::kAny: return "";
    case Kind::kEqual: return before + " == " + entity;
    case Kind::kIn: return before + " in " + entity;
    case Kind::kIs: return before + " is " + type;
    case Kind::kIsIn: return before + " is " + type + " in " + entity;
    case Kind::kInAnyOf: break;
  }
  std::string list;
  for (const cedar::EntityRef& one : scope.entities) {
    list += (list.empty() ? "" : ", ") + UidText(one);
  }
  return before + " in [" + list + "]";
}

}  // namespace

PolicyIndex::PolicyIndex(const Sources& sources, const PolicySet& policies, const Program& program)
    : sources_(sources), syntax_(policies.syntax()), program_(program) {
  const bc::ProgramParts& parts = program.parts();
  for (std::size_t i = 0; i < syntax_.ast.policies.size(); ++i) {
    clauses_.push_back(ClausesOf(syntax_.ast, syntax_.ast.policies[i], parts, parts.rules[i]));
  }
  std::unordered_map<std::string_view, const cedar::TemplateLink*> links;
  for (const cedar::TemplateLink& link : syntax_.links) links.emplace(link.new_id, &link);
  for (const bc::PolicyEntry& policy : parts.policies) {
    const auto link = links.find(policy.id);
    codes_.emplace(policy.id,
                   PolicyCode{&syntax_.ast.policies[policy.rule],
                              link != links.end() ? link->second : nullptr, policy.rule});
  }
}

ClauseState PolicyIndex::StateOf(const PolicyCode& code, std::size_t clause,
                                 const PolicyTrace& trace) const {
  const std::vector<ClauseCode>& clauses = clauses_[code.rule];
  const std::uint32_t requirement = clauses[clause].requirement;
  for (const TraceStep& step : trace.steps) {
    if (step.instruction != requirement || !step.is_requirement) continue;
    return step.value == Value(true) ? ClauseState::kTrue : ClauseState::kFalse;
  }
  const std::uint32_t begin = clause == 0 ? 0 : clauses[clause - 1].requirement + 1;
  const bool fails = trace.verdict == PolicyVerdict::kFailed && trace.failed_at >= begin &&
                     trace.failed_at <= requirement;
  return fails ? ClauseState::kError : ClauseState::kNever;
}

Clause PolicyIndex::Describe(const PolicyCode& code, std::size_t clause,
                             const PolicyTrace& trace) const {
  const ClauseCode& of = clauses_[code.rule][clause];
  Clause out{Place(syntax_.ast[of.expr].span),
             (of.is_unless ? "unless " : "") + PrintExpr(syntax_.ast, of.expr),
             "",
             {}};
  switch (StateOf(code, clause, trace)) {
    case ClauseState::kTrue: out.verdict = "is true"; break;
    case ClauseState::kFalse: out.verdict = "is false"; break;
    case ClauseState::kError: out.verdict = "fails: " + trace.error; break;
    case ClauseState::kNever: out.verdict = "was not asked"; break;
  }
  AddValues(code, of.expr, trace, &out.values);
  return out;
}

std::vector<Clause> PolicyIndex::DescribeScope(const PolicyCode& code, ScopeMatch match) const {
  const cedar::Policy& policy = *code.policy;
  std::vector<Clause> out;
  const auto add = [&](std::string text, bool matches) {
    if (text.empty()) return;
    out.push_back({"", std::move(text), matches ? "is true" : "is false", {}});
  };
  add(EntryText("principal", policy.principal, code.link ? &code.link->principal : nullptr),
      match.principal);
  add(EntryText("action", policy.action, nullptr), match.action);
  add(EntryText("resource", policy.resource, code.link ? &code.link->resource : nullptr),
      match.resource);
  return out;
}

std::string PolicyIndex::Place(Span span) const {
  const LineColumn place = sources_.Locate(span.source, span.begin);
  return std::string(sources_.name(span.source)) + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

// The values of what was read from the request and the entities. What was not reached has none.
void PolicyIndex::AddValues(const PolicyCode& code, ExprId id, const PolicyTrace& trace,
                            std::vector<std::string>* values) const {
  const cedar::Expr& e = syntax_.ast[id];
  if (e.kind == ExprKind::kAttribute || (e.kind == ExprKind::kMethod && e.text == "getTag")) {
    if (const Value* value = ValueOf(code, e.span, trace)) {
      std::string line = PrintExpr(syntax_.ast, id) + " = " + value->ToCedar();
      const bool is_known = std::find(values->begin(), values->end(), line) != values->end();
      if (!is_known) values->push_back(std::move(line));
      return;
    }
  }
  for (const ExprId operand : syntax_.ast.operands(e)) AddValues(code, operand, trace, values);
}

// Policies whose texts differ may share code, so places are the rule's.
const Value* PolicyIndex::ValueOf(const PolicyCode& code, Span span,
                                  const PolicyTrace& trace) const {
  const std::vector<Span>& places = program_.parts().rules[code.rule].places;
  const Value* value = nullptr;
  for (const TraceStep& step : trace.steps) {
    if (!step.is_requirement && places[step.instruction] == span) value = &step.value;
  }
  return value;
}

}  // namespace assay::cli
