// Any bytes as a certificate that answers a challenge. Nobody has signed anything, so no identity
// may come of it, whatever the certificate says.
#include <cstdlib>

#include "assay/mint/spiffe.h"
#include "engine/mint/identity/certificate.h"
#include "engine/mint/identity/identity_data.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  static const Clock clock([] { return std::int64_t{1'000'000'000'000}; },
                           [] { return std::int64_t{0}; });
  static TrustStore store;
  static const X509SvidVerifier verifier(store, clock, {.audience = "mint"});
  const std::string_view der(reinterpret_cast<const char*>(data), size);
  const X509Ptr certificate = identity::ParseCertificate(der);
  if (certificate) {
    (void)identity::ReadSpiffeId(certificate.get());
    // It may vouch for itself.
    TrustBundle bundle = TrustBundle::FromJson("a.example", "{\"keys\":[]}").value();
    X509_STORE_add_cert(identity::Access::DataOf(bundle).authorities.get(), certificate.get());
    TrustStore own;
    if (!own.Update(bundle).ok()) std::abort();
    const auto identity = identity::CheckSvid(certificate.get(), nullptr, own, 1'000'000'000);
    if (identity.ok() && identity.value().issuer != "a.example") std::abort();
  }
  const auto challenge = verifier.NewChallenge();
  if (!challenge.ok()) std::abort();
  const std::string_view chain[] = {der};
  if (verifier.VerifyChallenge(challenge.value(), chain, der).ok()) std::abort();
  return 0;
}
