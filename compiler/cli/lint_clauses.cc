// Clauses whose answer is known, and clauses that contradict each other.
#include <map>
#include <set>

#include "compiler/cedar/print.h"
#include "compiler/cli/lint.h"
#include "compiler/cli/truth.h"

namespace assay::cli {

namespace {

using cedar::Ast;
using cedar::Expr;
using cedar::ExprId;
using cedar::ExprKind;

class ClauseLinter {
 public:
  ClauseLinter(const Ast& ast, const cedar::Policy& policy, LintFindings* findings)
      : ast_(ast), policy_(policy), findings_(*findings) {}

  void Run() {
    for (const cedar::Condition& condition : policy_.conditions) {
      Check(condition.body);
      Collect(condition.body, condition.is_unless);
    }
  }

 private:
  void Add(LintRule rule, ExprId id, const std::string& message) {
    findings_.push_back({rule, policy_.id, ast_[id].span, message});
  }
  std::string Quoted(ExprId id) const { return "`" + PrintExpr(ast_, id) + "`"; }

  // The outermost parts whose answer is known.
  void Check(ExprId id) {
    const Expr& e = ast_[id];
    const bool is_chain = e.kind == ExprKind::kAnd || e.kind == ExprKind::kOr;
    const Truth truth = TruthOf(ast_, id);
    // Of a chain it is a part that is to blame.
    if (!is_chain && Report(id, truth)) return;
    if (is_chain || e.kind == ExprKind::kNot) {
      for (const ExprId operand : ast_.operands(e)) Check(operand);
    } else if (e.kind == ExprKind::kIf) {
      for (const ExprId operand : ast_.operands(e)) {
        // `if … then … else false` is a way to write.
        const bool is_literal = ast_[operand].kind == ExprKind::kBool;
        if (KindOf(ast_, operand) == Kind::kBool && !is_literal) Check(operand);
      }
    }
  }

  bool Report(ExprId id, const Truth& truth) {
    if (truth.only_fails()) {
      Add(LintRule::kFailingClause, id, Quoted(id) + " can do nothing but fail");
    } else if (!truth.can_be_false) {
      Add(LintRule::kAlwaysTrueClause, id, Quoted(id) + " is never false");
    } else if (!truth.can_be_true) {
      Add(LintRule::kAlwaysFalseClause, id, Quoted(id) + " is never true");
    } else {
      return false;
    }
    return true;
  }

  // What must be true, and what must be false, for the policy to be satisfied.
  void Collect(ExprId id, bool is_unless) {
    const Expr& e = ast_[id];
    if (e.kind == (is_unless ? ExprKind::kOr : ExprKind::kAnd)) {
      for (const ExprId part : ast_.operands(e)) Collect(part, is_unless);
      return;
    }
    if (e.kind == ExprKind::kNot) return Collect(ast_.operand(e, 0), !is_unless);
    if (IsConstant(ast_, id)) return;  // Check has said what there is to say.
    const std::string text = PrintExpr(ast_, id);
    auto& same = is_unless ? false_ : true_;
    const auto& opposite = is_unless ? true_ : false_;
    if (opposite.count(text) != 0) {
      Add(LintRule::kUnreachablePolicy, id, "`" + text + "` would have to be true and false");
    } else if (!same.insert(text).second) {
      Add(LintRule::kAlwaysTrueClause, id, "`" + text + "` is asked twice");
    } else if (!is_unless) {
      CollectEqual(id, e);
    }
  }

  // `e == 1 && e == 2`.
  void CollectEqual(ExprId id, const Expr& e) {
    if (e.kind != ExprKind::kBinary || e.op != cedar::BinaryOp::kEqual) return;
    for (const auto& [side, literal] : {std::pair(0U, 1U), std::pair(1U, 0U)}) {
      if (!IsLiteral(ast_.operand(e, literal)) || IsLiteral(ast_.operand(e, side))) continue;
      const std::string subject = PrintExpr(ast_, ast_.operand(e, side));
      const std::string value = PrintExpr(ast_, ast_.operand(e, literal));
      const auto [known, is_new] = equal_.emplace(subject, value);
      if (is_new || known->second == value) continue;
      std::string what = "`" + subject + "` would have to be ";
      what.append(known->second).append(" and ").append(value);
      Add(LintRule::kUnreachablePolicy, id, what);
    }
  }

  bool IsLiteral(ExprId id) const {
    const ExprKind kind = ast_[id].kind;
    return kind == ExprKind::kBool || kind == ExprKind::kLong || kind == ExprKind::kString ||
           kind == ExprKind::kUid;
  }

  const Ast& ast_;
  const cedar::Policy& policy_;
  LintFindings& findings_;
  std::set<std::string> true_, false_;
  std::map<std::string, std::string> equal_;
};

// Walks expressions in the order of evaluation, knowing which attributes and tags were asked for.
class ForbidLinter {
 public:
  ForbidLinter(const Ast& ast, bool reads_are_safe) : ast_(ast), reads_are_safe_(reads_are_safe) {}

