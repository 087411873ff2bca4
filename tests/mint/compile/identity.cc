// Compiled once for each CASE: 0 must compile, all others must not. run.sh beside it does that.
#include <memory>
#include <string>

#include "assay/mint/dpop.h"
#include "assay/mint/mint.h"
#include "assay/mint/spiffe.h"
#include "engine/mint/hook/evaluation.h"

using namespace assay::mint;

// A stand-in for whatever takes an identity as proof.
void Take(const VerifiedIdentity& identity);
void Prove(const ProvenKey& key);
void Allow(const hook::AllowProof& proof);

void Try(const JwtSvidVerifier& verifier, const DpopVerifier& proofs, const X509SvidVerifier& peers,
         Mint& mint, const MintRequest& request, const hook::Evaluation& evaluation,
         const assay::Decision& decision) {
#if CASE == 0
  const auto identity = verifier.Verify("token");
  if (identity.ok()) Take(identity.value());
  const auto key = proofs.Verify("proof", {"GET", "https://a.example/"});
  if (key.ok()) Prove(key.value());
  (void)peers.VerifyPeer(nullptr);
  if (identity.ok()) (void)mint.Issue(identity.value(), request);
  const auto proof = evaluation.Prove();
  if (proof.ok()) Allow(proof.value());
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
#elif CASE == 9
  (void)mint.Issue(request);
#elif CASE == 10
  (void)mint.Issue(verifier.Verify("token"), request);
#elif CASE == 11
  Allow(decision);  // nor is a decision a proof
#elif CASE == 12
  Allow(hook::AllowProof(nullptr, nullptr, GrantShape{}));
#elif CASE == 13
  Allow(evaluation);
#endif
}
