// The way of a mint request: who asks, what policy says, what the grant may be, the record, the
// grant. A record is placed in the ledger under a guard that no policy came into force meanwhile.
#include "assay/mint/mint.h"

#include <openssl/rand.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "assay/evaluator.h"
#include "assay/mint/ledger_feeds.h"
#include "assay/mint/limits.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/grant/grant_json.h"
#include "engine/mint/hook/cedar_json.h"
#include "engine/mint/hook/claims.h"
#include "engine/mint/hook/evaluation.h"
#include "engine/mint/hook/policy.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/ledger/bytes.h"

namespace assay::mint {

namespace {

constexpr std::int64_t kMs = 1000;
// How often a mint request is decided again because policies changed meanwhile.
constexpr int kAttempts = 4;
// Room for a text of a record, so that most need not grow.
constexpr std::size_t kUsualBytes = 512;

// Ids of decisions and of grants. A call of the generator takes as long as deciding does, whatever
// it is asked for: so it is asked for many at once. The ledger refuses an id that it has seen.
class Ids {
 public:
  // None begins with a hyphen: people give ids to commands, which would take it for an option.
  // Nothing without random numbers.
  std::optional<std::string> Next() {
    const std::lock_guard guard(mutex_);
    for (;;) {
      if (used_ == sizeof(bytes_) && RAND_bytes(bytes_, sizeof bytes_) != 1) return std::nullopt;
      used_ %= sizeof(bytes_);
      std::string id =
          jose::EncodeBase64url({reinterpret_cast<const char*>(bytes_) + used_, kIdBytes});
      used_ += kIdBytes;
      if (id.front() != '-') return id;
    }
  }

 private:
  static constexpr std::size_t kIdBytes = 16;
  std::mutex mutex_;
  unsigned char bytes_[32 * kIdBytes] = {};
  std::size_t used_ = sizeof(bytes_);
};

Refusal RefusalOf(const LedgerError& error) {
  switch (error.fault) {
    case LedgerFault::kClockBehind: return {RefusalId::kClockBehind};
    case LedgerFault::kExpired: return {RefusalId::kExpired};
    case LedgerFault::kNotAdmitted: return {RefusalId::kPolicyChanged};
    case LedgerFault::kOutOfMemory: return {RefusalId::kOutOfMemory};
    default: return {RefusalId::kLedgerUnavailable, LedgerFaultName(error.fault)};
  }
}

// The ledger takes records, but not this one: too large, or a text in it is not UTF-8.
bool IsUnfit(const Refusal& refusal) {
  return refusal.id == RefusalId::kLedgerUnavailable &&
         (refusal.about == LedgerFaultName(LedgerFault::kLimit) ||
          refusal.about == LedgerFaultName(LedgerFault::kInvalid));
}

// The same decision without anything that the workload wrote; if `with_policies`, with what policy
// said of it, which can be too much as well.
Record Bare(const Record& record, bool with_policies) {
  Record bare;
  bare.type = record.type;
  bare.decision_id = record.decision_id;
  bare.reason = record.reason;
  bare.detail = record.detail;
  bare.principal = record.principal;
  bare.subject = record.subject;
  bare.issuer = record.issuer;
  bare.owner = record.owner;
  bare.policy_digest = record.policy_digest;
  if (!with_policies) return bare;
  bare.policies = record.policies;
  bare.erred = record.erred;
  return bare;
}

// Who asks, for the records.
void Describe(const VerifiedIdentity& identity, const MintRequest& request, Record* record) {
  record->subject = identity.subject();
  record->issuer = identity.issuer();
  record->task = request.task;
  record->step = request.step;
  record->txn = request.txn;
  record->purpose = request.purpose;
  record->audience = request.audience;
}

// What was decided, and on what.
bool Describe(const hook::Evaluation& evaluation, Record* record) {
  record->policies = evaluation.determining();
  record->erred = evaluation.erred();
  record->policy_digest = evaluation.policy().digest;
  std::string requests = "[";
  requests.reserve(kUsualBytes);
  for (const Request& request : evaluation.requests()) {
    if (requests.size() > 1) requests.push_back(',');
    if (!hook::AppendRequest(request, &requests)) return false;
  }
  std::string entities;
  entities.reserve(kUsualBytes);
  if (!evaluation.policy().AppendSlice(evaluation.requests(), &entities)) return false;
  record->requests = std::move(requests.append("]"));
  record->entities = std::move(entities);
  return true;
}

void Describe(const GrantClaims& claims, bool is_high_risk, Record* record) {
  record->txn = claims.txn;
  record->audience = claims.audience;
  record->expires = claims.expires_at * kMs;
  record->max_uses = claims.max_uses;
  record->risk = is_high_risk ? "high" : "normal";
  record->binding = hook::BindingName(claims.binding.kind);
  record->thumbprint = claims.binding.thumbprint;
  std::string hash;
  if (jose::DecodeBase64url(claims.context_hash, &hash) && hash.size() == sizeof(Digest)) {
    record->context_hash = GetArray<Digest>(hash, 0);
  }
}

// A scratch for the time of a decision: what one has grown to serves the next caller.
class Scratches {
 public:
  std::unique_ptr<Scratch> Take() {
    const std::lock_guard guard(mutex_);
    if (free_.empty()) return std::make_unique<Scratch>();
    auto scratch = std::move(free_.back());
    free_.pop_back();
    return scratch;
  }
  void Return(std::unique_ptr<Scratch> scratch) {
    const std::lock_guard guard(mutex_);
    if (free_.size() < kMost) free_.push_back(std::move(scratch));
  }

