// X.509-SVIDs: the path to an authority of the bundle, and what SPIFFE demands of the leaf.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/mint/identity.h"
#include "assay/mint/spiffe.h"
#include "engine/mint/base/openssl.h"

namespace assay::mint::identity {

// One certificate in DER and nothing after it; nullptr for anything else.
X509Ptr ParseCertificate(std::string_view der);

// The SPIFFE ID in the one URI among the certificate's alternative names.
Checked<SpiffeId> ReadSpiffeId(const X509* certificate);

// SHA-256 of the certificate in base64url (RFC 8705, section 3.1); "" if the library fails.
std::string CertificateThumbprint(const X509* certificate);

// Checks a leaf with the certificates shown beside it (may be nullptr). Says nothing about who
// holds its key: callers must know.
Checked<IdentityData> CheckSvid(X509* leaf, STACK_OF(X509) * others, const TrustStore& store,
                                std::int64_t now);

}  // namespace assay::mint::identity
