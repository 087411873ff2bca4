// Certificates and TLS connections for tests.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/mint/key.h"
#include "engine/mint/base/openssl.h"

namespace assay::mint::testing {

// What a certificate is to say; the extensions are in OpenSSL's configuration syntax, a name and a
// value each.
struct CertificateSpec {
  std::int64_t not_before = 0;
  std::int64_t not_after = 2'000'000'000;
  std::vector<std::pair<std::string, std::string>> extensions = {};
};

struct Certificate {
  std::shared_ptr<X509> x509;
  std::shared_ptr<EVP_PKEY> key;

  std::string Der() const;
  // With ES256, over the certificate's key.
  std::string SignEs256(std::string_view message) const;
};

// An authority of a trust domain: issued by itself, or by `issuer`.
Certificate MakeAuthority(std::string_view trust_domain, const Certificate* issuer = nullptr,
                          CertificateSpec spec = {});
// A leaf as SPIFFE wants it, with `id` as its name.
Certificate MakeSvid(std::string_view id, const Certificate& issuer);
// Whatever the spec says.
Certificate MakeCertificate(const CertificateSpec& spec, const Certificate* issuer);
// The extensions of a leaf as SPIFFE wants it, to be changed.
CertificateSpec SvidSpec(std::string_view id);

// A bundle in JSON with these authorities.
std::string BundleJson(const std::vector<Certificate>& authorities, const std::string& more = "");

using SslPtr = std::unique_ptr<SSL, OpensslFree<SSL_free>>;
// The server's end of a TLS connection whose client showed `chain` (none: nothing) in a handshake
// in memory. `complete`: whether the handshake is finished.
SslPtr ServerWithPeer(const std::vector<Certificate>& chain, bool complete = true,
                      int version = TLS1_3_VERSION);

}  // namespace assay::mint::testing
