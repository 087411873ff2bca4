// Keys as OpenSSL has them: made, checked, used.
#include "assay/mint/key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

#include "assay/mint/limits.h"
#include "engine/base/ecdsa.h"
#include "engine/base/json_text.h"
#include "engine/mint/base/guard.h"
#include "engine/mint/jose/base64url.h"
#include "engine/mint/jose/digest.h"
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

const char* DigestOf(const AlgorithmRow& row) { return *row.digest == '\0' ? nullptr : row.digest; }

// RFC 7518, section 3.5: MGF1 with the same digest, which is the default, and a salt as long.
bool SetPadding(EVP_PKEY_CTX* ctx, const AlgorithmRow& row) {
  if (row.type == KeyType::kRsa) return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
  if (row.type != KeyType::kRsaPss) return true;
  return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

enum class Purpose : std::uint8_t { kSign, kVerify };

// A context that is ready for one purpose. To make one the library looks up the key's functions and
// the digest by name, which takes it a good part of the time of a signature; so each key has them,
// and each signature a copy.
MdCtxPtr ReadyContext(EVP_PKEY* pkey, const AlgorithmRow& row, Purpose purpose) {
  MdCtxPtr ctx(EVP_MD_CTX_new());
  EVP_PKEY_CTX* pkey_ctx = nullptr;
  const auto init = purpose == Purpose::kSign ? EVP_DigestSignInit_ex : EVP_DigestVerifyInit_ex;
  if (!ctx || init(ctx.get(), &pkey_ctx, DigestOf(row), nullptr, nullptr, pkey, nullptr) != 1 ||
      !SetPadding(pkey_ctx, row)) {
    return nullptr;
  }
  // A copy is used once: the library need not copy it again before it finishes.
  EVP_MD_CTX_set_flags(ctx.get(), EVP_MD_CTX_FLAG_FINALISE);
  return ctx;
}

MdCtxPtr CopyOf(const MdCtxPtr& ready) {
  MdCtxPtr ctx(EVP_MD_CTX_new());
  if (ctx && EVP_MD_CTX_copy_ex(ctx.get(), ready.get()) != 1) ctx.reset();
  return ctx;
}

PkeyPtr NewPkey(const AlgorithmRow& row) {
  if (IsRsa(row.type)) {
    return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kNewRsaBits}));
  }
  if (row.type == KeyType::kOkp) return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", row.group));
}

Checked<std::shared_ptr<KeyData>> MakeData(PkeyPtr pkey, Algorithm algorithm, std::string kid) {
  const AlgorithmRow& row = RowOf(algorithm);
  if (const auto problem = CheckKey(pkey.get(), row)) return Refusal{*problem};
  auto data = std::make_shared<KeyData>();
  data->members = RequiredMembers(pkey.get(), row);
  data->thumbprint = Sha256Text(data->members);
  data->verifying = ReadyContext(pkey.get(), row, Purpose::kVerify);
  if (data->members.empty() || data->thumbprint.empty() || !data->verifying) {
    return Refusal{RefusalId::kCryptoFailed};
  }
  data->pkey = std::move(pkey);
  data->algorithm = algorithm;
  data->kid = std::move(kid);
  return data;
}

}  // namespace

Checked<PublicKey> Access::MakePublic(PkeyPtr pkey, Algorithm algorithm, std::string kid) {
  auto data = MakeData(std::move(pkey), algorithm, std::move(kid));
  if (!data.ok()) return data.error();
  return PublicKey(std::move(data).value());
}

Checked<SigningKey> Access::MakeSigning(PkeyPtr pkey, Algorithm algorithm, std::string_view kid) {
  auto made = MakeData(std::move(pkey), algorithm, std::string(kid));
  if (!made.ok()) return made.error();
  KeyData& data = *made.value();
  if (kid.empty()) data.kid = data.thumbprint;
  data.signing = ReadyContext(data.pkey.get(), RowOf(algorithm), Purpose::kSign);
  if (!data.signing) return Refusal{RefusalId::kCryptoFailed};
  return SigningKey(PublicKey(std::move(made).value()));
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
    json::AppendString(data_->kid, &out);
    out.push_back(',');
  }
  return out.append("\"use\":\"sig\",").append(data_->members, 1);
}

bool PublicKey::Verify(std::string_view message, std::string_view signature) const noexcept {
  const auto verify = [&]() -> Checked<bool> {
    const jose::AlgorithmRow& row = jose::RowOf(data_->algorithm);
    if (row.signature_bytes != 0 && signature.size() != row.signature_bytes) return false;
    std::optional<std::string> asn1;
    if (row.type == jose::KeyType::kEc) {
      asn1 = EcdsaToAsn1(signature);
      if (!asn1) return false;
      signature = *asn1;
    }
    const MdCtxPtr ctx = jose::CopyOf(data_->verifying);
    return ctx && EVP_DigestVerify(ctx.get(), Bytes(signature), signature.size(), Bytes(message),
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
    const MdCtxPtr ctx = jose::CopyOf(data.signing);
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(data.pkey.get())), '\0');
    std::size_t size = signature.size();
    if (!ctx ||
        EVP_DigestSign(ctx.get(), Bytes(&signature), &size, Bytes(message), message.size()) != 1) {
      return Refusal{RefusalId::kCryptoFailed};
    }
    signature.resize(size);
    if (row.type != jose::KeyType::kEc) return signature;
    auto plain = EcdsaToPlain(signature, row.signature_bytes);
    if (!plain) return Refusal{RefusalId::kCryptoFailed};
    return *std::move(plain);
  });
}

}  // namespace assay::mint
