#include "engine/base/suggest.h"

#include <algorithm>
#include <vector>

#include "engine/base/utf8.h"

namespace assay {

namespace {

// In bytes; they bound the work.
constexpr std::size_t kLongestWritten = 64;
constexpr std::size_t kLongestCandidate = 256;
constexpr std::size_t kMostCandidates = 1000;

struct Match {
  std::string_view candidate;
  std::size_t distance = SIZE_MAX;
  std::size_t length = 0;  // of the longer of the two, in characters
};

std::vector<char32_t> Characters(std::string_view text) {
  std::vector<char32_t> characters;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::Decoded next = utf8::Decode(text, i);
    characters.push_back(next.code_point);
    i += next.length;
  }
  return characters;
}

// Levenshtein distance by the usual dynamic program over one row.
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

Match Find(std::string_view written, std::span<const std::string_view> candidates) {
  Match best;
  if (written.empty() || written.size() > kLongestWritten || candidates.size() > kMostCandidates) {
    return best;
  }
  const std::vector<char32_t> wanted = Characters(written);
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestCandidate) continue;
    const std::vector<char32_t> characters = Characters(candidate);
    const std::size_t distance = EditDistance(wanted, characters);
    if (distance < best.distance) {
      best = {candidate, distance, std::max(wanted.size(), characters.size())};
    }
  }
  return best;
}

}  // namespace

std::string DidYouMean(std::string_view written, std::span<const std::string_view> candidates) {
  const Match best = Find(written, candidates);
  if (best.candidate.empty() || best.distance > best.length / 3) return {};
  return "did you mean `" + std::string(best.candidate) + "`?";
}

std::string_view Nearest(std::string_view written, std::span<const std::string_view> candidates) {
  return Find(written, candidates).candidate;
}

}  // namespace assay
