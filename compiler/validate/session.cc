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
  if (last_action_ != &lhs) {
    last_ancestors_ =
        schema::Reach(model.actions, {static_cast<std::uint32_t>(&lhs - model.actions.data())},
                      &schema::Action::parents);
    last_action_ = &lhs;
  }
  return last_ancestors_[static_cast<std::size_t>(&rhs - model.actions.data())];
}

Findings::Findings(std::string_view policy_id)
    : policy_id_(policy_id), shown_id_(EscapeText(policy_id)) {}

void Findings::AddOnce(FindingKind kind, const std::string& where, std::optional<Span> span,
                       std::string message, std::string help) {
  std::string key = std::to_string(static_cast<int>(kind)) + " " + where + " " + message;
  key += '\0';
  key += help;
  if (!seen_.insert(std::move(key)).second) return;
  list_.push_back({kind, policy_id_, span, std::move(message), std::move(help)});
}

void Findings::Add(FindingKind kind, std::optional<Span> span, std::string message,
                   std::string help) {
  std::string where;
  if (span) where = std::to_string(span->begin) + " " + std::to_string(span->end);
  AddOnce(kind, where, span, std::move(message), std::move(help));
}

void Findings::AddFor(FindingKind kind, std::optional<Span> span, const std::string& message,
                      std::string help) {
  Add(kind, span, "for policy `" + shown_id_ + "`, " + message, std::move(help));
}

void Findings::AddFor(FindingKind kind, Place place, const std::string& message) {
  if (!place.in_scope) return AddFor(kind, std::optional<Span>(place.span), message);
  AddOnce(kind, "scope", place.span, "for policy `" + shown_id_ + "`, " + message, {});
}

void Findings::AddApart(FindingKind kind, Span span, const std::string& message, std::string help,
                        const std::string& apart) {
  AddOnce(kind, std::to_string(span.begin) + " " + std::to_string(span.end) + " " + apart, span,
          "for policy `" + shown_id_ + "`, " + message, std::move(help));
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
