#include "assay/mint/dpop.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <queue>
#include <unordered_set>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/base/json_text.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/base/openssl.h"
#include "engine/mint/grant/http_url.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/claims.h"
#include "engine/mint/jose/digest.h"
#include "engine/mint/jose/json.h"
#include "engine/mint/jose/jws.h"
#include "engine/mint/jose/key_data.h"

namespace assay::mint {

namespace grant {

// The proofs of the window, each until it is stale anyway.
class ReplayCache {
 public:
  explicit ReplayCache(std::size_t most) : most_(most) {}

  std::optional<Refusal> Add(std::string digest, std::int64_t now, std::int64_t stale_at) {
    const std::lock_guard lock(mutex_);
    while (!order_.empty() && order_.top().first <= now) {
      seen_.erase(order_.top().second);
      order_.pop();
    }
    if (seen_.count(digest) != 0) return Refusal{RefusalId::kProofReplayed};
    if (seen_.size() >= most_) return Refusal{RefusalId::kProofLimit};
    order_.emplace(stale_at, digest);
    seen_.insert(std::move(digest));
    return std::nullopt;
  }

 private:
  using Entry = std::pair<std::int64_t, std::string>;

  std::mutex mutex_;
  std::size_t most_;
  std::unordered_set<std::string> seen_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> order_;
};

namespace {

constexpr std::array<std::string_view, 1> kTypes = {"dpop+jwt"};
const jose::JwsRules kRules{.most_bytes = limits::kProofBytes,
                            .algorithms = {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512,
                                           Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256},
                            .types = kTypes,
                            .key_id_required = false,
                            .brings_key = true};

// The key in the header. RSA keys fit two algorithms: the header's decides, as nothing else binds
// it.
Checked<PublicKey> ReadKey(const jose::Jws& jws) {
  json::Node jwk = *jws.jwk;
  const std::string name(AlgorithmName(jws.algorithm));
  const json::Node* alg = jwk.Find("alg");
  if (alg == nullptr) {
    jwk.members.push_back({"alg", {}});
    jwk.elements.push_back({.type = json::Type::kString, .string = name});
  }
  return jose::ReadJwk(jwk, jose::UseRule::kSignatures);
}

std::optional<Refusal> CheckTarget(const json::Node& claims, const ProofTarget& target) {
  const auto method = jose::ReadText(claims, "htm");
  if (!method.ok()) return method.error();
  if (method.value() != target.method) return Refusal{RefusalId::kProofMethod};
  const auto url = jose::ReadText(claims, "htu");
  if (!url.ok()) return url.error();
  // RFC 9449, section 4.2: without query and fragment.
  const auto named = NormalUrl(url.value());
  const bool bare = url.value().find_first_of("?#") == std::string::npos;
  if (!bare || !named || named != NormalUrl(target.url)) return Refusal{RefusalId::kProofUrl};
  if (!target.token.empty()) {
    const auto hash = jose::ReadText(claims, "ath");
    if (!hash.ok()) return hash.error();
    const std::string wanted = jose::Sha256Text(target.token);
    if (wanted.empty()) return Refusal{RefusalId::kCryptoFailed};
    if (hash.value() != wanted) return Refusal{RefusalId::kProofToken};
  }
  if (!target.nonce.empty()) {
    const std::string* nonce = jose::FindString(claims, "nonce");
    if (nonce == nullptr || *nonce != target.nonce) return Refusal{RefusalId::kProofNonce};
  }
  return std::nullopt;
}

}  // namespace

}  // namespace grant

DpopVerifier::DpopVerifier(const Clock& clock, DpopOptions options)
    : clock_(clock),
      options_(options),
      started_at_(clock.Seconds()),
      seen_(std::make_unique<grant::ReplayCache>(options.most_proofs)) {}

DpopVerifier::~DpopVerifier() = default;

Checked<ProvenKey> DpopVerifier::Verify(std::string_view proof,
                                        const ProofTarget& target) const noexcept {
  return Guard([&]() -> Checked<ProvenKey> {
    const ErrorMark mark;
    const auto jws = jose::ParseJws(proof, grant::kRules);
    if (!jws.ok()) return jws.error();
    const auto key = grant::ReadKey(jws.value());
    if (!key.ok()) return key.error();
    if (const auto problem = jose::CheckSignature(jws.value(), key.value())) return *problem;
    const auto claims = jose::ReadPayload(jws.value());
    if (!claims.ok()) return claims.error();
    if (const auto problem = grant::CheckTarget(claims.value(), target)) return *problem;
    const auto issued_at = jose::ReadTime(claims.value(), "iat");
    if (!issued_at.ok()) return issued_at.error();
    const std::int64_t now = clock_.Seconds();
    if (issued_at.value() > now + options_.skew) return Refusal{RefusalId::kIssuedInFuture};
    const std::int64_t stale_at = issued_at.value() + options_.window + options_.skew;
    if (stale_at <= now || issued_at.value() + options_.skew < started_at_) {
      return Refusal{RefusalId::kProofStale};
    }
    const auto id = jose::ReadText(claims.value(), "jti");
    if (!id.ok()) return id.error();
    std::string thumbprint(key.value().thumbprint());
    std::string digest = jose::Sha256(thumbprint + id.value());
    if (digest.empty()) return Refusal{RefusalId::kCryptoFailed};
    if (const auto problem = seen_->Add(std::move(digest), now, stale_at)) return *problem;
    return ProvenKey(std::move(thumbprint));
  });
}

Checked<std::string> MakeDpopProof(const SigningKey& key, const ProofTarget& target,
                                   std::int64_t issued_at) noexcept {
  return Guard([&]() -> Checked<std::string> {
    const ErrorMark mark;
    std::string id(16, '\0');
    if (RAND_bytes(Bytes(&id), static_cast<int>(id.size())) != 1) {
      return Refusal{RefusalId::kCryptoFailed};
    }
    const std::string_view url = target.url.substr(0, target.url.find_first_of("?#"));
    std::string claims = "{\"jti\":\"" + jose::EncodeBase64url(id) + "\",\"htm\":";
    json::AppendString(target.method, &claims);
    claims.append(",\"htu\":");
    json::AppendString(url, &claims);
    claims.append(",\"iat\":").append(std::to_string(issued_at));
    if (!target.token.empty()) {
      claims.append(",\"ath\":\"").append(jose::Sha256Text(target.token)).append("\"");
    }
    if (!target.nonce.empty()) {
      claims.append(",\"nonce\":");
      json::AppendString(target.nonce, &claims);
    }
    return jose::SignJws(key, "dpop+jwt", claims.append("}"), true);
  });
}

}  // namespace assay::mint
