// Policies, templates and links: their ids, rules, and places in the tree.
#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/names.h"
#include "engine/snapshot/editor.h"
#include "engine/snapshot/program_linker.h"

namespace assay::rt {

namespace {

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

Problem Invalid(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

// The bit of Mention that a key sets at its entity, or at its type.
std::uint8_t MentionOf(tree::ScopeKey key, bool of_principal) {
  if (key.is_wide()) return of_principal ? kPrincipalWide : kResourceWide;
  if (key.is_equal()) return of_principal ? kPrincipalEqual : kResourceEqual;
  if (key.has_type()) return of_principal ? kPrincipalIsIn : kResourceIsIn;
  return of_principal ? kPrincipalIn : kResourceIn;
}

// The key of a slot that is filled.
tree::ScopeKey Filled(bc::Constraint::Kind kind, tree::ScopeKey slot, std::uint32_t uid) {
  if (kind == bc::Constraint::Kind::kEqual) return tree::ScopeKey::Equal(uid);
  return slot.has_type() ? tree::ScopeKey::IsIn(slot.type(), uid) : tree::ScopeKey::In(uid);
}

}  // namespace

Problem Editor::Add(const bc::ProgramParts& parts) {
  ProgramLinker linker(this, parts);
  if (parts.bodies.size() == 1 && parts.bodies[0].is_expression) {
    const std::uint32_t before = data_.expression;
    if (auto problem = linker.Body(0, &data_.expression)) return problem;
    if (before != kNoSymbol) ReleaseBody(before);
    return std::nullopt;
  }
  for (const bc::PolicyEntry& policy : parts.policies) {
    if (auto problem = CheckNewId(policy.id)) return problem;
    std::uint32_t rule = 0;
    if (auto problem = linker.Rule(policy.rule, &rule)) return problem;
    const RuleRow row = data_.rules[rule];
    const tree::ScopeKey principal =
        KeyOf(row.principal, row.principal_kind, policy.principal_slot);
    const tree::ScopeKey resource = KeyOf(row.resource, row.resource_kind, policy.resource_slot);
    const bool is_link = row.principal_slot || row.resource_slot;
    InsertPolicy(NewPolicy(policy.id), is_link ? PolicyKind::kLink : PolicyKind::kStatic, rule,
                 principal, resource);
  }
  for (const bc::TemplateEntry& entry : parts.templates) {
    if (auto problem = CheckNewId(entry.id)) return problem;
    std::uint32_t rule = 0;
    if (auto problem = linker.Rule(entry.rule, &rule)) return problem;
    InsertTemplate(NewPolicy(entry.id), rule);
  }
  return std::nullopt;
}

Problem Editor::Replace(const bc::ProgramParts& parts) {
  const auto make_room = [&](std::string_view id) -> Problem {
    const std::uint32_t policy = data_.FindPolicy(id);
    if (policy == kNoSymbol) return std::nullopt;
    if (data_.policies[policy].kind == PolicyKind::kLink) return Unlink(id);
    return Remove(id);
  };
  for (const bc::PolicyEntry& policy : parts.policies) {
    if (auto problem = make_room(policy.id)) return problem;
  }
  for (const bc::TemplateEntry& entry : parts.templates) {
    if (auto problem = make_room(entry.id)) return problem;
  }
  return Add(parts);
}

Problem Editor::Remove(std::string_view id) {
  const std::uint32_t policy = data_.FindPolicy(id);
  if (policy == kNoSymbol) return Invalid("there is no policy " + Quoted(id));
  const PolicyRow& row = data_.policies[policy];
  if (row.kind == PolicyKind::kLink) {
    return Invalid(Quoted(id) + " is a link; unlink it instead");
  }
  const std::uint32_t links = data_.rules[row.rule].uses - 1;
  if (row.kind == PolicyKind::kTemplate && links > 0) {
    return Invalid("the template " + Quoted(id) + " still has " + std::to_string(links) +
                   (links == 1 ? " link" : " links"));
  }
  ErasePolicy(policy);
  return std::nullopt;
}

Problem Editor::Link(std::string_view template_id, std::string_view new_id,
                     const std::optional<EntityUid>& principal,
                     const std::optional<EntityUid>& resource) {
  const std::uint32_t found = data_.FindPolicy(template_id);
  if (found == kNoSymbol || data_.policies[found].kind != PolicyKind::kTemplate) {
    return Invalid("there is no template " + Quoted(template_id));
  }
  const std::uint32_t rule = data_.policies[found].rule;
  const RuleRow row = data_.rules[rule];
  const auto check = [&](bool has_slot, bool has_value, std::string_view slot) -> Problem {
    if (has_slot == has_value) return std::nullopt;
    return Invalid(has_slot
                       ? "the link " + Quoted(new_id) + " gives no value for " + Quoted(slot)
                       : "the template " + Quoted(template_id) + " has no slot " + Quoted(slot));
  };
  if (auto problem = check(row.principal_slot, principal.has_value(), "?principal")) return problem;
  if (auto problem = check(row.resource_slot, resource.has_value(), "?resource")) return problem;
  if (auto problem = CheckNewId(new_id)) return problem;
  for (const auto* slot : {&principal, &resource}) {
    if (*slot && !IsTypeName((*slot)->type)) {
      return Invalid(Quoted((*slot)->type) + " is not the name of an entity type");
    }
  }
  const tree::ScopeKey principal_key = KeyOf(row.principal, row.principal_kind, principal);
  const tree::ScopeKey resource_key = KeyOf(row.resource, row.resource_kind, resource);
  InsertPolicy(NewPolicy(new_id), PolicyKind::kLink, rule, principal_key, resource_key);
  return std::nullopt;
}

// The key of a policy, acquired: the rule's, with the slot filled if it has one.
tree::ScopeKey Editor::KeyOf(tree::ScopeKey of_rule, bc::Constraint::Kind kind,
                             const std::optional<EntityUid>& slot) {
  if (!slot) {
    AcquireKey(of_rule);
    return of_rule;
  }
  if (of_rule.has_type()) data_.types.Acquire(heap_, of_rule.type());
  return Filled(kind, of_rule, AcquireUid(*slot));
}

Problem Editor::Unlink(std::string_view id) {
  const std::uint32_t policy = data_.FindPolicy(id);
  if (policy == kNoSymbol || data_.policies[policy].kind != PolicyKind::kLink) {
    return Invalid("there is no link " + Quoted(id));
  }
  ErasePolicy(policy);
  return std::nullopt;
}

Problem Editor::CheckNewId(std::string_view id) const {
  if (data_.policy_by_id.size() >= limits_.policies) {
    return Error{
        ErrorCode::kLimitExceeded,
        "there are more than " + std::to_string(limits_.policies) + " policies (policies)"};
  }
  if (data_.FindPolicy(id) == kNoSymbol) return std::nullopt;
  return Invalid("the policy id " + Quoted(id) + " is already taken");
}

std::uint32_t Editor::NewPolicy(std::string_view id) {
  std::uint32_t policy = data_.free_policy;
  if (policy == kNoSymbol) {
    policy = data_.policies.size();
    data_.policies.Resize(heap_, policy + 1);
  } else {
    data_.free_policy = data_.policies[policy].rule;
  }
  auto* text = heap_.New<char>(id.size());
  if (!id.empty()) std::memcpy(text, id.data(), id.size());
  PolicyRow& row = data_.policies.Edit(heap_, policy);
  row = PolicyRow();
  row.id = text;
  row.id_length = static_cast<std::uint32_t>(id.size());
  data_.policy_by_id.Insert(heap_, SeededHash(0, id), policy);
  return policy;
}

// Takes over the uses of the keys.
void Editor::InsertPolicy(std::uint32_t policy, PolicyKind kind, std::uint32_t rule,
                          tree::ScopeKey principal, tree::ScopeKey resource) {
  RuleRow& rule_row = data_.rules.Edit(heap_, rule);
  ++rule_row.uses;
  PolicyRow& row = data_.policies.Edit(heap_, policy);
  row.principal = principal;
  row.resource = resource;
  row.action = rule_row.action;
  row.body = rule_row.body;
  row.rule = rule;
  row.kind = kind;
  row.is_forbid = rule_row.is_forbid;
  SetMention(principal, true, true);
  SetMention(resource, false, true);
  const TreeSource source{data_};
  data_.tree.Insert(heap_, source, source.place_of(policy), source.test_of(policy), policy);
  added_.push_back(policy);
}

void Editor::InsertTemplate(std::uint32_t policy, std::uint32_t rule) {
  ++data_.rules.Edit(heap_, rule).uses;
  PolicyRow& row = data_.policies.Edit(heap_, policy);
  row.rule = rule;
  row.kind = PolicyKind::kTemplate;
  row.is_forbid = data_.rules[rule].is_forbid;
  ++data_.template_count;
  added_.push_back(policy);
}

void Editor::ErasePolicy(std::uint32_t policy) {
  NoteErased(policy);
  const PolicyRow row = data_.policies[policy];
  if (row.kind == PolicyKind::kTemplate) {
    --data_.template_count;
  } else {
    const TreeSource source{data_};
    data_.tree.Erase(heap_, source.place_of(policy), source.test_of(policy), policy);
    ClearMention(row.principal, true);
    ClearMention(row.resource, false);
    ReleaseKey(row.principal);
    ReleaseKey(row.resource);
  }
  data_.policy_by_id.Erase(heap_, SeededHash(0, {row.id, row.id_length}), policy);
  heap_.Retire(row.id);
  ReleaseRule(row.rule);
  PolicyRow& erased = data_.policies.Edit(heap_, policy);
  erased = PolicyRow();
  erased.rule = data_.free_policy;
  data_.free_policy = policy;
}

void Editor::ReleaseRule(std::uint32_t rule) {
  RuleRow& row = data_.rules.Edit(heap_, rule);
  if (--row.uses > 0) return;
  ReleaseBody(row.body);
  ReleaseAction(row.action);
  ReleaseKey(row.principal);
  ReleaseKey(row.resource);
  heap_.Retire(row.annotations);
  row = RuleRow();
  row.body = data_.free_rule;
  data_.free_rule = rule;
}

void Editor::SetMention(tree::ScopeKey key, bool of_principal, bool value) {
  auto& mentions = key.is_wide() ? data_.wide_mentions : data_.mentions;
  const std::uint32_t number = key.is_wide() ? key.wide_number() : key.uid();
  if (number >= mentions.size()) mentions.Resize(heap_, number + 1);
  const std::uint8_t bit = MentionOf(key, of_principal);
  const std::uint8_t old = mentions[number];
  const auto now = static_cast<std::uint8_t>(value ? old | bit : old & ~bit);
  if (now != old) mentions.Edit(heap_, number) = now;
}

// After the tree has forgotten the policy. Other types may still be mentioned with the entity, so
// that hint stays.
void Editor::ClearMention(tree::ScopeKey key, bool of_principal) {
  if (!key.is_wide() && key.has_type()) return;
  const bool still = of_principal ? data_.tree.HasPrincipal(key) : data_.tree.HasResource(key);
  if (!still) SetMention(key, of_principal, false);
}

}  // namespace assay::rt
