#include <algorithm>

#include "assay/mint/identity.h"
#include "engine/mint/base/guard.h"

namespace assay::mint {

namespace {

constexpr std::string_view kScheme = "spiffe://";
constexpr std::size_t kMostBytes = 2048;
constexpr std::size_t kMostTrustDomainBytes = 255;

bool IsDomainCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool IsPathCharacter(char c) { return IsDomainCharacter(c) || (c >= 'A' && c <= 'Z'); }

bool IsSegment(std::string_view text) {
  return !text.empty() && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), IsPathCharacter);
}

// "" or segments, each after a slash.
bool IsPath(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('/', 1), text.size());
    if (text.front() != '/' || !IsSegment(text.substr(1, end - 1))) return false;
    text.remove_prefix(end);
  }
  return true;
}

}  // namespace

bool IsTrustDomain(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMostTrustDomainBytes &&
         std::all_of(text.begin(), text.end(), IsDomainCharacter);
}

Checked<SpiffeId> SpiffeId::Parse(std::string_view text) noexcept {
  return Guard([&]() -> Checked<SpiffeId> {
    const Refusal malformed{RefusalId::kSpiffeIdMalformed};
    if (text.size() > kMostBytes || text.substr(0, kScheme.size()) != kScheme) return malformed;
    const std::string_view rest = text.substr(kScheme.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view domain = rest.substr(0, slash);
    const std::string_view segments = rest.substr(slash);
    if (!IsTrustDomain(domain) || !IsPath(segments)) return malformed;
    return SpiffeId{std::string(domain), std::string(segments)};
  });
}

std::string SpiffeId::ToString() const { return std::string(kScheme) + trust_domain + path; }

}  // namespace assay::mint
