// The two forms of an ECDSA signature: r and s side by side, as JOSE and images write it, and the
// ASN.1 that OpenSSL reads and writes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

// `plain` has r and s in equally many bytes. Nothing if OpenSSL has no memory.
std::optional<std::string> EcdsaToAsn1(std::string_view plain);

// r and s in `size` bytes together. Nothing if this is no signature, or one of a larger curve.
std::optional<std::string> EcdsaToPlain(std::string_view asn1, std::size_t size);

}  // namespace assay
