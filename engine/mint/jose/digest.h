// SHA-256.
#pragma once

#include <string>
#include <string_view>

namespace assay::mint::jose {

// The 32 bytes; empty if the library fails, which is not the digest of anything.
std::string Sha256(std::string_view bytes);

// In base64url, as claims have it; empty if the library fails.
std::string Sha256Text(std::string_view bytes);

}  // namespace assay::mint::jose
