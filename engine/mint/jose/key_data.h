// What a key is made of, and the only way to make one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "assay/mint/key.h"
#include "engine/base/json.h"
#include "engine/mint/base/openssl.h"

namespace assay::mint::jose {

enum class KeyType : std::uint8_t { kEc, kOkp, kRsa, kRsaPss };

// A row of algorithms.def.
struct AlgorithmRow {
  std::string_view name;
  KeyType type;
  std::string_view curve;
  const char* group;
  const char* digest;
  std::size_t signature_bytes;
};

inline constexpr Algorithm kEveryAlgorithm[] = {
#define ALGORITHM(Name, name, type, curve, group, digest, bytes) Algorithm::Name,
#include "assay/mint/algorithms.def"
#undef ALGORITHM
};

const AlgorithmRow& RowOf(Algorithm algorithm) noexcept;

struct KeyData {
  PkeyPtr pkey;
  Algorithm algorithm{};
  std::string kid;
  std::string members;  // the required ones as RFC 7638 orders them, an object
  std::string thumbprint;
  // Ready for either; each use copies. `signing` only if the private half is there.
  MdCtxPtr verifying, signing;
};

struct Access {
  // Takes a key of OpenSSL's. Refuses one that does not fit the algorithm, is weak or off its
  // curve.
  static Checked<PublicKey> MakePublic(PkeyPtr pkey, Algorithm algorithm, std::string kid);
  // `pkey` must have its private half.
  static Checked<SigningKey> MakeSigning(PkeyPtr pkey, Algorithm algorithm, std::string_view kid);
  static const KeyData& DataOf(const PublicKey& key) { return *key.data_; }
};

// Reads a key that stands inside other JSON: a set, or the header of a proof. `for_signatures`:
// whether `use` must be `sig`; SPIFFE has uses of its own.
enum class UseRule : std::uint8_t { kSignatures, kAny };
Checked<PublicKey> ReadJwk(const json::Node& jwk, UseRule rule);

// The algorithm that a certificate's key signs with: the curve decides, and RSA means RS256.
// Nothing if keys of this kind are not supported.
std::optional<Algorithm> DefaultAlgorithm(const EVP_PKEY* pkey);

// Whether a modulus was made by the generator of CVE-2017-15361 (ROCA).
bool IsRoca(const BIGNUM* modulus);

}  // namespace assay::mint::jose
