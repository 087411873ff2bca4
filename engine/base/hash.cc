#include "engine/base/hash.h"

#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace assay {

namespace {

std::uint64_t Seed() noexcept {
  std::uint64_t seed = 0;
  // Without entropy the address space layout still differs from run to run.
  if (getentropy(&seed, sizeof(seed)) != 0) seed = reinterpret_cast<std::uintptr_t>(&getentropy);
  return seed;
}

}  // namespace

std::uint64_t SeededHash(std::uint64_t salt, std::string_view text) noexcept {
  static const std::uint64_t seed = Seed();
  return XXH3_64bits_withSeed(text.data(), text.size(), seed + salt);
}

}  // namespace assay
