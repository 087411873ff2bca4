// Proofs of possession for HTTP requests (RFC 9449, DPoP).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/clock.h"
#include "assay/mint/key.h"
#include "assay/mint/refusal.h"

namespace assay::mint {

namespace grant {
class ReplayCache;
}

// A key that its holder has just used for the request at hand. Only a verifier can make one.
class ProvenKey {
 public:
  // RFC 7638, in base64url: what `cnf.jkt` holds.
  std::string_view thumbprint() const { return thumbprint_; }

 private:
  friend class DpopVerifier;
  explicit ProvenKey(std::string thumbprint) : thumbprint_(std::move(thumbprint)) {}
  std::string thumbprint_;
};

struct DpopOptions {
  // Seconds for which a proof is good after its `iat`, and by which clocks may differ.
  std::int64_t window = 60;
  std::int64_t skew = 5;
  // Proofs that are remembered, so that none is taken twice; when they are so many within the
  // window, further ones are refused.
  std::size_t most_proofs = 100'000;
};

// What a proof is for.
struct ProofTarget {
  std::string_view method;
  // The address the request was sent to, as this server knows itself: never taken from a header
  // that the client writes. Query and fragment do not count.
  std::string_view url;
  std::string_view token = {};  // the grant it goes with; none at the mint
  std::string_view nonce = {};  // the one this server gave, if it gives any
};

// Checks proofs as RFC 9449, section 4.3, demands. Remembers them in memory only: a proof from
// before the verifier was made is refused, so a restart lets none be taken again. Thread-safe. The
// clock must outlive it.
class ASSAY_API DpopVerifier {
 public:
  explicit DpopVerifier(const Clock& clock, DpopOptions options = {});
  ~DpopVerifier();

  Checked<ProvenKey> Verify(std::string_view proof, const ProofTarget& target) const noexcept;

 private:
  const Clock& clock_;
  DpopOptions options_;
  std::int64_t started_at_;
  std::unique_ptr<grant::ReplayCache> seen_;
};

// For clients: a proof for one request. `issued_at` in seconds since 1970.
ASSAY_API Checked<std::string> MakeDpopProof(const SigningKey& key, const ProofTarget& target,
                                             std::int64_t issued_at) noexcept;

}  // namespace assay::mint
