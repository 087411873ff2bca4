// The policy digest of what is edited.
#include <algorithm>
#include <vector>

#include "engine/snapshot/editor.h"

namespace assay::rt {

namespace {

bool IsBefore(const DigestLeaf& a, const DigestLeaf& b) { return a.hash < b.hash; }

}  // namespace

Sha256& Editor::Sha() {
  if (!sha_) sha_.emplace();
  return *sha_;
}

Sha256Digest Editor::LeafOf(std::uint32_t policy) {
  const PolicyRow& row = data_.policies[policy];
  const RuleRow& rule = data_.rules[row.rule];
  const std::string_view id(row.id, row.id_length);
  if (row.kind == PolicyKind::kTemplate) return TemplateLeaf(Sha(), id, rule.digest);
  const auto slot = [&](bool has_slot, tree::ScopeKey key) -> std::optional<rt::UidText> {
    if (!has_slot) return std::nullopt;
    return rt::UidText{data_.types.text(data_.uids.qualifier(key.uid())),
                       data_.uids.text(key.uid())};
  };
  return PolicyLeaf(Sha(), id, rule.digest, slot(rule.principal_slot, row.principal),
                    slot(rule.resource_slot, row.resource));
}

// Of a policy or template that is about to go, while all it mentions is still there. The digest
// does not know yet what was added since the last version.
void Editor::NoteErased(std::uint32_t policy) {
  if (!heap_.IsNew(data_.policies[policy].id)) erased_.push_back({LeafOf(policy), policy});
}

void Editor::UpdateDigest() {
  // A number may have been given out, taken back and given out again.
  std::sort(added_.begin(), added_.end());
  added_.erase(std::unique(added_.begin(), added_.end()), added_.end());
  std::vector<DigestLeaf> inserted;
  inserted.reserve(added_.size());
  for (const std::uint32_t policy : added_) {
    const bool is_there = data_.policies[policy].kind != PolicyKind::kFree;
    if (is_there) inserted.push_back({LeafOf(policy), policy});
  }
  added_.clear();
  if (inserted.empty() && erased_.empty()) return;
  std::sort(inserted.begin(), inserted.end(), IsBefore);
  std::sort(erased_.begin(), erased_.end(), IsBefore);
  const auto leaf_of = [this](std::uint32_t policy) { return LeafOf(policy); };
  data_.digest.Edit(heap_, Sha(), leaf_of, erased_, inserted);
  erased_.clear();
}

}  // namespace assay::rt
