// JSON Web Keys and sets of them.
#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/json.h"
#include "engine/mint/jose/key_data.h"

namespace assay::mint {

namespace jose {

namespace {

constexpr std::size_t kMostNumberBytes = 1025;

// Members of private and shared keys (RFC 7518, section 6).
constexpr std::array<std::string_view, 8> kPrivate = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

Refusal Malformed(std::string_view about) { return {RefusalId::kKeyMalformed, about}; }

// The bytes of a member; `size` of them unless it is 0.
bool ReadBytes(const json::Node& jwk, std::string_view name, std::size_t size, std::string* bytes) {
  const std::string* text = FindString(jwk, name);
  if (text == nullptr || !DecodeBase64url(*text, bytes)) return false;
  return size != 0 ? bytes->size() == size : !bytes->empty() && bytes->size() <= kMostNumberBytes;
}

PkeyPtr FromParams(const char* type, OSSL_PARAM_BLD* build) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(build));
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* pkey = nullptr;
  if (!params || !ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(ctx.get(), &pkey, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
  return PkeyPtr(pkey);
}

PkeyPtr ReadEc(const json::Node& jwk, const AlgorithmRow& row) {
  std::string x;
  std::string y;
  const std::size_t width = row.signature_bytes / 2;
  if (!ReadBytes(jwk, "x", width, &x) || !ReadBytes(jwk, "y", width, &y)) return nullptr;
  const std::string point = "\x04" + x + y;
  const ParamBuildPtr build(OSSL_PARAM_BLD_new());
  if (!build ||
      OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, row.group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return FromParams("EC", build.get());
}

PkeyPtr ReadOkp(const json::Node& jwk) {
  std::string x;
  if (!ReadBytes(jwk, "x", 32, &x)) return nullptr;
  return PkeyPtr(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, Bytes(x), x.size()));
}

PkeyPtr ReadRsa(const json::Node& jwk) {
  std::string n;
  std::string e;
  if (!ReadBytes(jwk, "n", 0, &n) || !ReadBytes(jwk, "e", 0, &e)) return nullptr;
  const BignumPtr modulus(BN_bin2bn(Bytes(n), static_cast<int>(n.size()), nullptr));
  const BignumPtr exponent(BN_bin2bn(Bytes(e), static_cast<int>(e.size()), nullptr));
  const ParamBuildPtr build(OSSL_PARAM_BLD_new());
  // A leading zero would be a second text for the same key.
  if (!build || !modulus || !exponent || n[0] == '\0' || e[0] == '\0' ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  return FromParams("RSA", build.get());
}

// The algorithm the key is bound to; nothing if its kind is not supported.
Checked<Algorithm> ReadAlgorithm(const json::Node& jwk) {
  const std::string* type = FindString(jwk, "kty");
  if (type == nullptr) return Malformed("kty");
  const std::string* curve = FindString(jwk, "crv");
  const json::Node* alg = jwk.Find("alg");
  if (alg != nullptr && alg->type != json::Type::kString) return Malformed("alg");
  if (*type == "oct") return Refusal{RefusalId::kKeyPrivate, "kty"};
  for (const Algorithm algorithm : kEveryAlgorithm) {
    const AlgorithmRow& row = RowOf(algorithm);
    const std::string_view kty = row.type == KeyType::kEc    ? "EC"
                                 : row.type == KeyType::kOkp ? "OKP"
                                                             : "RSA";
    if (*type != kty || (!row.curve.empty() && (curve == nullptr || *curve != row.curve))) continue;
    if (alg == nullptr || alg->string == row.name) return algorithm;
  }
  return Refusal{RefusalId::kKeyUnsupported};
}

std::optional<Refusal> CheckUse(const json::Node& jwk, UseRule rule) {
  const json::Node* use = jwk.Find("use");
  if (use != nullptr && use->type != json::Type::kString) return Malformed("use");
  if (rule == UseRule::kSignatures && use != nullptr && use->string != "sig") {
    return Refusal{RefusalId::kKeyUse, "use"};
  }
  const json::Node* ops = jwk.Find("key_ops");
  if (ops == nullptr) return std::nullopt;
  if (ops->type != json::Type::kArray) return Malformed("key_ops");
  const bool verifies =
      std::any_of(ops->elements.begin(), ops->elements.end(),
                  [](const json::Node& element) { return element.string == "verify"; });
  if (!verifies) return Refusal{RefusalId::kKeyUse, "key_ops"};
  return std::nullopt;
}

}  // namespace

Checked<PublicKey> ReadJwk(const json::Node& jwk, UseRule rule) {
  if (jwk.type != json::Type::kObject) return Malformed("jwk");
  for (const std::string_view name : kPrivate) {
    if (jwk.Find(name) != nullptr) return Refusal{RefusalId::kKeyPrivate, name};
  }
  const Checked<Algorithm> algorithm = ReadAlgorithm(jwk);
  if (!algorithm.ok()) return algorithm.error();
  if (const auto problem = CheckUse(jwk, rule)) return *problem;
  const json::Node* kid = jwk.Find("kid");
  if (kid != nullptr && kid->type != json::Type::kString) return Malformed("kid");
  const AlgorithmRow& row = RowOf(algorithm.value());
  PkeyPtr pkey = row.type == KeyType::kEc    ? ReadEc(jwk, row)
                 : row.type == KeyType::kOkp ? ReadOkp(jwk)
                                             : ReadRsa(jwk);
  if (!pkey) return Refusal{RefusalId::kKeyMalformed};
  return Access::MakePublic(std::move(pkey), algorithm.value(),
                            kid == nullptr ? std::string() : kid->string);
}

std::optional<Algorithm> DefaultAlgorithm(const EVP_PKEY* pkey) {
  if (EVP_PKEY_is_a(pkey, "RSA") == 1) return Algorithm::kRs256;
  if (EVP_PKEY_is_a(pkey, "ED25519") == 1) return Algorithm::kEdDsa;
  std::array<char, 32> group{};
  if (EVP_PKEY_get_group_name(pkey, group.data(), group.size(), nullptr) != 1) return std::nullopt;
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512}) {
    if (std::string_view(group.data()) == RowOf(algorithm).group) return algorithm;
  }
  return std::nullopt;
}

}  // namespace jose

