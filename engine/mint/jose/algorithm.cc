#include "engine/mint/jose/key_data.h"

namespace assay::mint {

namespace {

constexpr jose::AlgorithmRow kRows[] = {
#define ALGORITHM(Name, name, type, curve, group, digest, bytes) \
  {name, jose::KeyType::type, curve, group, digest, bytes},
#include "assay/mint/algorithms.def"
#undef ALGORITHM
};

}  // namespace

namespace jose {

const AlgorithmRow& RowOf(Algorithm algorithm) noexcept {
  return kRows[static_cast<std::size_t>(algorithm)];
}

}  // namespace jose

std::string_view AlgorithmName(Algorithm algorithm) noexcept { return jose::RowOf(algorithm).name; }

std::optional<Algorithm> FindAlgorithm(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].name == name) return static_cast<Algorithm>(i);
  }
  return std::nullopt;
}

}  // namespace assay::mint
