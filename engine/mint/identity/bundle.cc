// Trust bundles in JSON, and the store of those in use.
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "assay/mint/limits.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/identity/certificate.h"
#include "engine/mint/identity/identity_data.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/digest.h"
#include "engine/mint/jose/json.h"
#include "engine/mint/jose/key_data.h"

namespace assay::mint {

namespace identity {

namespace {

Refusal Malformed(std::string_view about) { return {RefusalId::kBundleMalformed, about}; }

std::optional<Refusal> AddJwtKey(const json::Node& entry, BundleData* data) {
  auto key = jose::ReadJwk(entry, jose::UseRule::kAny);
  if (!key.ok()) {
    const RefusalId id = key.error().id;
    if (id == RefusalId::kKeyUnsupported || id == RefusalId::kKeyWeak) return std::nullopt;
    return key.error();
  }
  if (const auto added = data->jwt_keys.Add(std::move(key).value()); !added.ok()) {
    return added.error();
  }
  return std::nullopt;
}

std::optional<Refusal> AddAuthority(const json::Node& entry, BundleData* data) {
  if (entry.Find("kid") != nullptr) return Malformed("kid");
  const json::Node* chain = entry.Find("x5c");
  if (chain == nullptr || chain->type != json::Type::kArray || chain->elements.size() != 1) {
    return Malformed("x5c");
  }
  std::string der;
  if (chain->elements[0].type != json::Type::kString ||
      !jose::DecodeBase64(chain->elements[0].string, &der)) {
    return Malformed("x5c");
  }
  const X509Ptr certificate = ParseCertificate(der);
  if (!certificate || X509_check_ca(certificate.get()) != 1) return Malformed("x5c");
  if (X509_STORE_add_cert(data->authorities.get(), certificate.get()) != 1) {
    return Refusal{RefusalId::kCryptoFailed};
  }
  ++data->authority_count;
  return std::nullopt;
}

std::optional<Refusal> ReadNumber(const json::Node& document, std::string_view name,
                                  std::optional<std::int64_t>* number) {
  const json::Node* member = document.Find(name);
  if (member == nullptr) return std::nullopt;
  if (member->type != json::Type::kInteger || member->integer < 0) return Malformed(name);
  *number = member->integer;
  return std::nullopt;
}

std::optional<Refusal> ReadEntries(const json::Node& document, BundleData* data) {
  const json::Node* keys = document.Find("keys");
  if (keys == nullptr || keys->type != json::Type::kArray ||
      keys->elements.size() > limits::kBundleEntries) {
    return Malformed("keys");
  }
  for (const json::Node& entry : keys->elements) {
    if (entry.type != json::Type::kObject) return Malformed("keys");
    const std::string* use = jose::FindString(entry, "use");
    if (use == nullptr) continue;
    std::optional<Refusal> problem;
    if (*use == "jwt-svid") problem = AddJwtKey(entry, data);
    if (*use == "x509-svid") problem = AddAuthority(entry, data);
    if (problem) return problem;
  }
  return std::nullopt;
}

Checked<BundleData> ReadBundle(std::string_view trust_domain, const json::Node& document,
                               std::string_view text) {
  if (!IsTrustDomain(trust_domain)) return Malformed("trust domain");
  if (document.type != json::Type::kObject) return Malformed("bundle");
  BundleData data;
  data.trust_domain = trust_domain;
  data.authorities.reset(X509_STORE_new());
  data.digest = jose::Sha256(text);
  if (!data.authorities || data.digest.empty()) return Refusal{RefusalId::kCryptoFailed};
  std::optional<std::int64_t> hint;
  if (const auto problem = ReadNumber(document, "spiffe_sequence", &data.sequence)) return *problem;
  if (const auto problem = ReadNumber(document, "spiffe_refresh_hint", &hint)) return *problem;
  data.refresh_hint = hint.value_or(0);
  if (const auto problem = ReadEntries(document, &data)) return *problem;
  return data;
}

}  // namespace

}  // namespace identity

Checked<TrustBundle> TrustBundle::FromJson(std::string_view trust_domain,
                                           std::string_view json) noexcept {
  return Guard([&]() -> Checked<TrustBundle> {
    const ErrorMark mark;
    if (json.size() > limits::kDocumentBytes) return identity::Malformed("size");
    const auto document = jose::ParseObject(json, "bundle");
    if (!document.ok()) return document.error();
    auto data = identity::ReadBundle(trust_domain, document.value(), json);
    if (!data.ok()) return data.error();
    return identity::Access::Make(std::move(data).value());
  });
}

std::string_view TrustBundle::trust_domain() const { return data_->trust_domain; }
std::optional<std::int64_t> TrustBundle::sequence() const { return data_->sequence; }
std::int64_t TrustBundle::refresh_hint() const { return data_->refresh_hint; }
const KeySet& TrustBundle::jwt_keys() const { return data_->jwt_keys; }
std::size_t TrustBundle::authority_count() const { return data_->authority_count; }

std::optional<Refusal> TrustStore::CheckSequence(const TrustBundle& bundle) const {
  const auto found = bundles_.find(bundle.trust_domain());
  if (found == bundles_.end() || !found->second.sequence()) return std::nullopt;
  const std::int64_t current = *found->second.sequence();
  const std::int64_t next = bundle.sequence().value_or(-1);
  const bool same =
      identity::Access::DataOf(found->second).digest == identity::Access::DataOf(bundle).digest;
  if (next > current || (next == current && same)) return std::nullopt;
  return Refusal{RefusalId::kBundleSequence};
}

Checked<bool> TrustStore::Update(TrustBundle bundle) noexcept {
  return Guard([&]() -> Checked<bool> {
    const std::lock_guard lock(mutex_);
    if (const auto problem = CheckSequence(bundle)) return *problem;
    bundles_.insert_or_assign(std::string(bundle.trust_domain()), bundle);
    return true;
  });
}

Checked<std::size_t> TrustStore::UpdateFromMap(std::string_view json) noexcept {
  return Guard([&]() -> Checked<std::size_t> {
    const ErrorMark mark;
    if (json.size() > limits::kDocumentBytes) return identity::Malformed("size");
    const auto document = jose::ParseObject(json, "bundle map");
    if (!document.ok()) return document.error();
    const json::Node* domains = document.value().Find("trust_domains");
    if (domains == nullptr || domains->type != json::Type::kObject) {
      return identity::Malformed("trust_domains");
    }
    const std::lock_guard lock(mutex_);
    auto updated = bundles_;
    for (std::size_t i = 0; i < domains->members.size(); ++i) {
      const json::Node& node = domains->elements[i];
      const std::string_view text = json.substr(node.span.begin, node.span.end - node.span.begin);
      auto data = identity::ReadBundle(domains->members[i].key, node, text);
      if (!data.ok()) return data.error();
      const TrustBundle bundle = identity::Access::Make(std::move(data).value());
      if (const auto problem = CheckSequence(bundle)) return *problem;
      updated.insert_or_assign(domains->members[i].key, bundle);
    }
    bundles_ = std::move(updated);
    return domains->members.size();
  });
}

std::optional<TrustBundle> TrustStore::Find(std::string_view trust_domain) const noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = bundles_.find(trust_domain);
  if (found == bundles_.end()) return std::nullopt;
  return found->second;
}

}  // namespace assay::mint