Checked<PublicKey> PublicKey::FromJwk(std::string_view json) noexcept {
  return Guard([&]() -> Checked<PublicKey> {
    const ErrorMark mark;
    if (json.size() > limits::kDocumentBytes) return jose::Malformed("jwk");
    const auto jwk = jose::ParseObject(json, "jwk");
    if (!jwk.ok()) return jwk.error();
    return jose::ReadJwk(jwk.value(), jose::UseRule::kSignatures);
  });
}

Checked<KeySet> KeySet::FromJwks(std::string_view json) noexcept {
  return Guard([&]() -> Checked<KeySet> {
    const ErrorMark mark;
    if (json.size() > limits::kDocumentBytes) return Refusal{RefusalId::kKeySetMalformed, "size"};
    const auto document = jose::ParseObject(json, "jwks");
    if (!document.ok()) return document.error();
    const json::Node* keys = document.value().Find("keys");
    if (keys == nullptr || keys->type != json::Type::kArray ||
        keys->elements.size() > limits::kKeys) {
      return Refusal{RefusalId::kKeySetMalformed, "keys"};
    }
    KeySet set;
    for (const json::Node& jwk : keys->elements) {
      auto key = jose::ReadJwk(jwk, jose::UseRule::kSignatures);
      if (key.ok()) {
        if (key.value().kid().empty()) continue;
        if (const auto added = set.Add(std::move(key).value()); !added.ok()) return added.error();
        continue;
      }
      const RefusalId id = key.error().id;
      const bool unsupported =
          id == RefusalId::kKeyUnsupported || id == RefusalId::kKeyUse || id == RefusalId::kKeyWeak;
      if (!unsupported) return key.error();
    }
    return set;
  });
}

Checked<bool> KeySet::Add(PublicKey key) noexcept {
  return Guard([&]() -> Checked<bool> {
    if (key.kid().empty()) return Refusal{RefusalId::kKeyIdMissing};
    std::string kid(key.kid());
    if (!keys_.try_emplace(std::move(kid), std::move(key)).second) {
      return Refusal{RefusalId::kKeyIdDuplicate};
    }
    return true;
  });
}

const PublicKey* KeySet::Find(std::string_view kid) const noexcept {
  const auto found = keys_.find(kid);
  return found == keys_.end() ? nullptr : &found->second;
}

std::string KeySet::ToJwks() const {
  std::string out = "{\"keys\":[";
  for (const auto& [kid, key] : keys_) {
    if (out.back() == '}') out.push_back(',');
    out.append(key.ToJwk());
  }
  return out.append("]}");
}

}  // namespace assay::mint
