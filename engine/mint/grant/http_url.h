// Addresses of HTTP requests, so that two ways to write one compare equal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::mint::grant {

// Scheme and host in lower case, no default port, no query, no fragment, a path of at least `/`
// (RFC 3986, sections 6.2.2.1 and 6.2.3). Nothing if this is no absolute http or https address, or
// has user information.
std::optional<std::string> NormalUrl(std::string_view url);

}  // namespace assay::mint::grant
