#include "compiler/validate/suggest.h"

#include <algorithm>
#include <vector>

#include "engine/base/utf8.h"

namespace assay::validate {

namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostCandidates = 1000;

std::vector<char32_t> Scalars(std::string_view text) {
  std::vector<char32_t> scalars;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    scalars.push_back(next.code_point);
    i += next.length;
  }
  return scalars;
}

std::size_t EditDistance(const std::vector<char32_t>& a, const std::vector<char32_t>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string Nearest(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > kLongestName || candidates.size() > kMostCandidates) return {};
  const std::vector<char32_t> wanted = Scalars(name);
  std::string_view best;
  std::size_t best_distance = SIZE_MAX;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > 4 * kLongestName) continue;
    const std::size_t distance = EditDistance(wanted, Scalars(candidate));
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return std::string(best);
}

}  // namespace assay::validate
