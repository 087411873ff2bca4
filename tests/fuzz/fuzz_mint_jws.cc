// Any text as a signed token: refused, or one that is of the key and comes out of its parts again.
// The first byte says which rules it is read by.
//
// Covers: engine/mint/jose/jws.cc engine/mint/jose/base64url.cc engine/mint/jose/claims.cc
// Covers: engine/mint/jose/json.cc
#include <cstdlib>

#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/claims.h"
#include "engine/mint/jose/jws.h"

namespace {

using namespace assay::mint;

constexpr std::string_view kTypes[] = {"JWT", "at+jwt"};

// The payload signed by us reads as the same payload, and is of our key alone.
void SignAgain(const jose::Jws& jws, const jose::JwsRules& rules) {
  static const SigningKey key = SigningKey::Generate(Algorithm::kEs256).value();
  std::string payload;
  if (!jose::DecodeBase64url(jws.payload, &payload)) std::abort();
  const auto token = jose::SignJws(key, jws.type, payload, rules.brings_key);
  if (!token.ok()) std::abort();
  const auto again = jose::ParseJws(token.value(), rules);
  if (!again.ok()) {
    if (again.error().id != RefusalId::kTokenTooLarge) std::abort();
    return;
  }
  if (again.value().payload != jws.payload || again.value().type != jws.type) std::abort();
  if (jose::CheckSignature(again.value(), key.public_key())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const PublicKey key =
      PublicKey::FromJwk(
          R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
          R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})")
          .value();
  if (size == 0) return 0;
  const std::string_view token(reinterpret_cast<const char*>(data) + 1, size - 1);
  const jose::JwsRules rules{.algorithms = {Algorithm::kEs256, Algorithm::kRs256},
                             .types = kTypes,
                             .type_optional = (data[0] & 1) != 0,
                             .key_id_required = (data[0] & 2) != 0,
                             .brings_key = (data[0] & 4) != 0,
                             .known_members_only = (data[0] & 8) != 0};
  const auto jws = jose::ParseJws(token, rules);
  if (!jws.ok()) return RefusalName(jws.error().id).empty() ? std::abort(), 0 : 0;
  if (jws.value().signing_input.size() >= token.size()) std::abort();
  const auto refusal = jose::CheckSignature(jws.value(), key);
  if (jws.value().algorithm != key.algorithm() && !refusal) std::abort();
  const auto payload = jose::ReadPayload(jws.value());
  if (!payload.ok()) return 0;
  // A token of ours names its key in `kid`, unless it brings it along.
  if (!rules.brings_key || !rules.key_id_required) SignAgain(jws.value(), rules);
  (void)jose::CheckAudience(payload.value(), "joe");
  const auto times = jose::CheckTimes(payload.value(), 1300819000, {.most_lifetime = 600});
  if (times.ok() && times.value().expires_at <= 1300819000) std::abort();
  return 0;
}
