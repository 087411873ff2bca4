#include "engine/base/suggest.h"

#include <algorithm>
#include <vector>

namespace assay {

namespace {

// Longer names are never suggested for; it also bounds the work.
constexpr std::size_t kLongestName = 64;

// Levenshtein distance by the usual dynamic program over one row.
std::size_t EditDistance(std::string_view a, std::string_view b) {
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

std::string DidYouMean(std::string_view written, std::span<const std::string_view> candidates) {
  if (written.size() > kLongestName) return {};
  std::string_view best;
  std::size_t best_distance = kLongestName;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(written, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  if (best.empty() || best_distance * 3 > std::max(best.size(), written.size())) return {};
  return "did you mean `" + std::string(best) + "`?";
}

}  // namespace assay