 private:
  static constexpr std::size_t kMost = 64;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

}  // namespace

struct Mint::Data {
  Data(MintOptions given, SigningKey signer, Ledger* writer, const Clock& time)
      : options(std::move(given)), key(std::move(signer)), ledger(writer), clock(time) {}

  std::shared_ptr<const hook::Policy> Current() const {
    const std::lock_guard guard(mutex);
    return policy;
  }
  Checked<Receipt> Append(const Record& record) const {
    const Ledgered<Receipt> receipt = ledger->Append(record);
    if (!receipt.ok()) return RefusalOf(receipt.error());
    return receipt.value();
  }
  // Records the refusal, unless that is what fails.
  Refusal Refuse(const Refusal& refusal, Record* record) const;

  Checked<Grant> Attempt(const VerifiedIdentity& identity, const MintRequest& request,
                         Record* record);
  Checked<GrantClaims> Decided(const std::shared_ptr<const hook::Policy>& now_in_force,
                               const VerifiedIdentity& identity, const MintRequest& request,
                               Record* record);
  Checked<Grant> Commit(const hook::Policy& decided_by, GrantClaims claims, const Record& record);
  Checked<CleansedText> Sign(std::string_view payload) const;

  const MintOptions options;
  const SigningKey key;
  Ledger* const ledger;
  const Clock& clock;
  Scratches scratches;
  Ids ids;

