// Keys as OpenSSL has them: made, checked, used.
#include "assay/mint/key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/digest.h"
#include "engine/mint/jose/json.h"
#include "engine/mint/jose/key_data.h"

namespace assay::mint {

namespace jose {

namespace {

constexpr unsigned kNewRsaBits = 3072;

bool IsRsa(KeyType type) { return type == KeyType::kRsa || type == KeyType::kRsaPss; }

// A number of the key in base64url, at least `width` bytes of it; "" if there is none.
std::string NumberText(const EVP_PKEY* pkey, const char* name, int width) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(pkey, name, &raw) != 1) return {};
  const BignumPtr number(raw);
  const int size = width > 0 ? width : BN_num_bytes(raw);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (BN_bn2binpad(raw, Bytes(&bytes), size) != size) return {};
  return EncodeBase64url(bytes);
}

// The members that RFC 7638 hashes, in its order; "" if the library fails.
std::string RequiredMembers(const EVP_PKEY* pkey, const AlgorithmRow& row) {
  const std::string curve(row.curve);
  if (IsRsa(row.type)) {
    return R"({"e":")" + NumberText(pkey, OSSL_PKEY_PARAM_RSA_E, 0) + R"(","kty":"RSA","n":")" +
           NumberText(pkey, OSSL_PKEY_PARAM_RSA_N, 0) + "\"}";
  }
  if (row.type == KeyType::kOkp) {
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(pkey, Bytes(&bytes), &size) != 1) return {};
    return R"({"crv":")" + curve + R"(","kty":"OKP","x":")" + EncodeBase64url(bytes) + "\"}";
  }
  const int width = static_cast<int>(row.signature_bytes / 2);
  return R"({"crv":")" + curve + R"(","kty":"EC","x":")" +
         NumberText(pkey, OSSL_PKEY_PARAM_EC_PUB_X, width) + R"(","y":")" +
         NumberText(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, width) + "\"}";
}

std::optional<RefusalId> CheckRsa(const EVP_PKEY* pkey) {
  const int bits = EVP_PKEY_get_bits(pkey);
  if (bits < limits::kLeastRsaBits || bits > limits::kMostRsaBits) return RefusalId::kKeyWeak;
  BIGNUM* raw_modulus = nullptr;
  BIGNUM* raw_exponent = nullptr;
  EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &raw_modulus);
  EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &raw_exponent);
  const BignumPtr modulus(raw_modulus);
  const BignumPtr exponent(raw_exponent);
  if (!modulus || !exponent) return RefusalId::kCryptoFailed;
  // FIPS 186-5: odd and above 2^16. More than 64 bits would only be slow.
  const int exponent_bits = BN_num_bits(exponent.get());
  if (!BN_is_odd(exponent.get()) || exponent_bits < 17 || exponent_bits > 64) {
    return RefusalId::kKeyWeak;
  }
  if (!BN_is_odd(modulus.get()) || IsRoca(modulus.get())) return RefusalId::kKeyWeak;
  return std::nullopt;
}

std::optional<RefusalId> CheckKey(EVP_PKEY* pkey, const AlgorithmRow& row) {
  const char* type = IsRsa(row.type) ? "RSA" : row.type == KeyType::kEc ? "EC" : "ED25519";
  if (EVP_PKEY_is_a(pkey, type) != 1) return RefusalId::kAlgorithmNotOfKey;
  if (IsRsa(row.type)) return CheckRsa(pkey);
  if (row.type == KeyType::kOkp) return std::nullopt;
  std::array<char, 32> group{};
  if (EVP_PKEY_get_group_name(pkey, group.data(), group.size(), nullptr) != 1 ||
      std::string_view(group.data()) != row.group) {
    return RefusalId::kAlgorithmNotOfKey;
  }
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
  if (!ctx) return RefusalId::kCryptoFailed;
  if (EVP_PKEY_public_check(ctx.get()) != 1) return RefusalId::kKeyMalformed;
  return std::nullopt;
}

