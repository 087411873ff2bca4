// Signed tokens in the compact serialisation (RFC 7515), taken apart, checked and made.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assay/mint/key.h"
#include "assay/mint/limits.h"
#include "assay/mint/refusal.h"
#include "assay/mint/secret.h"
#include "engine/base/json.h"

namespace assay::mint::jose {

// What one kind of token may look like. The texts live as long as the program.
struct JwsRules {
  std::size_t most_bytes = limits::kTokenBytes;
  AlgorithmSet algorithms;
  // Values of `typ` that are right, exactly as written.
  std::span<const std::string_view> types = {};
  bool type_optional = false;
  bool key_id_required = true;
  // A proof of possession brings its key in `jwk`; everywhere else that is an attack.
  bool brings_key = false;
  // Whether members that are not registered for signed tokens are refused rather than ignored.
  bool known_members_only = false;
};

// A token whose form is right and whose signature is not checked yet. Views point into the token.
struct Jws {
  Algorithm algorithm{};
  std::string kid;  // "" if it names none
  std::string type;
  std::optional<json::Node> jwk;  // of a proof of possession
  std::string_view signing_input;
  std::string_view payload;  // base64url
  CleansedText signature;
};

Checked<Jws> ParseJws(std::string_view token, const JwsRules& rules);

// Whether the signature is of `key`, and its algorithm the one the key is bound to. Only then is
// the payload decoded and read: an object.
std::optional<Refusal> CheckSignature(const Jws& jws, const PublicKey& key);
Checked<json::Node> ReadPayload(const Jws& jws);

// The token; `payload` is a JSON text. `jwk_in_header` is for proofs of possession.
Checked<std::string> SignJws(const SigningKey& key, std::string_view type, std::string_view payload,
                             bool jwk_in_header = false);

}  // namespace assay::mint::jose
