// Detached signatures of images, with OpenSSL. Not on any path that decides.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "assay/image.h"
#include "engine/base/ecdsa.h"
#include "engine/base/guarded.h"
#include "engine/base/hex.h"
#include "engine/base/sha256.h"

namespace assay {

namespace {

constexpr std::string_view kHead = "assay-signature 1 ";
constexpr std::string_view kSigned = "assay image 1\n";
constexpr std::size_t kSignatureBytes = 64;  // of either algorithm
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
std::string Message(std::string_view image) {
  const Sha256Digest digest = Sha256().Add(image).Finish();
  return std::string(kSigned).append(digest.begin(), digest.end());
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* HashOf(Algorithm algorithm) {
  return algorithm == Algorithm::kEs256 ? EVP_sha256() : nullptr;
}

std::optional<std::string> Sign(const Key& key, Algorithm algorithm, std::string_view message) {
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, HashOf(algorithm), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, Bytes(message), message.size()) != 1) {
    return std::nullopt;
  }
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, Bytes(message), message.size()) != 1) {
    return std::nullopt;
  }
  signature.resize(size);
  if (algorithm == Algorithm::kEs256) return EcdsaToPlain(signature, kSignatureBytes);
  return signature;
}

bool IsSignature(const Key& key, Algorithm algorithm, std::string_view message,
                 const std::string& plain) {
  const std::optional<std::string> signature =
      algorithm == Algorithm::kEs256 ? EcdsaToAsn1(plain) : std::optional<std::string>(plain);
  const Context context(EVP_MD_CTX_new());
  return signature && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, HashOf(algorithm), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(*signature), signature->size(), Bytes(message),
                          message.size()) == 1;
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
  const std::optional<std::string> bytes = FromHex(signature.substr(head.size()));
  if (!bytes || bytes->size() != kSignatureBytes) {
    return BadSignature("the signature is damaged");
  }
  if (!IsSignature(key, *algorithm, Message(image), *bytes)) {
    return BadSignature("the image is not signed by the owner of the key");
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> SignImage(std::string_view image, std::string_view private_key) {
  const ForgetErrors forget;
  return Guarded([&]() -> Result<std::string> {
    const Bio bio = Reading(private_key);
    const Key key(bio == nullptr
                      ? nullptr
                      : PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
    const std::optional<Algorithm> algorithm = AlgorithmOf(key);
    if (!algorithm) return UnusableKey("private");
    const std::optional<std::string> signature = Sign(key, *algorithm, Message(image));
    if (!signature) return Error{ErrorCode::kInvalidArgument, "the private key cannot sign"};
    return std::string(kHead) + std::string(Name(*algorithm)) + " " + ToHex(*signature) + "\n";
  });
}

std::optional<Error> CheckSignature(std::string_view image, std::string_view signature,
                                    std::string_view public_key) {
  const ForgetErrors forget;
  return Guarded([&] { return Check(image, signature, public_key); });
}

}  // namespace assay
