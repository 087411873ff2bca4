// Tokens for tests, right and wrong: what the library would never make.
#pragma once

#include <string>
#include <string_view>

#include "assay/mint/key.h"
#include "engine/mint/jose/base64url.h"

namespace assay::mint::testing {

// One key of each algorithm for the whole program: RSA keys take long to make.
const SigningKey& KeyOf(Algorithm algorithm);
// Another one of the same algorithm.
const SigningKey& OtherKeyOf(Algorithm algorithm);

// `header.payload` in base64url, signed by `key` whatever the header says.
std::string Sign(const SigningKey& key, std::string_view header, std::string_view payload);
// The header a verifier expects of `key`.
std::string HeaderOf(const SigningKey& key, std::string_view type);
// `header.payload.signature` from three texts that are encoded.
std::string Encode(std::string_view header, std::string_view payload, std::string_view signature);

// The name of a refusal, "ok" for none: what expectations compare.
template <typename T>
std::string_view Outcome(const Checked<T>& checked) {
  return checked.ok() ? "ok" : RefusalName(checked.error().id);
}
inline std::string_view Outcome(const std::optional<Refusal>& refusal) {
  return refusal ? RefusalName(refusal->id) : "ok";
}

// `text` with the first `from` replaced; the test fails if there is none.
std::string Replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace assay::mint::testing
