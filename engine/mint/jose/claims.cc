#include "engine/mint/jose/claims.h"

#include "assay/mint/limits.h"

namespace assay::mint::jose {

namespace {

Refusal Malformed(std::string_view name) { return {RefusalId::kClaimMalformed, name}; }

}  // namespace

Checked<std::string> ReadText(const json::Node& claims, std::string_view name) {
  const json::Node* claim = claims.Find(name);
  if (claim == nullptr) return Refusal{RefusalId::kClaimMissing, name};
  if (claim->type != json::Type::kString || claim->string.empty() ||
      claim->string.size() > limits::kClaimBytes) {
    return Malformed(name);
  }
  return claim->string;
}

Checked<std::int64_t> ReadTime(const json::Node& claims, std::string_view name) {
  const json::Node* claim = claims.Find(name);
  if (claim == nullptr) return Refusal{RefusalId::kClaimMissing, name};
  if (claim->type != json::Type::kInteger || claim->integer < 0 || claim->integer > kMostTime) {
    return Malformed(name);
  }
  return claim->integer;
}

std::optional<Refusal> CheckAudience(const json::Node& claims, std::string_view audience) {
  const json::Node* claim = claims.Find("aud");
  if (claim == nullptr) return Refusal{RefusalId::kClaimMissing, "aud"};
  if (claim->type == json::Type::kArray) {
    if (claim->elements.empty()) return Refusal{RefusalId::kClaimMissing, "aud"};
    if (claim->elements.size() > 1) return Refusal{RefusalId::kAudienceNotSingle};
    claim = &claim->elements.front();
  }
  if (claim->type != json::Type::kString) return Malformed("aud");
  if (claim->string != audience) return Refusal{RefusalId::kAudienceMismatch};
  return std::nullopt;
}

Checked<Times> CheckTimes(const json::Node& claims, std::int64_t now, const TimeRules& rules) {
  const auto expires_at = ReadTime(claims, "exp");
  if (!expires_at.ok()) return expires_at.error();
  std::int64_t issued_at = now;
  if (rules.issued_at_required || claims.Find("iat") != nullptr) {
    const auto read = ReadTime(claims, "iat");
    if (!read.ok()) return read.error();
    issued_at = read.value();
    if (issued_at > now + rules.skew) return Refusal{RefusalId::kIssuedInFuture};
    if (issued_at >= expires_at.value()) return Malformed("exp");
  }
  if (claims.Find("nbf") != nullptr) {
    const auto not_before = ReadTime(claims, "nbf");
    if (!not_before.ok()) return not_before.error();
    if (not_before.value() >= expires_at.value()) return Malformed("nbf");
    if (not_before.value() > now + rules.skew) return Refusal{RefusalId::kNotYetValid};
  }
  if (expires_at.value() + rules.skew <= now) return Refusal{RefusalId::kExpired};
  if (expires_at.value() - issued_at > rules.most_lifetime) {
    return Refusal{RefusalId::kLifetimeTooLong};
  }
  return Times{issued_at, expires_at.value()};
}

}  // namespace assay::mint::jose