  mutable std::mutex mutex;
  std::shared_ptr<const hook::Policy> policy;
  // Of the newest swap in the ledger's order; set and compared where records get their places.
  std::atomic<const hook::Policy*> in_force = nullptr;
  std::mutex publishing;
};

Refusal Mint::Data::Refuse(const Refusal& refusal, Record* record) const {
  record->type = RecordType::kDeny;
  record->reason = RefusalName(refusal.id);
  record->detail = refusal.about;
  // Of a grant that does not exist.
  record->jti.clear();
  record->expires = record->max_uses = 0;
  Checked<Receipt> receipt = Append(*record);
  for (const bool with_policies : {true, false}) {
    if (receipt.ok() || !IsUnfit(receipt.error())) break;
    receipt = Append(Bare(*record, with_policies));
  }
  return receipt.ok() ? refusal : receipt.error();
}

Checked<GrantClaims> Mint::Data::Decided(const std::shared_ptr<const hook::Policy>& now_in_force,
                                         const VerifiedIdentity& identity,
                                         const MintRequest& request, Record* record) {
  const auto principal = hook::MapPrincipal(options, identity);
  if (!principal.ok()) return principal.error();
  record->principal = principal.value().ToCedar();
  if (request.principal && *request.principal != principal.value()) {
    return Refusal{RefusalId::kSubjectMismatch};
  }
  if (now_in_force == nullptr) return Refusal{RefusalId::kPolicyMissing};
  auto owner = hook::OwnerOf(now_in_force->entities, principal.value());
  if (!owner.ok()) return owner.error();
  record->owner = std::move(owner).value();
  auto requests = hook::RequestsOf(principal.value(), request, options.most_requests);
  if (!requests.ok()) return requests.error();

  auto scratch = scratches.Take();
  const hook::Evaluation evaluation(now_in_force, std::move(requests).value(),
                                    options.allow_when_forbid_errs, *scratch);
  scratches.Return(std::move(scratch));
  if (!Describe(evaluation, record)) return Refusal{RefusalId::kRequestUnfit, "context"};
  const auto proof = evaluation.Prove();
  if (!proof.ok()) return proof.error();
  auto claims = hook::ShapeGrant(options, identity, request, proof.value(), clock);
  if (!claims.ok()) return claims.error();
  claims.value().jti = record->jti;
  claims.value().decision_id = record->decision_id;
  if (claims.value().txn.empty()) claims.value().txn = record->decision_id;
  Describe(claims.value(), proof.value().is_high_risk(), record);
  return claims;
}

Checked<CleansedText> Mint::Data::Sign(std::string_view payload) const {
  auto token = grant::SignPayload(payload, key);
  if (!token.ok()) return token.error();
  return CleansedText(std::move(token).value());
}

// The record gets its place first; the signature is made while the disk is busy. A place in time
// before the grant's own would let a revocation that comes next miss it. What can be shown to
// somebody is in memory that is cleansed before the disk is waited for.
Checked<Grant> Mint::Data::Commit(const hook::Policy& decided_by, GrantClaims claims,
                                  const Record& record) {
  CleansedText payload;
  {
    auto written = grant::WriteGrant(claims);
    if (!written.ok()) return written.error();
    payload = CleansedText(std::move(written).value());
  }
  bool is_behind = false;
  const auto placed = ledger->Enqueue(record, [&](const Receipt& place) {
    is_behind = place.time_ms < claims.issued_at * kMs;
    return !is_behind && in_force.load(std::memory_order_relaxed) == &decided_by;
  });
  if (!placed.ok()) {
    return is_behind ? Refusal{RefusalId::kClockBehind} : RefusalOf(placed.error());
  }
  Checked<CleansedText> token = Sign(payload.view());
  payload = {};
  const auto receipt = ledger->Wait(placed.value());
  if (!receipt.ok()) return RefusalOf(receipt.error());
  if (!token.ok()) return token.error();
  return Grant{std::move(token).value(), std::move(claims), receipt.value().sequence};
}

Checked<Grant> Mint::Data::Attempt(const VerifiedIdentity& identity, const MintRequest& request,
                                   Record* record) {
  *record = Record{};
  auto decision_id = ids.Next();
  auto jti = ids.Next();
  if (!decision_id || !jti) return Refusal{RefusalId::kCryptoFailed};
  record->decision_id = *std::move(decision_id);
  record->jti = *std::move(jti);
  Describe(identity, request, record);
  const auto now_in_force = Current();
  auto claims = Decided(now_in_force, identity, request, record);
  if (!claims.ok()) return claims.error();
  record->type = RecordType::kMint;
  record->key_id = key.public_key().kid();
  return Commit(*now_in_force, std::move(claims).value(), *record);
}

Mint::Mint(MintOptions options, SigningKey key, Ledger* ledger, const Clock& clock)
    : data_(std::make_unique<Data>(std::move(options), std::move(key), ledger, clock)) {}
Mint::~Mint() = default;

Checked<Receipt> Mint::Publish(const MintPolicies& policies, std::string* problem) noexcept {
  return Guard([&]() -> Checked<Receipt> {
    if (!policies.is_signed && !data_->options.accept_unsigned_policies) {
      return Refusal{RefusalId::kPolicyUnsigned};
    }
    auto made = hook::Policy::Make(policies.program, policies.entities);
    if (!made.ok()) {
      if (problem != nullptr) *problem = made.error().message;
      return Refusal{RefusalId::kPolicyUnfit};
    }
    const std::lock_guard one_at_a_time(data_->publishing);
    Record record;
    record.type = RecordType::kPolicySwap;
    record.policy_digest = made.value()->digest;
    const auto place = [&](const Receipt&) {
      data_->in_force = made.value().get();
      return true;
    };
    // From its place on only this policy mints, whether or not the disk takes the record.
    const auto placed = data_->ledger->Enqueue(record, place);
    if (!placed.ok()) return RefusalOf(placed.error());
    {
      const std::lock_guard guard(data_->mutex);
      data_->policy = made.value();
    }
    const auto receipt = data_->ledger->Wait(placed.value());
    if (!receipt.ok()) return RefusalOf(receipt.error());
    return receipt.value();
  });
}

Checked<Grant> Mint::Issue(const VerifiedIdentity& identity, const MintRequest& request,
                           std::string* decision_id) noexcept {
  return mint::Guard([&]() -> Checked<Grant> {
    Record record;
    for (int attempt = 1;; ++attempt) {
      auto grant = data_->Attempt(identity, request, &record);
      if (decision_id != nullptr) *decision_id = record.decision_id;
      if (grant.ok()) return grant;
      Refusal refusal = grant.error();
      if (IsUnfit(refusal)) refusal = {RefusalId::kRequestUnfit, "record"};
      if (refusal.id == RefusalId::kPolicyChanged && attempt < kAttempts) {
        // Whoever publishes is about to be done.
        const std::lock_guard wait(data_->publishing);
        continue;
      }
      // Without random numbers, or a ledger that takes records, nothing can be recorded.
      if (record.decision_id.empty() || refusal.id == RefusalId::kLedgerUnavailable) {
        return refusal;
      }
      return data_->Refuse(refusal, &record);
    }
  });
}

Checked<Receipt> Mint::RecordRefused(const Refusal& refusal) noexcept {
  return mint::Guard([&]() -> Checked<Receipt> {
    Record record;
    record.type = RecordType::kIdentityRefused;
    record.reason = RefusalName(refusal.id);
    record.detail = refusal.about;
    return data_->Append(record);
  });
}

Checked<Receipt> Mint::Revoke(RevocationKind kind, std::string_view key,
                              std::string_view reason) noexcept {
  return mint::Guard([&]() -> Checked<Receipt> {
    if (key.empty() || reason.empty()) return Refusal{RefusalId::kRequestUnfit, "revoke"};
    Record record;
    record.type = RecordType::kRevoke;
    record.reason = reason;
    switch (kind) {
      case RevocationKind::kGrant: record.jti = key; break;
      case RevocationKind::kTask: record.txn = key; break;
      case RevocationKind::kSubject: record.subject = key; break;
    }
    // Whatever was minted so far has expired by then, also what was with other options.
    record.expires = std::max(data_->clock.Milliseconds() + (data_->options.most_seconds + 1) * kMs,
                              data_->ledger->grants().latest_ms());
    const auto receipt = data_->Append(record);
    if (!receipt.ok() || data_->options.revocations == nullptr) return receipt;
    record.time_ms = receipt.value().time_ms;
    const auto taken = TakeRevocation(record, data_->options.revocations);
    if (!taken.ok()) return taken.error();
    return receipt;
  });
}

std::optional<Digest> Mint::policy_digest() const noexcept {
  const auto policy = data_->Current();
  if (policy == nullptr) return std::nullopt;
  return policy->digest;
}

}  // namespace assay::mint
