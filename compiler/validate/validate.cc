// The public door of validation: every policy in every environment.
#include "assay/validate.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "compiler/cedar/policy_set.h"
#include "compiler/validate/checker.h"
#include "compiler/validate/confusable.h"
#include "compiler/validate/environments.h"
#include "compiler/validate/level.h"
#include "compiler/validate/scope_check.h"
#include "engine/base/guarded.h"

namespace assay {

namespace {

using validate::Checker;
using validate::Environment;
using validate::Findings;
using validate::Session;

constexpr std::string_view kFindingNames[] = {
#define FINDING(Name, text, is_warning) text,
#include "assay/findings.def"
};

constexpr bool kIsWarning[] = {
#define FINDING(Name, text, is_warning) is_warning,
#include "assay/findings.def"
};

class Validation {
 public:
  Validation(const schema::Model& model, const cedar::PolicySetSyntax& policies,
             const ValidationOptions& options)
      : policies_(policies),
        options_(options),
        session_(model, options.mode == ValidationMode::kStrict ? schema::Strictness::kStrict
                                                                : schema::Strictness::kPermissive) {
  }

  // False if a policy has too many environments.
  bool Run(ValidationResult* result) {
    std::unordered_map<std::string_view, const cedar::Policy*> templates;
    for (const cedar::Policy& policy : policies_.ast.policies) {
      if (policy.is_template()) templates.emplace(policy.id, &policy);
      Findings findings(policy.id);
      validate::CheckNames(policies_.ast, policy, &session_, &findings);
      validate::CheckApplication({policy, std::nullopt, std::nullopt}, &session_, &findings);
      if (!CheckTypes(policy, &findings)) return false;
      validate::CheckConfusable(policies_.ast, policy, validate::ScopePlaces::kNone, &findings);
      Take(&findings);
    }
    for (const cedar::TemplateLink& link : policies_.links) {
      const cedar::Policy& policy = *templates.find(link.template_id)->second;
      Findings findings(link.new_id);
      validate::CheckLinkNames(link, &session_, &findings);
      validate::CheckApplication({policy, link.principal, link.resource}, &session_, &findings);
      Take(&findings);
    }
    *result = std::move(result_);
    return true;
  }

 private:
  void Take(Findings* findings) {
    for (Finding& finding : findings->Take()) {
      const bool is_warning = kIsWarning[static_cast<std::size_t>(finding.kind)];
      (is_warning ? result_.warnings : result_.errors).push_back(std::move(finding));
    }
  }

  bool CheckTypes(const cedar::Policy& policy, Findings* findings) {
    const validate::Core core =
        validate::MakeCore(policies_.ast, policy, &session_.types.names(), &session_.shapes);
    Checker checker(&session_, core, findings);
    bool is_impossible = true;
    const auto check = [&](const Environment& env) {
      const Checker::Outcome outcome = checker.Run(env);
      is_impossible = is_impossible && outcome.is_false;
      if (options_.level && (outcome.passed || outcome.is_false)) {
        validate::CheckLevel(&session_, core, env, checker.traces(), *options_.level, findings);
      }
      return true;
    };
    if (!validate::ForEachEnvironment(session_.model, policy, options_.limits, check)) return false;
    if (is_impossible) {
      findings->AddFor(FindingKind::kImpossiblePolicy, policy.span,
                       "policy is impossible: the policy expression evaluates to false for all "
                       "valid requests");
    }
    return true;
  }

  const cedar::PolicySetSyntax& policies_;
  const ValidationOptions& options_;
  Session session_;
  ValidationResult result_;
};

}  // namespace

std::string_view FindingName(FindingKind kind) {
  return kFindingNames[static_cast<std::size_t>(kind)];
}

Result<ValidationResult> Validate(const Schema& schema, const PolicySet& policies,
                                  const ValidationOptions& options) {
  return Guarded([&]() -> Result<ValidationResult> {
    ValidationResult result;
    if (Validation(schema.model(), policies.syntax(), options).Run(&result)) return result;
    return Error{ErrorCode::kLimitExceeded,
                 "a policy has more than " + std::to_string(options.limits.request_environments) +
                     " combinations of action and types (request_environments)"};
  });
}

}  // namespace assay
