// The primes of a faulty generator are powers of 65537 modulo a product of small primes, and so are
// their products (Nemec et al., "The Return of Coppersmith's Attack", 2017). A modulus that is such
// a power modulo each of the odd primes up to 167 is no accident.
#include <openssl/bn.h>

#include <cstdint>

#include "engine/mint/jose/key_data.h"

namespace assay::mint::jose {

namespace {

constexpr std::uint32_t kGenerator = 65537;
constexpr std::uint32_t kPrimes[] = {
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

bool IsPower(std::uint32_t residue, std::uint32_t prime) {
  std::uint32_t power = 1;
  do {
    if (power == residue) return true;
    power = power * (kGenerator % prime) % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool IsRoca(const BIGNUM* modulus) {
  for (const std::uint32_t prime : kPrimes) {
    if (!IsPower(static_cast<std::uint32_t>(BN_mod_word(modulus, prime)), prime)) return false;
  }
  return true;
}

}  // namespace assay::mint::jose
