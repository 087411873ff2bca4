// What the policies of one validation share, and what is found in one of them.
#include <algorithm>
#include <utility>

#include "compiler/schema/fragment.h"
#include "compiler/validate/checker.h"
#include "engine/base/escape.h"

namespace assay::validate {

Session::Session(const schema::Model& given, Strictness strictness)
    : model(given), mode(strictness), types(given.types) {}

bool Session::MayBeIn(NameId lhs, NameId rhs) {
  if (lhs == rhs) return true;
  const auto [found, is_new] = may_be_in_.try_emplace({lhs, rhs}, false);
  if (is_new) found->second = ComputeMayBeIn(lhs, rhs);
  return found->second;
}

bool Session::ComputeMayBeIn(NameId lhs, NameId rhs) const {
  const auto from = model.entity_index.find(lhs), to = model.entity_index.find(rhs);
  if (from != model.entity_index.end() && to != model.entity_index.end()) {
    return schema::Reach(model.entity_types, {from->second},
                         &schema::EntityType::parents)[to->second];
  }
  // Both may be types of actions: all of one type that have any descendants.
  std::vector<std::uint32_t> roots;
  for (std::uint32_t i = 0; i < model.actions.size(); ++i) {
    if (model.actions[i].type == rhs) roots.push_back(i);
  }
  if (roots.empty()) return false;
  const std::vector<bool> reached = schema::Reach(model.actions, roots, &schema::Action::children);
  for (std::uint32_t i = 0; i < model.actions.size(); ++i) {
    if (reached[i] && model.actions[i].type == lhs) return true;
  }
  return false;
}

bool Session::IsActionIn(const schema::Action& lhs, const schema::Action& rhs) {
  if (&lhs == &rhs) return true;
  const auto number = [&](const schema::Action& action) {
    return static_cast<std::uint32_t>(&action - model.actions.data());
  };
  // A policy names few groups, and is looked at for very many actions.
  constexpr std::size_t kKeptGroups = 64;
  if (members_.size() >= kKeptGroups && members_.count(&rhs) == 0) members_.clear();
  const auto [group, is_new] = members_.try_emplace(&rhs);
  if (is_new) {
    group->second = schema::Reach(model.actions, {number(rhs)}, &schema::Action::children);
  }
  return group->second[number(lhs)];
}

Findings::Findings(std::string_view policy_id)
    : policy_id_(policy_id), shown_id_(EscapeText(policy_id)) {}

void Findings::Add(FindingKind kind, std::optional<Span> span, std::string message,
                   std::string help, const std::string& apart) {
  if (span && span->end == 0) span.reset();
  std::string key = std::to_string(static_cast<int>(kind)) + " ";
  if (span) key += std::to_string(span->begin) + " " + std::to_string(span->end);
  for (const std::string* part : {&apart, &std::as_const(message), &std::as_const(help)}) {
    key += '\0';
    key += *part;
  }
  if (!seen_.insert(std::move(key)).second) return;
  list_.push_back({kind, policy_id_, span, std::move(message), std::move(help)});
}

void Findings::AddFor(FindingKind kind, std::optional<Span> span, const std::string& message,
                      std::string help, const std::string& apart) {
  Add(kind, span, "for policy `" + shown_id_ + "`, " + message, std::move(help), apart);
}

std::vector<Finding> Findings::Take() {
  std::stable_sort(list_.begin(), list_.end(), [](const Finding& a, const Finding& b) {
    const std::uint32_t left = a.span ? a.span->begin : 0, right = b.span ? b.span->begin : 0;
    return left < right;
  });
  seen_.clear();
  return std::exchange(list_, {});
}

}  // namespace assay::validate
