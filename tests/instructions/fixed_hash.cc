// Stands in for engine/base/hash.cc in this program: the linker finds this definition first and
// leaves the library's out. The same hash with one seed for all runs, so that tables have the same
// shape and counts can be compared.
#include "engine/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace assay {

std::uint64_t SeededHash(std::uint64_t salt, std::string_view text) noexcept {
  constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15;
  return XXH3_64bits_withSeed(text.data(), text.size(), kSeed + salt);
}

}  // namespace assay
