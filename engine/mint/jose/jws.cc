#include "engine/mint/jose/jws.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/json_text.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/json.h"

namespace assay::mint::jose {

namespace {

// Members that bring a key or say where to fetch one (RFC 7515, section 4.1).
constexpr std::array<std::string_view, 4> kKeySources = {"jku", "jwk", "x5u", "x5c"};
constexpr std::array<std::string_view, 4> kAlwaysKnown = {"alg", "typ", "kid", "jwk"};

struct Parts {
  std::string_view header, payload, signature;
};

Checked<Parts> Split(std::string_view token) {
  const auto dots = std::count(token.begin(), token.end(), '.');
  if (dots == 4) return Refusal{RefusalId::kTokenEncrypted};
  if (dots != 2) return Refusal{RefusalId::kTokenMalformed};
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1)};
}

// `none` is recognised however it is written, to name the attack.
bool IsNone(std::string_view name) {
  constexpr std::string_view kNone = "none";
  return name.size() == kNone.size() && std::equal(name.begin(), name.end(), kNone.begin(),
                                                   [](char a, char b) { return (a | 0x20) == b; });
}

Checked<Algorithm> ReadAlgorithm(const json::Node& header, const AlgorithmSet& allowed) {
  const json::Node* alg = header.Find("alg");
  if (alg == nullptr) return Refusal{RefusalId::kAlgorithmMissing};
  if (alg->type != json::Type::kString) return Refusal{RefusalId::kHeaderMalformed, "alg"};
  const std::string& name = alg->string;
  if (IsNone(name)) return Refusal{RefusalId::kAlgorithmNone};
  if (name == "HS256" || name == "HS384" || name == "HS512") {
    return Refusal{RefusalId::kAlgorithmSymmetric};
  }
  const auto algorithm = FindAlgorithm(name);
  if (!algorithm) return Refusal{RefusalId::kAlgorithmUnsupported};
  if (!allowed.Has(*algorithm)) return Refusal{RefusalId::kAlgorithmNotAllowed};
  return *algorithm;
}

// What must not be there.
std::optional<Refusal> CheckMembers(const json::Node& header, const JwsRules& rules) {
  // No extension is understood, and RFC 7797's must not be overlooked by who forgot to demand it.
  if (header.Find("crit") != nullptr) return Refusal{RefusalId::kHeaderCritical, "crit"};
  if (header.Find("b64") != nullptr) return Refusal{RefusalId::kHeaderCritical, "b64"};
  if (header.Find("enc") != nullptr) return Refusal{RefusalId::kTokenEncrypted, "enc"};
  for (const std::string_view name : kKeySources) {
    const bool wanted = rules.brings_key && name == "jwk";
    if (!wanted && header.Find(name) != nullptr) {
      return Refusal{RefusalId::kHeaderKeyInjected, name};
    }
  }
  if (!rules.known_members_only) return std::nullopt;
  for (const json::Member& member : header.members) {
    if (std::find(kAlwaysKnown.begin(), kAlwaysKnown.end(), member.key) == kAlwaysKnown.end()) {
      return Refusal{RefusalId::kHeaderMemberForbidden};
    }
  }
  return std::nullopt;
}

std::optional<Refusal> ReadType(const json::Node& header, const JwsRules& rules,
                                std::string* type) {
  const json::Node* typ = header.Find("typ");
  if (typ == nullptr) {
    if (rules.type_optional) return std::nullopt;
    return Refusal{RefusalId::kTypeMismatch};
  }
  if (typ->type != json::Type::kString) return Refusal{RefusalId::kHeaderMalformed, "typ"};
  if (std::find(rules.types.begin(), rules.types.end(), typ->string) == rules.types.end()) {
    return Refusal{RefusalId::kTypeMismatch};
  }
  *type = typ->string;
  return std::nullopt;
}

std::optional<Refusal> ReadKeyId(const json::Node& header, const JwsRules& rules,
                                 std::string* kid) {
  const json::Node* member = header.Find("kid");
  if (member == nullptr) {
    if (!rules.key_id_required) return std::nullopt;
    return Refusal{RefusalId::kKeyIdMissing};
  }
  if (member->type != json::Type::kString) return Refusal{RefusalId::kHeaderMalformed, "kid"};
  *kid = member->string;
  return std::nullopt;
}

}  // namespace

Checked<Jws> ParseJws(std::string_view token, const JwsRules& rules) {
  if (token.size() > rules.most_bytes) return Refusal{RefusalId::kTokenTooLarge};
  const auto parts = Split(token);
  if (!parts.ok()) return parts.error();
  const auto [header_text, payload, signature] = parts.value();
  std::string header_json;
  if (!DecodeBase64url(header_text, &header_json)) {
    return Refusal{RefusalId::kNotBase64url, "header"};
  }
  Jws jws;
  if (!DecodeBase64url(signature, jws.signature.get())) {
    return Refusal{RefusalId::kNotBase64url, "signature"};
  }
  auto header = ParseObject(header_json, "header");
  if (!header.ok()) return header.error();
  if (const auto problem = CheckMembers(header.value(), rules)) return *problem;
  if (const auto problem = ReadType(header.value(), rules, &jws.type)) return *problem;
  const auto algorithm = ReadAlgorithm(header.value(), rules.algorithms);
  if (!algorithm.ok()) return algorithm.error();
  jws.algorithm = algorithm.value();
  if (const auto problem = ReadKeyId(header.value(), rules, &jws.kid)) return *problem;
  if (rules.brings_key) {
    const json::Node* jwk = header.value().Find("jwk");
    if (jwk == nullptr) return Refusal{RefusalId::kHeaderMalformed, "jwk"};
    jws.jwk = *jwk;
  }
  jws.signing_input = token.substr(0, header_text.size() + 1 + payload.size());
  jws.payload = payload;
  return jws;
}

std::optional<Refusal> CheckSignature(const Jws& jws, const PublicKey& key) {
  if (jws.algorithm != key.algorithm()) return Refusal{RefusalId::kAlgorithmNotOfKey};
  if (!key.Verify(jws.signing_input, jws.signature.view()))
    return Refusal{RefusalId::kSignatureInvalid};
  return std::nullopt;
}

Checked<json::Node> ReadPayload(const Jws& jws) {
  std::string text;
  if (!DecodeBase64url(jws.payload, &text)) return Refusal{RefusalId::kNotBase64url, "payload"};
  auto payload = ParseObject(text, "payload");
  return payload;
}

Checked<std::string> SignJws(const SigningKey& key, std::string_view type, std::string_view payload,
                             bool jwk_in_header) {
  const PublicKey& public_key = key.public_key();
  std::string header = "{\"alg\":\"";
  header.reserve(128);
  header.append(AlgorithmName(public_key.algorithm()));
  if (jwk_in_header) {
    header.append("\",\"jwk\":").append(public_key.ToJwk());
  } else {
    header.append("\",\"kid\":");
    json::AppendString(public_key.kid(), &header);
  }
  if (!type.empty()) {
    header.append(",\"typ\":");
    json::AppendString(type, &header);
  }
  header.push_back('}');
  std::string token;
  token.reserve((header.size() + payload.size()) * 4 / 3 + 100);
  AppendBase64url(header, &token);
  token.push_back('.');
  AppendBase64url(payload, &token);
  auto signature = key.Sign(token);
  if (!signature.ok()) return signature.error();
  token.push_back('.');
  const CleansedText bytes(std::move(signature).value());
  AppendBase64url(bytes.view(), &token);
  return token;
}

}  // namespace assay::mint::jose
