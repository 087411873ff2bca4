#include "engine/mint/jose/digest.h"

#include "engine/mint/base/openssl.h"
#include "engine/mint/jose/base64url.h"

namespace assay::mint::jose {

std::string Sha256(std::string_view bytes) {
  // Looked up once: by name it costs more than the digest of a short text.
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(32, '\0');
  if (sha256 == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), Bytes(&digest), nullptr, sha256, nullptr) != 1) {
    return {};
  }
  return digest;
}

std::string Sha256Text(std::string_view bytes) { return EncodeBase64url(Sha256(bytes)); }

}  // namespace assay::mint::jose
