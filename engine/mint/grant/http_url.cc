#include "engine/mint/grant/http_url.h"

#include <algorithm>

#include "assay/mint/limits.h"

namespace assay::mint::grant {

namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

std::optional<std::string> NormalUrl(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (url.size() > limits::kUrlBytes || colon == std::string_view::npos) return std::nullopt;
  // No white space, no control characters, nothing beyond ASCII: none of it belongs in an address.
  if (!std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    return std::nullopt;
  }
  const std::string scheme = Lower(url.substr(0, colon));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string authority = Lower(rest.substr(0, slash));
  const std::string_view path = rest.substr(slash);
  if (authority.find('@') != std::string::npos) return std::nullopt;
  const std::string port = scheme == "http" ? ":80" : ":443";
  if (authority.size() > port.size() &&
      authority.compare(authority.size() - port.size(), port.size(), port) == 0) {
    authority.resize(authority.size() - port.size());
  }
  if (authority.empty() || authority.front() == ':') return std::nullopt;
  return scheme + "://" + authority + (path.empty() ? "/" : std::string(path));
}

}  // namespace assay::mint::grant
