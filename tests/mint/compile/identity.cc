// Compiled once for each CASE: 0 must compile, all others must not. run.sh beside it does that.
#include <memory>
#include <string>

#include "assay/mint/dpop.h"
#include "assay/mint/spiffe.h"

using namespace assay::mint;

// A stand-in for whatever takes an identity as proof.
void Take(const VerifiedIdentity& identity);
void Prove(const ProvenKey& key);

void Try(const JwtSvidVerifier& verifier, const DpopVerifier& proofs,
         const X509SvidVerifier& peers) {
#if CASE == 0
  const auto identity = verifier.Verify("token");
  if (identity.ok()) Take(identity.value());
  const auto key = proofs.Verify("proof", {"GET", "https://a.example/"});
  if (key.ok()) Prove(key.value());
  (void)peers.VerifyPeer(nullptr);
#elif CASE == 1
  Take({});
#elif CASE == 2
  Take("spiffe://a.example/agent");
#elif CASE == 3
  Take(VerifiedIdentity(nullptr));
#elif CASE == 4
  Take(SpiffeId{"a.example", "/agent"});
#elif CASE == 5
  Take(verifier.Verify("token"));  // a refusal is no identity
#elif CASE == 6
  Prove(ProvenKey(std::string("thumbprint")));
#elif CASE == 7
  Prove({});
#elif CASE == 8
  (void)peers.VerifyPeer(std::string("a certificate"));
#endif
}
