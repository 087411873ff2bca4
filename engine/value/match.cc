#include "engine/value/match.h"

#include <cstddef>

namespace assay::rt {

// Greedy: each wildcard takes as little as it can, and only the last one seen is ever widened; an
// earlier one need not be, since the later one can take whatever it would have given up.
bool MatchesPattern(std::string_view text, std::string_view pattern) noexcept {
  constexpr char kWildcard = '\xff';
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t t = 0, p = 0;
  std::size_t wildcard = kNone;  // position after the last wildcard
  std::size_t resume = 0;        // where in the text it began to match
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == kWildcard) {
      wildcard = ++p;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (wildcard != kNone) {
      p = wildcard;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kWildcard) ++p;
  return p == pattern.size();
}

}  // namespace assay::rt
