// Who a workload is, proven.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/refusal.h"

namespace assay::mint {

namespace identity {
struct Access;
struct IdentityData;
}  // namespace identity

// The name of a workload or a trust domain in SPIFFE, for example `spiffe://example.org/agent/7`.
struct SpiffeId {
  std::string trust_domain;  // `example.org`
  std::string path;          // `/agent/7`; "" for the trust domain itself

  // Exactly as the SPIFFE-ID standard has it, section 2: lower-case trust domain, no
  // percent-encoding, no empty or dot segments, 2048 bytes at most.
  ASSAY_API static Checked<SpiffeId> Parse(std::string_view text) noexcept;
  ASSAY_API std::string ToString() const;

  friend bool operator==(const SpiffeId&, const SpiffeId&) = default;
};

// Whether `text` can be the name of a trust domain.
ASSAY_API bool IsTrustDomain(std::string_view text) noexcept;

enum class IdentityKind : std::uint8_t { kJwtSvid, kX509Svid, kOidc };

// What a verifier has found out. Only a verifier can make one, so whoever holds it need not ask
// again. Immutable; copies share; safe to use from any number of threads.
class ASSAY_API VerifiedIdentity {
 public:
  IdentityKind kind() const;
  // The trust domain, or the issuer of OpenID Connect.
  std::string_view issuer() const;
  // The SPIFFE ID, or the claim `sub`.
  std::string_view subject() const;
  // Seconds since 1970 from which on it is no longer proven. No grant lives longer.
  std::int64_t expires_at() const;
  // RFC 8705: SHA-256 of the certificate whose key was proven, in base64url; "" without one.
  std::string_view certificate_thumbprint() const;

 private:
  friend struct identity::Access;
  explicit VerifiedIdentity(std::shared_ptr<const identity::IdentityData> data)
      : data_(std::move(data)) {}
  std::shared_ptr<const identity::IdentityData> data_;
};

}  // namespace assay::mint
