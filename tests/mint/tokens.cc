#include "tests/mint/tokens.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "engine/mint/jose/key_data.h"

namespace assay::mint::testing {

namespace {

// RSA keys take long to make: the smallest that are accepted, and one for all its algorithms.
Checked<SigningKey> Make(Algorithm algorithm, int number) {
  if (jose::RowOf(algorithm).type < jose::KeyType::kRsa) return SigningKey::Generate(algorithm);
  static std::map<int, PkeyPtr> keys;
  PkeyPtr& pkey = keys[number];
  if (!pkey) pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  EVP_PKEY_up_ref(pkey.get());
  return jose::Access::MakeSigning(PkeyPtr(pkey.get()), algorithm, {});
}

const SigningKey& Cached(Algorithm algorithm, int number) {
  static std::map<std::pair<Algorithm, int>, SigningKey> keys;
  const std::pair<Algorithm, int> place{algorithm, number};
  auto found = keys.find(place);
  if (found == keys.end()) {
    auto made = Make(algorithm, number);
    if (!made.ok()) throw std::runtime_error("no key");
    found = keys.emplace(place, std::move(made).value()).first;
  }
  return found->second;
}

}  // namespace

const SigningKey& KeyOf(Algorithm algorithm) { return Cached(algorithm, 0); }
const SigningKey& OtherKeyOf(Algorithm algorithm) { return Cached(algorithm, 1); }

std::string Sign(const SigningKey& key, std::string_view header, std::string_view payload) {
  std::string token = jose::EncodeBase64url(header) + "." + jose::EncodeBase64url(payload);
  const auto signature = key.Sign(token);
  if (!signature.ok()) throw std::runtime_error("no signature");
  return token + "." + jose::EncodeBase64url(signature.value());
}

std::string HeaderOf(const SigningKey& key, std::string_view type) {
  std::string header = R"({"alg":")" + std::string(AlgorithmName(key.public_key().algorithm())) +
                       R"(","kid":")" + std::string(key.public_key().kid()) + "\"";
  if (!type.empty()) header += R"(,"typ":")" + std::string(type) + "\"";
  return header + "}";
}

std::string Encode(std::string_view header, std::string_view payload, std::string_view signature) {
  return jose::EncodeBase64url(header) + "." + jose::EncodeBase64url(payload) + "." +
         jose::EncodeBase64url(signature);
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at == std::string::npos) return text;
  return text.replace(at, from.size(), to);
}

}  // namespace assay::mint::testing
