#include "engine/base/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <memory>

namespace assay {

namespace {

struct Free {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Number = std::unique_ptr<BIGNUM, Free>;
using Signature = std::unique_ptr<ECDSA_SIG, Free>;

Number ReadNumber(std::string_view bytes) {
  return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

std::optional<std::string> EcdsaToAsn1(std::string_view plain) {
  const Signature signature(ECDSA_SIG_new());
  Number r = ReadNumber(plain.substr(0, plain.size() / 2));
  Number s = ReadNumber(plain.substr(plain.size() / 2));
  if (signature == nullptr || r == nullptr || s == nullptr) return std::nullopt;
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release());  // they belong to the signature now
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) return std::nullopt;
  std::string asn1(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(asn1.data());
  if (i2d_ECDSA_SIG(signature.get(), &out) != size) return std::nullopt;
  return asn1;
}

std::optional<std::string> EcdsaToPlain(std::string_view asn1, std::size_t size) {
  const auto* in = reinterpret_cast<const unsigned char*>(asn1.data());
  const Signature signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(asn1.size())));
  if (signature == nullptr) return std::nullopt;
  std::string plain(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  const auto half = static_cast<int>(size / 2);
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, half) != half ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + half, half) != half) {
    return std::nullopt;
  }
  return plain;
}

}  // namespace assay
