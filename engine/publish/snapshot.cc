#include "assay/snapshot.h"

#include <new>
#include <utility>

#include "engine/publish/core.h"

namespace assay {

Result<Snapshot> Snapshot::Create(const Program& program, const Entities& entities,
                                  const Limits& limits) {
  Result<Store> store = Store::Create(program, entities, limits);
  if (!store.ok()) return std::move(store).error();
  return store.value().snapshot();
}

Snapshot::Snapshot(const Snapshot& other) noexcept
    : version_(other.version_), core_(other.lender_ != nullptr ? *other.lender_ : other.core_) {
  // See Version::owners for the order.
  if (core_ != nullptr) version_->owners.fetch_add(1, std::memory_order_relaxed);
}

Snapshot::Snapshot(Snapshot&& other) noexcept
    : version_(std::exchange(other.version_, nullptr)),
      core_(std::move(other.core_)),
      lender_(std::exchange(other.lender_, nullptr)) {}

Snapshot& Snapshot::operator=(const Snapshot& other) noexcept {
  if (this != &other) *this = Snapshot(other);
  return *this;
}

Snapshot& Snapshot::operator=(Snapshot&& other) noexcept {
  std::swap(version_, other.version_);
  std::swap(core_, other.core_);
  std::swap(lender_, other.lender_);
  return *this;
}

Snapshot::~Snapshot() {
  // See Version::owners for the order. The core may free the version at once, and goes after it.
  if (core_ != nullptr) version_->owners.fetch_sub(1, std::memory_order_release);
}

std::size_t Snapshot::policy_count() const noexcept { return version_->data.tree.size(); }

std::uint32_t Snapshot::policy_end() const noexcept { return version_->data.policies.size(); }

std::string_view Snapshot::policy_id(std::uint32_t policy) const noexcept {
  return version_->data.policy_id(policy);
}

std::optional<std::uint32_t> Snapshot::FindPolicy(std::string_view id) const noexcept {
  const rt::SnapshotData& data = version_->data;
  const std::uint32_t policy = data.FindPolicy(id);
  if (policy == rt::kNoSymbol || data.policies[policy].kind == rt::PolicyKind::kTemplate) {
    return std::nullopt;
  }
  return policy;
}

std::optional<std::string_view> Snapshot::FindAnnotation(std::uint32_t policy,
                                                         std::string_view key) const noexcept {
  const rt::PolicyRow& row = version_->data.policies[policy];
  if (row.kind == rt::PolicyKind::kFree) return std::nullopt;
  const rt::RuleRow& rule = version_->data.rules[row.rule];
  for (std::uint32_t i = 0; i < rule.annotation_count; ++i) {
    if (rule.annotations[i].key == key) return rule.annotations[i].value;
  }
  return std::nullopt;
}

std::array<std::uint8_t, 32> Snapshot::policy_digest() const noexcept {
  return version_->data.digest.root();
}

std::size_t Snapshot::entity_count() const noexcept { return version_->data.entity_count; }

std::size_t Snapshot::name_count() const noexcept {
  const rt::SnapshotData& data = version_->data;
  return data.types.count() + data.uids.count() + data.names.count();
}

}  // namespace assay