// JOSE writes the two numbers of an ECDSA signature side by side, OpenSSL as a DER sequence.
bool EcdsaToDer(std::string_view raw, std::string* der) {
  const EcdsaSigPtr pair(ECDSA_SIG_new());
  const auto half = static_cast<int>(raw.size() / 2);
  BignumPtr r(BN_bin2bn(Bytes(raw), half, nullptr));
  BignumPtr s(BN_bin2bn(Bytes(raw.substr(raw.size() / 2)), half, nullptr));
  if (!pair || !r || !s) return false;
  if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return false;
  (void)r.release();
  (void)s.release();
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return false;
  der->resize(static_cast<std::size_t>(size));
  unsigned char* out = Bytes(der);
  return i2d_ECDSA_SIG(pair.get(), &out) == size;
}

bool EcdsaFromDer(std::string_view der, std::size_t bytes, std::string* raw) {
  const unsigned char* in = Bytes(der);
  const EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  if (!pair) return false;
  raw->resize(bytes);
  const auto half = static_cast<int>(bytes / 2);
  return BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), Bytes(raw), half) == half &&
         BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), Bytes(raw) + half, half) == half;
}

const char* DigestOf(const AlgorithmRow& row) { return *row.digest == '\0' ? nullptr : row.digest; }

// RFC 7518, section 3.5: MGF1 with the same digest, which is the default, and a salt as long.
bool SetPadding(EVP_PKEY_CTX* ctx, const AlgorithmRow& row) {
  if (row.type == KeyType::kRsa) return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
  if (row.type != KeyType::kRsaPss) return true;
  return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

PkeyPtr NewPkey(const AlgorithmRow& row) {
  if (IsRsa(row.type)) {
    return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kNewRsaBits}));
  }
  if (row.type == KeyType::kOkp) return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", row.group));
}

}  // namespace

Checked<PublicKey> Access::MakePublic(PkeyPtr pkey, Algorithm algorithm, std::string kid) {
  const AlgorithmRow& row = RowOf(algorithm);
  if (const auto problem = CheckKey(pkey.get(), row)) return Refusal{*problem};
  auto data = std::make_shared<KeyData>();
  data->members = RequiredMembers(pkey.get(), row);
  data->thumbprint = Sha256Text(data->members);
  if (data->members.empty() || data->thumbprint.empty()) return Refusal{RefusalId::kCryptoFailed};
  data->pkey = std::move(pkey);
  data->algorithm = algorithm;
  data->kid = std::move(kid);
  return PublicKey(std::move(data));
}

Checked<SigningKey> Access::MakeSigning(PkeyPtr pkey, Algorithm algorithm, std::string_view kid) {
  auto made = MakePublic(std::move(pkey), algorithm, std::string(kid));
  if (!made.ok()) return made.error();
  PublicKey key = std::move(made).value();
  if (kid.empty()) {
    auto data = std::make_shared<KeyData>();
    data->pkey.reset(key.data_->pkey.get());
    EVP_PKEY_up_ref(data->pkey.get());
    data->algorithm = algorithm;
    data->kid = data->thumbprint = key.data_->thumbprint;
    data->members = key.data_->members;
    key.data_ = std::move(data);
  }
  return SigningKey(std::move(key));
}

}  // namespace jose

Algorithm PublicKey::algorithm() const { return data_->algorithm; }
std::string_view PublicKey::kid() const { return data_->kid; }
std::string_view PublicKey::thumbprint() const { return data_->thumbprint; }

std::string PublicKey::ToJwk() const {
  std::string out = "{\"alg\":\"";
  out.append(AlgorithmName(data_->algorithm)).append("\",");
  if (!data_->kid.empty()) {
    out.append("\"kid\":");
    jose::AppendJsonString(data_->kid, &out);
    out.push_back(',');
  }
  return out.append("\"use\":\"sig\",").append(data_->members, 1);
}

