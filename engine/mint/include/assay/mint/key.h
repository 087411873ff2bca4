// Keys, each bound to one algorithm: what signs, what verifies, and sets of the latter.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/refusal.h"
#include "assay/mint/secret.h"

namespace assay::mint {

namespace jose {
struct KeyData;
struct Access;
}  // namespace jose

// Every algorithm; algorithms.def is the one table. `none` and shared secrets have no place in it.
enum class Algorithm : std::uint8_t {
#define ALGORITHM(Name, name, type, curve, group, digest, bytes) Name,
#include "assay/mint/algorithms.def"
#undef ALGORITHM
};

// The name in `alg`, for example "ES256".
ASSAY_API std::string_view AlgorithmName(Algorithm algorithm) noexcept;
// Exact: names differ in case. Nothing for those that are not known.
ASSAY_API std::optional<Algorithm> FindAlgorithm(std::string_view name) noexcept;

// Which algorithms a verifier accepts.
class AlgorithmSet {
 public:
  constexpr AlgorithmSet(std::initializer_list<Algorithm> algorithms) {
    for (const Algorithm algorithm : algorithms) bits_ |= Bit(algorithm);
  }
  constexpr bool Has(Algorithm algorithm) const { return (bits_ & Bit(algorithm)) != 0; }

 private:
  static constexpr std::uint32_t Bit(Algorithm algorithm) {
    return std::uint32_t{1} << static_cast<unsigned>(algorithm);
  }
  std::uint32_t bits_ = 0;
};

// Immutable; copies share; safe to use from any number of threads.
class ASSAY_API PublicKey {
 public:
  // Reads a JSON Web Key (RFC 7517, RFC 8037). Refuses private members, shared keys, another use
  // than signatures, points that are not on their curve, and RSA keys outside 2048 to 8192 bits or
  // with the weakness of CVE-2017-15361. Without `alg` the curve decides, and RSA means RS256.
  static Checked<PublicKey> FromJwk(std::string_view json) noexcept;

  Algorithm algorithm() const;
  // "" if it has none.
  std::string_view kid() const;
  // SHA-256 of the required members as RFC 7638 has it, in base64url.
  std::string_view thumbprint() const;
  // The public key as a JSON Web Key with `alg`, `use` and, if there is one, `kid`.
  std::string ToJwk() const;

  // Whether `signature`, in the form JOSE gives it, is of `message`. False for whatever is not.
  bool Verify(std::string_view message, std::string_view signature) const noexcept;

 private:
  friend struct jose::Access;
  explicit PublicKey(std::shared_ptr<const jose::KeyData> data) : data_(std::move(data)) {}
  std::shared_ptr<const jose::KeyData> data_;
};

// A private key. Its numbers are on OpenSSL's secure heap if there is one (UseSecureHeap), and are
// overwritten with the last copy. Immutable; copies share; safe to use from any number of threads.
class ASSAY_API SigningKey {
 public:
  // A new key, from the system's entropy. Its `kid` is its thumbprint. RSA keys get 3072 bits.
  static Checked<SigningKey> Generate(Algorithm algorithm) noexcept;
  // Reads a private key in PEM (PKCS #8, not encrypted). `kid` "" stands for the thumbprint.
  static Checked<SigningKey> FromPem(std::string_view pem, Algorithm algorithm,
                                     std::string_view kid = {}) noexcept;

  // The private key as PKCS #8 in PEM; empty if that fails.
  Secret ToPem() const noexcept;
  const PublicKey& public_key() const { return public_key_; }
  // The signature in the form JOSE gives it. Refuses only if the library fails or memory is out.
  Checked<std::string> Sign(std::string_view message) const noexcept;

 private:
  friend struct jose::Access;
  explicit SigningKey(PublicKey public_key) : public_key_(std::move(public_key)) {}
  PublicKey public_key_;  // of the pair: its data has the private half as well
};

// The keys of one issuer, by `kid`. Immutable once made; safe to use from any number of threads.
class ASSAY_API KeySet {
 public:
  KeySet() = default;
  // Reads a JSON Web Key Set. Keys of kinds or uses that are not supported are left out, as RFC
  // 7517 asks, and so are those without a `kid`; a `kid` given twice, a private or shared key, or a
  // key that is not well formed refuses the whole set. At most limits::kKeys keys.
  static Checked<KeySet> FromJwks(std::string_view json) noexcept;

  // Refuses a key without `kid`, and one whose `kid` is there already.
  Checked<bool> Add(PublicKey key) noexcept;
  // nullptr if there is none; exact. Valid as long as the set is not changed.
  const PublicKey* Find(std::string_view kid) const noexcept;
  std::size_t size() const { return keys_.size(); }
  // As a JSON Web Key Set, keys ordered by `kid`.
  std::string ToJwks() const;

 private:
  std::map<std::string, PublicKey, std::less<>> keys_;
};

}  // namespace assay::mint