  struct Failure {
    ExprId id;
    std::string why;
  };
  const std::vector<Failure>& failures() const { return failures_; }

  void Walk(const cedar::Policy& policy) {
    std::set<std::string> known;
    for (const cedar::Condition& condition : policy.conditions) {
      Walk(condition.body, known);
      Learn(condition.body, !condition.is_unless, &known);
    }
  }

 private:
  // What a part learns is for its own other parts.
  void Walk(ExprId id, const std::set<std::string>& known) {
    const Expr& e = ast_[id];
    const auto operands = ast_.operands(e);
    if (e.kind == ExprKind::kIf) {
      std::set<std::string> then = known, otherwise = known;
      Walk(operands[0], known);
      Learn(operands[0], true, &then);
      Learn(operands[0], false, &otherwise);
      Walk(operands[1], then);
      Walk(operands[2], otherwise);
      return;
    }
    if (e.kind == ExprKind::kAnd || e.kind == ExprKind::kOr) {
      std::set<std::string> learned = known;
      for (const ExprId operand : operands) {
        Walk(operand, learned);
        Learn(operand, e.kind == ExprKind::kAnd, &learned);
      }
      return;
    }
    for (const ExprId operand : operands) Walk(operand, known);
    CheckSelf(id, e, known);
  }

  void CheckSelf(ExprId id, const Expr& e, const std::set<std::string>& known) {
    if (!reads_are_safe_ && CanBeMissing(e, known)) {
      Add(id, "may be missing");
    } else if (CanOverflow(id, e)) {
      Add(id, "may overflow");
    } else if (e.kind == ExprKind::kFunction && !ast_.operands(e).empty() &&
               ast_[ast_.operand(e, 0)].kind != ExprKind::kString) {
      Add(id, "may be given a text that is none");
    }
  }

  bool CanBeMissing(const Expr& e, const std::set<std::string>& known) const {
    if (e.kind == ExprKind::kMethod) return e.text == "getTag" && known.count(TagKey(e)) == 0;
    return e.kind == ExprKind::kAttribute && ast_[ast_.operand(e, 0)].kind != ExprKind::kRecord &&
           known.count(Key(ast_.operand(e, 0), e.text)) == 0;
  }

  bool CanOverflow(ExprId id, const Expr& e) const {
    if (e.kind == ExprKind::kMethod) {
      return e.text == "offset" || e.text == "durationSince" || e.text == "toDate";
    }
    return (e.kind == ExprKind::kNegate || e.kind == ExprKind::kBinary) &&
           KindOf(ast_, id) == Kind::kLong;
  }

  void Add(ExprId id, const std::string& why) {
    if (IsConstant(ast_, id) && ConstantValue(ast_, id)) return;  // It is known not to fail.
    failures_.push_back({id, why});
  }

  std::string Key(ExprId of, std::string_view name) const {
    return PrintExpr(ast_, of) + " has " + std::string(name);
  }
  std::string TagKey(const Expr& e) const {
    return PrintExpr(ast_, ast_.operand(e, 0)) + " tag " + PrintExpr(ast_, ast_.operand(e, 1));
  }

  // What is there if the expression is `truth`.
  void Learn(ExprId id, bool truth, std::set<std::string>* known) const {
    const Expr& e = ast_[id];
    if (e.kind == ExprKind::kNot) return Learn(ast_.operand(e, 0), !truth, known);
    if (e.kind == (truth ? ExprKind::kAnd : ExprKind::kOr)) {
      for (const ExprId part : ast_.operands(e)) Learn(part, truth, known);
    }
    if (!truth) return;
    if (e.kind == ExprKind::kMethod && e.text == "hasTag") known->insert(TagKey(e));
    if (e.kind != ExprKind::kHas) return;
    std::string of = PrintExpr(ast_, ast_.operand(e, 0));
    for (const std::string_view name : ast_.names(e)) {
      known->insert(of + " has " + std::string(name));
      of += "." + std::string(name);
    }
  }

  const Ast& ast_;
  bool reads_are_safe_;
  std::vector<Failure> failures_;
};

}  // namespace

void LintClauses(const Ast& ast, const cedar::Policy& policy, LintFindings* findings) {
  ClauseLinter(ast, policy, findings).Run();
}

void LintForbid(const Ast& ast, const cedar::Policy& policy, bool reads_are_safe,
                LintFindings* findings) {
  ForbidLinter linter(ast, reads_are_safe);
  linter.Walk(policy);
  if (linter.failures().empty()) return;
  const auto& first = linter.failures().front();
  findings->push_back({LintRule::kForbidCanFail, policy.id, ast[first.id].span,
                       "`" + PrintExpr(ast, first.id) + "` " + first.why +
                           ", and then this forbid does not count"});
}

}  // namespace assay::cli