bool PublicKey::Verify(std::string_view message, std::string_view signature) const noexcept {
  const auto verify = [&]() -> Checked<bool> {
    const jose::AlgorithmRow& row = jose::RowOf(data_->algorithm);
    if (row.signature_bytes != 0 && signature.size() != row.signature_bytes) return false;
    std::string der;
    if (row.type == jose::KeyType::kEc) {
      if (!jose::EcdsaToDer(signature, &der)) return false;
      signature = der;
    }
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    EVP_PKEY_CTX* pkey_ctx = nullptr;
    return ctx &&
           EVP_DigestVerifyInit_ex(ctx.get(), &pkey_ctx, jose::DigestOf(row), nullptr, nullptr,
                                   data_->pkey.get(), nullptr) == 1 &&
           jose::SetPadding(pkey_ctx, row) &&
           EVP_DigestVerify(ctx.get(), Bytes(signature), signature.size(), Bytes(message),
                            message.size()) == 1;
  };
  const ErrorMark mark;
  const Checked<bool> verified = Guard(verify);
  return verified.ok() && verified.value();
}

Checked<SigningKey> SigningKey::Generate(Algorithm algorithm) noexcept {
  return Guard([&]() -> Checked<SigningKey> {
    const ErrorMark mark;
    PkeyPtr pkey = jose::NewPkey(jose::RowOf(algorithm));
    if (!pkey) return Refusal{RefusalId::kCryptoFailed};
    return jose::Access::MakeSigning(std::move(pkey), algorithm, {});
  });
}

Checked<SigningKey> SigningKey::FromPem(std::string_view pem, Algorithm algorithm,
                                        std::string_view kid) noexcept {
  return Guard([&]() -> Checked<SigningKey> {
    const ErrorMark mark;
    if (pem.size() > limits::kPemBytes) return Refusal{RefusalId::kKeyMalformed};
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return Refusal{RefusalId::kOutOfMemory};
    // Without a function of ours OpenSSL would ask for a password on the terminal.
    const auto no_password = [](char*, int, int, void*) { return -1; };
    PkeyPtr pkey(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
    if (!pkey) return Refusal{RefusalId::kKeyMalformed};
    return jose::Access::MakeSigning(std::move(pkey), algorithm, kid);
  });
}

Secret SigningKey::ToPem() const noexcept {
  const ErrorMark mark;
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  EVP_PKEY* pkey = jose::Access::DataOf(public_key_).pkey.get();
  if (!bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return Secret({data, static_cast<std::size_t>(size)});
}

Checked<std::string> SigningKey::Sign(std::string_view message) const noexcept {
  return Guard([&]() -> Checked<std::string> {
    const ErrorMark mark;
    const jose::KeyData& data = jose::Access::DataOf(public_key_);
    const jose::AlgorithmRow& row = jose::RowOf(data.algorithm);
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    EVP_PKEY_CTX* pkey_ctx = nullptr;
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(data.pkey.get())), '\0');
    std::size_t size = signature.size();
    if (!ctx ||
        EVP_DigestSignInit_ex(ctx.get(), &pkey_ctx, jose::DigestOf(row), nullptr, nullptr,
                              data.pkey.get(), nullptr) != 1 ||
        !jose::SetPadding(pkey_ctx, row) ||
        EVP_DigestSign(ctx.get(), Bytes(&signature), &size, Bytes(message), message.size()) != 1) {
      return Refusal{RefusalId::kCryptoFailed};
    }
    signature.resize(size);
    if (row.type != jose::KeyType::kEc) return signature;
    std::string raw;
    if (!jose::EcdsaFromDer(signature, row.signature_bytes, &raw)) {
      return Refusal{RefusalId::kCryptoFailed};
    }
    return raw;
  });
}

}  // namespace assay::mint
