#include "engine/mint/grant/grant_json.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/base/json_text.h"
#include "engine/base/names.h"
#include "engine/base/utf8.h"
#include "engine/data/uid_text.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/base/openssl.h"
#include "engine/mint/jose/claims.h"
#include "engine/mint/jose/json.h"
#include "engine/mint/jose/jws.h"

namespace assay::mint::grant {

namespace {

// `type` of our elements of authorization_details, and the names of our own claims.
constexpr std::string_view kDetailType = "urn:assay:request";
constexpr std::string_view kOwn = "urn:assay:";
constexpr std::string_view kPinned = "urn:assay:ctx_members";
constexpr std::string_view kContextHash = "urn:assay:ctx_hash";
constexpr std::string_view kMaxUses = "urn:assay:max_uses";
constexpr std::size_t kThumbprintBytes = 43;

// Claims that are texts: those that must be there, and those that may.
struct TextClaim {
  std::string_view name;
  std::string GrantClaims::*member;
};
constexpr std::array kRequired = {
    TextClaim{"iss", &GrantClaims::issuer},   TextClaim{"sub", &GrantClaims::subject},
    TextClaim{"aud", &GrantClaims::audience}, TextClaim{"client_id", &GrantClaims::client_id},
    TextClaim{"jti", &GrantClaims::jti},      TextClaim{"txn", &GrantClaims::txn},
};
constexpr std::array kOptional = {
    TextClaim{"urn:assay:task", &GrantClaims::task},
    TextClaim{"urn:assay:step", &GrantClaims::step},
    TextClaim{"urn:assay:decision_id", &GrantClaims::decision_id},
    TextClaim{"urn:assay:policy_digest", &GrantClaims::policy_digest},
    TextClaim{kContextHash, &GrantClaims::context_hash},
};

Refusal Malformed(std::string_view about) { return {RefusalId::kClaimMalformed, about}; }

// --- writing

// Of a member of ours: nothing in it needs an escape.
void AppendName(std::string_view name, std::string* out) {
  out->append(out->back() == '{' ? "\"" : ",\"").append(name).append("\":");
}

void AppendMember(std::string_view name, std::string_view text, std::string* out) {
  AppendName(name, out);
  json::AppendString(text, out);
}

void AppendNumber(std::string_view name, std::int64_t number, std::string* out) {
  AppendName(name, out);
  out->append(std::to_string(number));
}

void AppendTuples(const std::vector<GrantTuple>& tuples, std::string* out) {
  out->append(",\"authorization_details\":[");
  for (const GrantTuple& tuple : tuples) {
    if (out->back() == '}') out->push_back(',');
    out->append("{");
    AppendMember("type", kDetailType, out);
    out->append(",\"actions\":[");
    json::AppendString(tuple.action.ToCedar(), out);
    out->append("]");
    AppendMember("identifier", tuple.resource.ToCedar(), out);
    if (!tuple.tool.empty()) {
      out->append(",\"locations\":[");
      json::AppendString(tuple.tool, out);
      out->append("]");
    }
    out->append("}");
  }
  out->append("]");
}

std::string Write(const GrantClaims& claims) {
  std::string out = "{";
  out.reserve(1024);
  for (const TextClaim& claim : kRequired) AppendMember(claim.name, claims.*claim.member, &out);
  AppendNumber("iat", claims.issued_at, &out);
  AppendNumber("nbf", claims.not_before, &out);
  AppendNumber("exp", claims.expires_at, &out);
  AppendTuples(claims.tuples, &out);
  if (claims.binding.kind != BindingKind::kBearer) {
    out.append(",\"cnf\":{");
    AppendMember(claims.binding.kind == BindingKind::kMtls ? "x5t#S256" : "jkt",
                 claims.binding.thumbprint, &out);
    out.append("}");
  }
  if (!claims.purpose.empty()) {
    out.append(",\"tctx\":{");
    AppendMember("purpose", claims.purpose, &out);
    out.append("}");
  }
  for (const TextClaim& claim : kOptional) {
    if (!(claims.*claim.member).empty()) AppendMember(claim.name, claims.*claim.member, &out);
  }
  if (!claims.pinned_members.empty()) {
    AppendName(kPinned, &out);
    out.append("[");
    for (const std::string& member : claims.pinned_members) {
      if (out.back() != '[') out.push_back(',');
      json::AppendString(member, &out);
    }
    out.append("]");
  }
  if (claims.max_uses != 0) AppendNumber(kMaxUses, claims.max_uses, &out);
  return out.append("}");
}

// --- what may be written: exactly what can be read

bool IsText(std::string_view text) {
  return !text.empty() && text.size() <= limits::kClaimBytes &&
         text.find('\0') == std::string_view::npos && utf8::ValidPrefix(text) == text.size();
}

bool IsUid(const EntityUid& uid) { return IsTypeName(uid.type) && IsText(uid.ToCedar()); }

bool IsTuple(const GrantTuple& tuple) {
  return IsUid(tuple.action) && IsUid(tuple.resource) && (tuple.tool.empty() || IsText(tuple.tool));
}

bool IsPinned(const GrantClaims& claims) {
  const auto& members = claims.pinned_members;
  return members.empty() == claims.context_hash.empty() &&
         members.size() <= limits::kPinnedMembers &&
         std::adjacent_find(members.begin(), members.end(), std::greater_equal<>()) ==
             members.end() &&
         std::all_of(members.begin(), members.end(), IsText);
}

bool AreTimes(const GrantClaims& claims) {
  return claims.issued_at >= 0 && claims.not_before >= 0 && claims.issued_at < claims.expires_at &&
         claims.not_before < claims.expires_at && claims.expires_at <= jose::kMostTime;
}

// Which claim does not fit; nothing if all do.
std::optional<std::string_view> CheckClaims(const GrantClaims& claims) {
  for (const TextClaim& claim : kRequired) {
    if (!IsText(claims.*claim.member)) return claim.name;
  }
  for (const TextClaim& claim : kOptional) {
    const std::string& text = claims.*claim.member;
    if (!text.empty() && !IsText(text)) return claim.name;
  }
  if (!claims.purpose.empty() && !IsText(claims.purpose)) return "purpose";
  if (claims.tuples.empty() || claims.tuples.size() > limits::kTuples ||
      !std::all_of(claims.tuples.begin(), claims.tuples.end(), IsTuple)) {
    return "authorization_details";
  }
  const bool bearer = claims.binding.kind == BindingKind::kBearer;
  const std::string& thumbprint = claims.binding.thumbprint;
  if (bearer ? !thumbprint.empty() : thumbprint.size() != kThumbprintBytes) return "cnf";
  if (!IsPinned(claims)) return kPinned;
  if (!AreTimes(claims)) return "exp";
  if (claims.max_uses > INT32_MAX) return kMaxUses;
  return std::nullopt;
}

// --- reading

// The text in an array of one.
const std::string* OnlyText(const json::Node* array) {
  if (array == nullptr || array->type != json::Type::kArray || array->elements.size() != 1) {
    return nullptr;
  }
  const json::Node& element = array->elements.front();
  return element.type == json::Type::kString ? &element.string : nullptr;
}

std::optional<EntityUid> ReadUid(const std::string* text) {
  if (text == nullptr || text->size() > limits::kClaimBytes) return std::nullopt;
  Diagnostics diagnostics(1);
  auto uid = data::ParseUidText(*text, {}, &diagnostics);
  // One text for each uid, so that comparing texts elsewhere means the same.
  if (!uid || uid->ToCedar() != *text) return std::nullopt;
  return uid;
}

std::optional<Refusal> ReadTuples(const json::Node& payload, std::vector<GrantTuple>* tuples) {
  constexpr std::string_view kName = "authorization_details";
  const json::Node* details = payload.Find(kName);
  if (details == nullptr) return Refusal{RefusalId::kClaimMissing, kName};
  if (details->type != json::Type::kArray || details->elements.empty() ||
      details->elements.size() > limits::kTuples) {
    return Malformed(kName);
  }
  for (const json::Node& detail : details->elements) {
    const std::string* type = jose::FindString(detail, "type");
    auto action = ReadUid(OnlyText(detail.Find("actions")));
    auto resource = ReadUid(jose::FindString(detail, "identifier"));
    if (type == nullptr || *type != kDetailType || !action || !resource) return Malformed(kName);
    GrantTuple tuple{{}, *std::move(action), *std::move(resource)};
    std::size_t members = 3;
    if (const json::Node* locations = detail.Find("locations")) {
      const std::string* tool = OnlyText(locations);
      if (tool == nullptr || tool->empty()) return Malformed(kName);
      tuple.tool = *tool;
      ++members;
    }
    if (detail.members.size() != members) return Malformed(kName);
    tuples->push_back(std::move(tuple));
  }
  return std::nullopt;
}

std::optional<Refusal> ReadBinding(const json::Node& payload, Binding* binding) {
  const json::Node* cnf = payload.Find("cnf");
  if (cnf == nullptr) return std::nullopt;
  if (cnf->type != json::Type::kObject || cnf->members.size() != 1) return Malformed("cnf");
  const std::string& name = cnf->members.front().key;
  const std::string* thumbprint = jose::FindString(*cnf, name);
  if (thumbprint == nullptr || thumbprint->size() != kThumbprintBytes) return Malformed("cnf");
  if (name != "x5t#S256" && name != "jkt") return Malformed("cnf");
  *binding = {name == "jkt" ? BindingKind::kDpop : BindingKind::kMtls, *thumbprint};
  return std::nullopt;
}

std::optional<Refusal> ReadPinned(const json::Node& payload, GrantClaims* claims) {
  const json::Node* pinned = payload.Find(kPinned);
  if ((pinned != nullptr) != !claims->context_hash.empty()) return Malformed(kContextHash);
  if (pinned == nullptr) return std::nullopt;
  if (pinned->type != json::Type::kArray || pinned->elements.empty() ||
      pinned->elements.size() > limits::kPinnedMembers) {
    return Malformed(kPinned);
  }
  for (const json::Node& member : pinned->elements) {
    if (!IsText(member.string)) return Malformed(kPinned);
    if (!claims->pinned_members.empty() && claims->pinned_members.back() >= member.string) {
      return Malformed(kPinned);
    }
    claims->pinned_members.push_back(member.string);
  }
  return std::nullopt;
}

std::optional<Refusal> ReadOthers(const json::Node& payload, GrantClaims* claims) {
  for (const auto& [name, member] :
       {std::pair{"iat", &GrantClaims::issued_at}, std::pair{"nbf", &GrantClaims::not_before},
        std::pair{"exp", &GrantClaims::expires_at}}) {
    const auto time = jose::ReadTime(payload, name);
    if (!time.ok()) return time.error();
    claims->*member = time.value();
  }
  if (claims->issued_at >= claims->expires_at || claims->not_before >= claims->expires_at) {
    return Malformed("exp");
  }
  if (const json::Node* tctx = payload.Find("tctx")) {
    if (tctx->type != json::Type::kObject || tctx->members.size() != 1) return Malformed("tctx");
    const auto purpose = jose::ReadText(*tctx, "purpose");
    if (!purpose.ok()) return purpose.error();
    claims->purpose = purpose.value();
  }
  if (const json::Node* uses = payload.Find(kMaxUses)) {
    if (uses->type != json::Type::kInteger || uses->integer < 1 || uses->integer > INT32_MAX) {
      return Malformed(kMaxUses);
    }
    claims->max_uses = static_cast<std::uint32_t>(uses->integer);
  }
  return std::nullopt;
}

bool IsKnown(std::string_view name) {
  return name == kPinned || name == kMaxUses ||
         std::any_of(kOptional.begin(), kOptional.end(),
                     [&](const TextClaim& claim) { return claim.name == name; });
}

}  // namespace

Checked<GrantClaims> ReadGrant(const json::Node& payload) {
  for (const json::Member& member : payload.members) {
    if (member.key.compare(0, kOwn.size(), kOwn) == 0 && !IsKnown(member.key)) {
      return Malformed(kOwn);
    }
  }
  GrantClaims claims;
  for (const TextClaim& claim : kRequired) {
    auto text = jose::ReadText(payload, claim.name);
    if (!text.ok()) return text.error();
    claims.*claim.member = std::move(text).value();
  }
  for (const TextClaim& claim : kOptional) {
    if (payload.Find(claim.name) == nullptr) continue;
    auto text = jose::ReadText(payload, claim.name);
    if (!text.ok()) return text.error();
    claims.*claim.member = std::move(text).value();
  }
  if (const auto problem = ReadTuples(payload, &claims.tuples)) return *problem;
  if (const auto problem = ReadBinding(payload, &claims.binding)) return *problem;
  if (const auto problem = ReadPinned(payload, &claims)) return *problem;
  if (const auto problem = ReadOthers(payload, &claims)) return *problem;
  return claims;
}

Checked<std::string> WriteGrant(const GrantClaims& claims) {
  if (const auto problem = CheckClaims(claims)) return Refusal{RefusalId::kGrantUnfit, *problem};
  return Write(claims);
}

Checked<std::string> SignPayload(std::string_view payload, const SigningKey& key) {
  const ErrorMark mark;
  if (key.public_key().algorithm() != Algorithm::kEs256) {
    return Refusal{RefusalId::kAlgorithmNotAllowed};
  }
  return jose::SignJws(key, kGrantType, payload);
}

Checked<std::string> SignGrant(const GrantClaims& claims, const SigningKey& key) {
  const auto payload = WriteGrant(claims);
  if (!payload.ok()) return payload.error();
  return SignPayload(payload.value(), key);
}

}  // namespace assay::mint::grant
