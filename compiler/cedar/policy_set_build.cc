#include "compiler/cedar/policy_set_build.h"

#include <utility>

#include "compiler/cedar/parse.h"
#include "compiler/cedar/policy_json.h"

namespace assay::cedar {

namespace {

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

// Registers the id of a policy that was just read.
bool PolicySetBuilder::Claim(std::size_t index, Diagnostics* diagnostics) {
  const Policy& policy = syntax_.ast.policies[index];
  if (!ids_.insert(policy.id).second) {
    diagnostics->Add(DiagId::kDuplicatePolicyId, policy.span,
                     "the policy id " + Quoted(policy.id) + " is already taken");
    return false;
  }
  if (policy.is_template()) templates_.emplace(policy.id, index);
  if (ids_.size() <= limits_.policies) return true;
  diagnostics->Add(
      DiagId::kTooManyPolicies, policy.span,
      "there are more than " + std::to_string(limits_.policies) + " policies (policies)");
  return false;
}

bool PolicySetBuilder::AddCedar(const Sources& sources, std::uint32_t source,
                                Diagnostics* diagnostics) {
  Ast& ast = syntax_.ast;
  const std::size_t first = ast.policies.size();
  bool ok = ParsePolicies(sources, source, limits_, &ast, diagnostics);
  for (std::size_t i = first; i < ast.policies.size(); ++i) {
    const std::string next = NextId();
    const Annotation* id = ast.policies[i].FindAnnotation("id");
    ast.policies[i].id = id != nullptr ? std::string(id->value) : next;
    ok = Claim(i, diagnostics) && ok;
  }
  return ok;
}

bool PolicySetBuilder::AddPolicy(std::string id, const Sources& sources, std::uint32_t source,
                                 Diagnostics* diagnostics) {
  Ast& ast = syntax_.ast;
  const std::size_t index = ast.policies.size();
  if (!ParsePolicies(sources, source, limits_, &ast, diagnostics)) return false;
  if (ast.policies.size() != index + 1) {
    diagnostics->Add(
        DiagId::kUnexpectedToken, {source, 0, 0},
        "expected exactly one policy, found " + std::to_string(ast.policies.size() - index));
    return false;
  }
  ast.policies[index].id = std::move(id);
  return Claim(index, diagnostics);
}

bool PolicySetBuilder::AddPolicy(std::string id, const json::Node& policy,
                                 Diagnostics* diagnostics) {
  if (!ReadPolicyJson(policy, limits_, &syntax_.ast, diagnostics)) return false;
  syntax_.ast.policies.back().id = std::move(id);
  return Claim(syntax_.ast.policies.size() - 1, diagnostics);
}

bool PolicySetBuilder::Link(std::string_view template_id, std::string new_id,
                            std::optional<EntityUid> principal, std::optional<EntityUid> resource,
                            Diagnostics* diagnostics) {
  const auto fail = [&](DiagId id, std::string message) {
    diagnostics->AddWithoutPlace(id, std::move(message));
    return false;
  };
  const auto found = templates_.find(std::string(template_id));
  if (found == templates_.end()) {
    return fail(DiagId::kNoSuchTemplate, "there is no template " + Quoted(template_id));
  }
  const Policy& policy = syntax_.ast.policies[found->second];
  const auto check = [&](const ScopeConstraint& scope, const auto& value, std::string_view slot) {
    const bool has_slot = scope.slot != Slot::kNone;
    if (has_slot == value.has_value()) return true;
    return fail(DiagId::kWrongSlots,
                has_slot ? "the link " + Quoted(new_id) + " gives no value for " + Quoted(slot)
                         : "the template " + Quoted(template_id) + " has no slot " + Quoted(slot));
  };
  if (!check(policy.principal, principal, "?principal") ||
      !check(policy.resource, resource, "?resource")) {
    return false;
  }
  if (ids_.size() >= limits_.policies) {
    return fail(DiagId::kTooManyPolicies, "there are too many policies (policies)");
  }
  if (!ids_.insert(new_id).second) {
    return fail(DiagId::kDuplicatePolicyId,
                "the policy id " + Quoted(new_id) + " is already taken");
  }
  syntax_.links.push_back(
      {std::string(template_id), std::move(new_id), std::move(principal), std::move(resource)});
  return true;
}

}  // namespace assay::cedar
