// Detached signatures, checked by keys made for the test.
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <fstream>

#include "assay/image.h"
#include "engine/base/sha256.h"
#include "tests/support/image_pieces.h"
#include "tests/support/paths.h"

namespace assay {
namespace {

struct KeyPair {
  std::string secret, shared;
};

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio, &data));
  std::string text(data, size);
  BIO_free(bio);
  return text;
}

KeyPair ToPem(EVP_PKEY* key) {
  KeyPair pair;
  BIO* secret = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(secret, key, nullptr, nullptr, 0, nullptr, nullptr);
  pair.secret = TextOf(secret);
  BIO* shared = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(shared, key);
  pair.shared = TextOf(shared);
  EVP_PKEY_free(key);
  return pair;
}

KeyPair Ed25519() { return ToPem(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
KeyPair Es256() { return ToPem(EVP_EC_gen("P-256")); }

std::string CheckText(const std::string& image, const std::string& signature,
                      const std::string& key) {
  const auto error = CheckSignature(image, signature, key);
  return error ? error->message : "good";
}

constexpr const char* kNotSigned = "the image is not signed by the owner of the key";

TEST(Signature, IsGoodForItsImageAndKeyOnly) {
  const std::string image = testing::RichImage();
  for (const auto& make : {Ed25519, Es256}) {
    const KeyPair pair = make(), other = make();
    const Result<std::string> signature = SignImage(image, pair.secret);
    ASSERT_TRUE(signature.ok()) << signature.error().message;
    EXPECT_EQ(CheckText(image, signature.value(), pair.shared), "good");
    EXPECT_EQ(CheckText(image, signature.value(), other.shared), kNotSigned);
    EXPECT_EQ(CheckText(image + "x", signature.value(), pair.shared), kNotSigned);
    EXPECT_EQ(CheckSignature(image, signature.value(), other.shared)->code,
              ErrorCode::kBadSignature);
  }
}

TEST(Signature, IsOneLineThatNamesItsAlgorithm) {
  const std::string ed25519 = SignImage("image", Ed25519().secret).value();
  EXPECT_EQ(ed25519.substr(0, 26), "assay-signature 1 ed25519 ");
  EXPECT_EQ(ed25519.size(), 26U + 128 + 1);
  EXPECT_EQ(ed25519.back(), '\n');
  const std::string es256 = SignImage("image", Es256().secret).value();
  EXPECT_EQ(es256.substr(0, 24), "assay-signature 1 es256 ");
  EXPECT_EQ(es256.size(), 24U + 128 + 1);
}

// The header says what is signed: others can check it with other tools.
TEST(Signature, IsOfTheDocumentedMessage) {
  const KeyPair pair = Ed25519();
  const std::string signature = SignImage("image", pair.secret).value();
  std::string raw;
  for (std::size_t i = 26; i < 26 + 128; i += 2) {
    raw += static_cast<char>(std::stoi(signature.substr(i, 2), nullptr, 16));
  }
  const Sha256Digest digest = Sha256().Add("image").Finish();
  std::string message = "assay image 1\n";
  message.append(digest.begin(), digest.end());
  BIO* bio = BIO_new_mem_buf(pair.shared.data(), static_cast<int>(pair.shared.size()));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto* bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }(message);
  EXPECT_EQ(EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key), 1);
  EXPECT_EQ(EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(raw.data()),
                             raw.size(), bytes, message.size()),
            1);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(bio);
}

TEST(Signature, RefusesEveryChange) {
  for (const auto& make : {Ed25519, Es256}) {
    const KeyPair pair = make();
    const std::string good = SignImage("image", pair.secret).value();
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      ASSERT_NE(CheckText("image", changed, pair.shared), "good") << i;
      ASSERT_NE(CheckText("image", good.substr(0, i), pair.shared), "good") << i;
    }
    EXPECT_EQ(CheckText("image", good.substr(0, good.size() - 1), pair.shared), "good");
    EXPECT_EQ(CheckText("image", good + "\n", pair.shared), "the signature is damaged");
    EXPECT_EQ(CheckText("image", "", pair.shared), "this is not the signature of an image");
    std::string upper = good;
    for (std::size_t i = 30; i < upper.size(); ++i) {
      upper[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(upper[i])));
    }
    EXPECT_EQ(CheckText("image", upper, pair.shared), "the signature is damaged");
  }
}

TEST(Signature, TheKeyDecidesTheAlgorithm) {
  const KeyPair ed25519 = Ed25519(), es256 = Es256();
  const std::string signature = SignImage("image", ed25519.secret).value();
  EXPECT_EQ(CheckText("image", signature, es256.shared),
            "the signature is not one of es256, the algorithm of the key");
  const std::string renamed = "assay-signature 1 es256 " + signature.substr(26);
  EXPECT_EQ(CheckText("image", renamed, es256.shared), kNotSigned);
}

TEST(Signature, TakesNoOtherKeys) {
  const KeyPair pair = Ed25519();
  const KeyPair rsa = ToPem(EVP_RSA_gen(2048)), p384 = ToPem(EVP_EC_gen("P-384"));
  const std::string signature = SignImage("image", pair.secret).value();
  const std::string message = " key is not a PEM key for Ed25519 or for ECDSA with P-256";
  for (const std::string& key : {std::string(), std::string("x"), rsa.secret, p384.secret,
                                 pair.shared, std::string(1 << 20, 'x')}) {
    const Result<std::string> made = SignImage("image", key);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(made.error().message, "the private" + message);
  }
  for (const std::string& key :
       {std::string(), std::string("x"), rsa.shared, p384.shared, pair.secret}) {
    EXPECT_EQ(CheckText("image", signature, key), "the public" + message);
  }
}

// OpenSSL would ask for the password at the terminal.
TEST(Signature, AsksForNoPassword) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_256_cbc(), "secret", 6, nullptr, nullptr);
  EVP_PKEY_free(key);
  const std::string pem = TextOf(bio);
  ASSERT_NE(pem.find("ENCRYPTED"), std::string::npos);
  EXPECT_FALSE(SignImage("image", pem).ok());
}

class SignedFile : public ::testing::Test {
 protected:
  SignedFile() { Write(path_, testing::RichImage()); }
  ~SignedFile() override {
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + ".sig");
  }
  static void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  std::string Message(const std::string& key) const {
    const Result<Program> program = LoadImageFile(path_, {.limits = {}, .public_key = key});
    return program.ok() ? "loaded" : program.error().message;
  }
  const std::string path_ = (testing::BuildDir() / "signed_test.assay").string();
  const KeyPair pair_ = Ed25519();
};

TEST_F(SignedFile, LoadsOnlyWithItsSignature) {
  EXPECT_EQ(Message(pair_.shared), path_ + ": a signature is required, and " + path_ +
                                       ".sig has none: No such file or directory");
  Write(path_ + ".sig", SignImage(testing::RichImage(), pair_.secret).value());
  EXPECT_EQ(Message(pair_.shared), "loaded");
  EXPECT_EQ(Message(Ed25519().shared), path_ + ": " + kNotSigned);
  EXPECT_EQ(Message(""),
            path_ + ": the public key is not a PEM key for Ed25519 or for ECDSA with P-256");
  Write(path_, WriteImage(Program()).value());
  EXPECT_EQ(Message(pair_.shared), path_ + ": " + kNotSigned);
  EXPECT_TRUE(LoadImageFile(path_).ok());  // nobody asked for a signature
  Write(path_ + ".sig", std::string(5000, 'x'));
  EXPECT_NE(Message(pair_.shared).find("has none: the file is larger than"), std::string::npos);
}

}  // namespace
}  // namespace assay
