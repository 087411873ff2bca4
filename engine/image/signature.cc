// Detached signatures of images, with OpenSSL. Not on any path that decides.
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "assay/image.h"
#include "engine/base/sha256.h"

namespace assay {

namespace {

constexpr std::string_view kHead = "assay-signature 1 ";
constexpr std::string_view kSigned = "assay image 1\n";
constexpr std::size_t kHalf = 32;                   // of a signature: r or s
constexpr std::size_t kSignatureBytes = 2 * kHalf;  // of either algorithm
constexpr std::size_t kKeyBytes = std::size_t{64} << 10;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Context = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Bytes = std::vector<unsigned char>;

enum class Algorithm : std::uint8_t { kEd25519, kEs256 };

std::string_view Name(Algorithm algorithm) {
  return algorithm == Algorithm::kEd25519 ? "ed25519" : "es256";
}

// OpenSSL keeps a row of errors for each thread; what we met is ours to report.
struct ForgetErrors {
  ForgetErrors() = default;
  ForgetErrors(const ForgetErrors&) = delete;
  ForgetErrors& operator=(const ForgetErrors&) = delete;
  ~ForgetErrors() { ERR_clear_error(); }
};

// Instead of asking at the terminal.
int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

Bio Reading(std::string_view text) {
  if (text.size() > kKeyBytes) return nullptr;
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::optional<Algorithm> AlgorithmOf(const Key& key) {
  if (key == nullptr) return std::nullopt;
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return Algorithm::kEd25519;
  if (EVP_PKEY_is_a(key.get(), "EC") != 1) return std::nullopt;
  std::array<char, 32> group{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &length) != 1 ||
      std::string_view(group.data(), length) != "prime256v1") {
    return std::nullopt;
  }
  return Algorithm::kEs256;
}

Error UnusableKey(std::string_view which) {
  return {
      ErrorCode::kInvalidArgument,
      "the " + std::string(which) + " key is not a PEM key for Ed25519 or for ECDSA with P-256"};
}

// What is signed.
Bytes Message(std::string_view image) {
  const Sha256Digest digest = Sha256().Add(image).Finish();
  Bytes message(kSigned.size() + digest.size());
  std::copy(digest.begin(), digest.end(),
            std::copy(kSigned.begin(), kSigned.end(), message.begin()));
  return message;
}

const EVP_MD* HashOf(Algorithm algorithm) {
  return algorithm == Algorithm::kEs256 ? EVP_sha256() : nullptr;
}

// From ASN.1, as OpenSSL writes it, to r and s.
std::optional<Bytes> ToPlain(const Bytes& asn1) {
  const unsigned char* at = asn1.data();
  const EcSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(asn1.size())));
  Bytes plain(kSignatureBytes);
  if (signature == nullptr ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), plain.data(), kHalf) != int{kHalf} ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), plain.data() + kHalf, kHalf) != int{kHalf}) {
    return std::nullopt;
  }
  return plain;
}

std::optional<Bytes> ToAsn1(const Bytes& plain) {
  const EcSignature signature(ECDSA_SIG_new());
  Number r(BN_bin2bn(plain.data(), kHalf, nullptr));
  Number s(BN_bin2bn(plain.data() + kHalf, kHalf, nullptr));
  if (signature == nullptr || r == nullptr || s == nullptr) return std::nullopt;
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release());  // they belong to the signature now
  static_cast<void>(s.release());
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &encoded);
  if (size <= 0) return std::nullopt;
  Bytes asn1(encoded, encoded + size);
  OPENSSL_free(encoded);
  return asn1;
}

std::optional<Bytes> Sign(const Key& key, Algorithm algorithm, const Bytes& message) {
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, HashOf(algorithm), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) {
    return std::nullopt;
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return std::nullopt;
  }
  signature.resize(size);
  if (algorithm == Algorithm::kEs256) return ToPlain(signature);
  return signature;
}

bool IsSignature(const Key& key, Algorithm algorithm, const Bytes& message, const Bytes& plain) {
  const std::optional<Bytes> signature =
      algorithm == Algorithm::kEs256 ? ToAsn1(plain) : std::optional<Bytes>(plain);
  const Context context(EVP_MD_CTX_new());
  return signature && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, HashOf(algorithm), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature->data(), signature->size(), message.data(),
                          message.size()) == 1;
}

std::string Hex(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

// The value of a lower-case hexadecimal digit, or -1.
int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<Bytes> FromHex(std::string_view text) {
  if (text.size() != 2 * kSignatureBytes) return std::nullopt;
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = DigitOf(text[i]), low = DigitOf(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<unsigned char>(high * 16 + low));
  }
  return bytes;
}

Error BadSignature(const std::string& why) { return {ErrorCode::kBadSignature, why}; }

std::optional<Error> Check(std::string_view image, std::string_view signature,
                           std::string_view public_key) {
  const Bio bio = Reading(public_key);
  const Key key(bio == nullptr ? nullptr
                               : PEM_read_bio_PUBKEY(bio.get(), nullptr, NoPassword, nullptr));
  const std::optional<Algorithm> algorithm = AlgorithmOf(key);
  if (!algorithm) return UnusableKey("public");
  const std::string head = std::string(kHead) + std::string(Name(*algorithm)) + " ";
  if (signature.substr(0, kHead.size()) != kHead) {
    return BadSignature("this is not the signature of an image");
  }
  if (signature.substr(0, head.size()) != head) {
    return BadSignature("the signature is not one of " + std::string(Name(*algorithm)) +
                        ", the algorithm of the key");
  }
  if (signature.back() == '\n') signature.remove_suffix(1);
  const std::optional<Bytes> bytes = FromHex(signature.substr(head.size()));
  if (!bytes) return BadSignature("the signature is damaged");
  if (!IsSignature(key, *algorithm, Message(image), *bytes)) {
    return BadSignature("the image is not signed by the owner of the key");
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> SignImage(std::string_view image, std::string_view private_key) {
  const ForgetErrors forget;
  try {
    const Bio bio = Reading(private_key);
    const Key key(bio == nullptr
                      ? nullptr
                      : PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
    const std::optional<Algorithm> algorithm = AlgorithmOf(key);
    if (!algorithm) return UnusableKey("private");
    const std::optional<Bytes> signature = Sign(key, *algorithm, Message(image));
    if (!signature) return Error{ErrorCode::kInvalidArgument, "the private key cannot sign"};
    return std::string(kHead) + std::string(Name(*algorithm)) + " " + Hex(*signature) + "\n";
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

std::optional<Error> CheckSignature(std::string_view image, std::string_view signature,
                                    std::string_view public_key) {
  const ForgetErrors forget;
  try {
    return Check(image, signature, public_key);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kOutOfMemory, "out of memory"};
  }
}

}  // namespace assay
