#include "engine/base/hash.h"

#include <sys/auxv.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace assay {

namespace {

// The kernel gives each process 16 random bytes: each library that has a copy of this file hashes
// alike. They are hashed themselves, since the C library makes its secrets of some of them. Without
// them the address space layout still differs from run to run.
std::uint64_t Seed() noexcept {
  const auto random = getauxval(AT_RANDOM);
  if (random == 0) return getauxval(AT_SYSINFO_EHDR);
  return XXH3_64bits(std::bit_cast<const void*>(random), 16);
}

}  // namespace

std::uint64_t SeededHash(std::uint64_t salt, std::string_view text) noexcept {
  static const std::uint64_t seed = Seed();
  return XXH3_64bits_withSeed(text.data(), text.size(), seed + salt);
}

}  // namespace assay
