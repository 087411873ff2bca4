// Identities of OpenID Connect: signed tokens of one issuer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/identity.h"
#include "assay/mint/key.h"
#include "assay/mint/refusal.h"

namespace assay::mint {

namespace identity {
struct OidcState;
}

// Fetches a document by its address; nothing if that fails. The library opens no connections: time
// limits, TLS and limits of size are the caller's, and more than 1 MiB is refused. Must not throw.
using FetchDocument = std::function<std::optional<std::string>(std::string_view url)>;

struct OidcOptions {
  // Exactly as in `iss` and in the discovery document.
  std::string issuer;
  // Who we are: the one audience of a token.
  std::string audience;
  // Whom a token with `azp` may have been given to; none: to the audience alone.
  std::vector<std::string> authorized_parties = {};
  // Seconds by which the issuer's clock may differ from ours.
  std::int64_t skew = 10;
  // The longest validity of a token that is accepted, in seconds.
  std::int64_t most_lifetime = 24 * 3600;
  // An unknown `kid` has the keys fetched again, but not more often than this.
  std::int64_t refetch_milliseconds = 30'000;
};

// Checks tokens of one issuer (OpenID Connect Core, section 3.1.3.7). Thread-safe; copies share the
// keys. The clock must outlive it.
class ASSAY_API OidcVerifier {
 public:
  // From documents at hand: the discovery document and the key set. The keys stay as they are.
  static Checked<OidcVerifier> FromDocuments(OidcOptions options, const Clock& clock,
                                             std::string_view discovery,
                                             std::string_view jwks) noexcept;
  // Fetches the discovery document at ISSUER/.well-known/openid-configuration and the keys where it
  // says, which must be https, and the keys again when a token names one that is not there: one
  // caller at a time, at most once in refetch_milliseconds, while the others use what there is.
  // Keys that cannot be fetched or read leave the old ones in use.
  static Checked<OidcVerifier> FromFetch(OidcOptions options, const Clock& clock,
                                         FetchDocument fetch) noexcept;

  // Accepts `typ` JWT or none, and any algorithm that is the key's own.
  Checked<VerifiedIdentity> Verify(std::string_view token) const noexcept;

 private:
  explicit OidcVerifier(std::shared_ptr<identity::OidcState> state) : state_(std::move(state)) {}
  std::shared_ptr<identity::OidcState> state_;
};

}  // namespace assay::mint
