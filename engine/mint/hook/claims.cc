#include "engine/mint/hook/claims.h"

#include <algorithm>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/base/names.h"

namespace assay::mint::hook {

std::string_view BindingName(BindingKind kind) {
  switch (kind) {
    case BindingKind::kMtls: return "mtls";
    case BindingKind::kDpop: return "dpop";
    case BindingKind::kBearer: return "bearer";
  }
  return "";
}

Checked<EntityUid> MapPrincipal(const MintOptions& options, const VerifiedIdentity& identity) {
  const PrincipalRule* found = nullptr;
  for (const PrincipalRule& rule : options.principals) {
    if (rule.issuer != identity.issuer()) continue;
    if (rule.subject == identity.subject()) {
      found = &rule;
      break;
    }
    if (rule.subject.empty() && found == nullptr) found = &rule;
  }
  if (found == nullptr || !IsTypeName(found->type)) {
    return Refusal{RefusalId::kPrincipalUnmapped};
  }
  return EntityUid{found->type, found->id.empty() ? std::string(identity.subject()) : found->id};
}

Checked<std::string> OwnerOf(const Entities& entities, const EntityUid& principal) {
  const auto index = entities.Find(principal);
  if (!index) return Refusal{RefusalId::kOwnerMissing};
  const auto& attributes = entities[*index].attributes;
  const auto owner = attributes.find("owner");
  const auto* text = owner == attributes.end() ? nullptr : owner->second.As<std::string>();
  if (text == nullptr || text->empty()) return Refusal{RefusalId::kOwnerMissing};
  return *text;
}

Checked<std::vector<Request>> RequestsOf(const EntityUid& principal, const MintRequest& request,
                                         std::size_t most) {
  if (request.tuples.empty() || request.tuples.size() > std::min(most, limits::kTuples)) {
    return Refusal{RefusalId::kRequestUnfit, "authorization_details"};
  }
  for (const char* name : {"tool", "purpose", "task", "step"}) {
    if (request.context.count(name) > 0) return Refusal{RefusalId::kContextReserved, name};
  }
  std::vector<Request> requests;
  for (const GrantTuple& tuple : request.tuples) {
    if (!IsTypeName(tuple.action.type) || !IsTypeName(tuple.resource.type)) {
      return Refusal{RefusalId::kRequestUnfit, "authorization_details"};
    }
    Value::Record context = request.context;
    const auto add = [&context](const char* name, const std::string& text) {
      if (!text.empty()) context.emplace(name, text);
    };
    add("tool", tuple.tool);
    add("purpose", request.purpose);
    add("task", request.task);
    add("step", request.step);
    requests.push_back({principal, tuple.action, tuple.resource, std::move(context)});
  }
  return requests;
}

namespace {

// The strongest that policy allows and the workload has proven.
Checked<Binding> BindingOf(const VerifiedIdentity& identity, const MintRequest& request,
                           const BindingSet& allowed) {
  if (allowed.mtls && !identity.certificate_thumbprint().empty()) {
    return Binding{BindingKind::kMtls, std::string(identity.certificate_thumbprint())};
  }
  if (allowed.dpop && request.key != nullptr) {
    return Binding{BindingKind::kDpop, std::string(request.key->thumbprint())};
  }
  if (allowed.bearer) return Binding{};
  return Refusal{RefusalId::kBindingNotAllowed};
}

Checked<std::string> AudienceOf(const MintRequest& request, const GrantShape& shape) {
  if (shape.audience && !request.audience.empty() && request.audience != *shape.audience) {
    return Refusal{RefusalId::kAudienceNotAllowed};
  }
  std::string audience = shape.audience.value_or(request.audience);
  if (audience.empty()) return Refusal{RefusalId::kRequestUnfit, "aud"};
  return audience;
}

// What the permits of all requests demand together. Where those of one request say nothing of the
// lifetime it has the default, which what another request may does not stretch.
Checked<GrantShape> ShapeOf(const MintOptions& options, const AllowProof& proof) {
  std::optional<GrantShape> all;
  for (GrantShape shape : proof.shapes()) {
    shape.most_seconds = shape.most_seconds.value_or(options.default_seconds);
    Result<GrantShape> both = all ? Narrowest(*all, shape) : std::move(shape);
    if (!both.ok()) return Refusal{RefusalId::kShapesConflict};
    all = std::move(both).value();
  }
  if (!all) return Refusal{RefusalId::kDenied};
  return *std::move(all);
}

// From when, until when. A revocation ends what was issued before it, and is dated by the wall
// clock: so nothing is issued later than that, even if it was set back.
std::optional<Refusal> SetTimes(const MintOptions& options, const VerifiedIdentity& identity,
                                const MintRequest& request, const GrantShape& shape,
                                const Clock& clock, GrantClaims* claims) {
  if (request.seconds < 0) return Refusal{RefusalId::kRequestUnfit, "exp"};
  std::int64_t seconds = std::min(*shape.most_seconds, options.most_seconds);
  if (request.seconds > 0) seconds = std::min(seconds, request.seconds);
  if (seconds <= 0) return Refusal{RefusalId::kRequestUnfit, "exp"};
  const std::int64_t now = clock.Seconds();
  if (identity.expires_at() <= now) return Refusal{RefusalId::kExpired, "identity"};
  claims->issued_at = claims->not_before = std::min(now, clock.WallSeconds());
  claims->expires_at = std::min(claims->issued_at + seconds, identity.expires_at());
  if (claims->expires_at <= now) return Refusal{RefusalId::kClockBehind};
  return std::nullopt;
}

// One hash for all requests: their pinned members must be the same.
Checked<std::string> PinnedHash(const AllowProof& proof, const std::vector<std::string>& members) {
  std::string hash;
  for (const Request& request : proof.requests()) {
    const Checked<std::string> one = HashPinnedContext(request.context, members);
    if (!one.ok()) return one.error();
    if (!hash.empty() && hash != one.value()) return Refusal{RefusalId::kContextUnfit};
    hash = one.value();
  }
  return hash;
}

}  // namespace

Checked<GrantClaims> ShapeGrant(const MintOptions& options, const VerifiedIdentity& identity,
                                const MintRequest& request, const AllowProof& proof,
                                const Clock& clock) {
  const auto shaped = ShapeOf(options, proof);
  if (!shaped.ok()) return shaped.error();
  const GrantShape& shape = shaped.value();
  GrantClaims claims;
  auto audience = AudienceOf(request, shape);
  if (!audience.ok()) return audience.error();
  auto binding = BindingOf(identity, request, shape.bindings);
  if (!binding.ok()) return binding.error();
  if (const auto problem = SetTimes(options, identity, request, shape, clock, &claims)) {
    return *problem;
  }
  if (!shape.pinned_members.empty()) {
    claims.pinned_members.assign(shape.pinned_members.begin(), shape.pinned_members.end());
    auto hash = PinnedHash(proof, claims.pinned_members);
    if (!hash.ok()) return hash.error();
    claims.context_hash = std::move(hash).value();
  }
  claims.issuer = options.issuer;
  claims.subject = claims.client_id = identity.subject();
  claims.audience = std::move(audience).value();
  claims.binding = std::move(binding).value();
  // From what was decided, not from what was asked: a tuple that policy has not seen is in no
  // grant.
  for (std::size_t i = 0; i < proof.requests().size(); ++i) {
    const Request& decided = proof.requests()[i];
    claims.tuples.push_back({request.tuples[i].tool, decided.action, decided.resource});
  }
  claims.txn = request.txn.empty() ? request.task : request.txn;
  claims.task = request.task;
  claims.step = request.step;
  claims.purpose = request.purpose;
  claims.policy_digest = proof.policy().digest_text;
  claims.max_uses = shape.high_risk ? 1 : shape.most_uses.value_or(0);
  return claims;
}

}  // namespace assay::mint::hook
