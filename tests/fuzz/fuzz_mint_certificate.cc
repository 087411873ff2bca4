// Any bytes as a certificate. As it stands nobody has signed anything with its key, so no identity
// may come of it. The same certificate is then issued by an authority to a key of ours, as a leaf
// and as an authority between, so that fuzzing gets past the signatures.
//
// Covers: engine/mint/identity/certificate.cc engine/mint/identity/x509_svid.cc
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>

#include "assay/mint/spiffe.h"
#include "engine/mint/identity/certificate.h"
#include "engine/mint/identity/identity_data.h"
#include "tests/mint/certificates.h"

namespace {

using namespace assay::mint;
using testing::Certificate;

constexpr std::int64_t kNow = 1'900'000'000;

struct World {
  Clock clock{[] { return kNow * 1000; }, [] { return std::int64_t{0}; }};
  Certificate root = testing::MakeAuthority("a.example");
  Certificate holder = testing::MakeSvid("spiffe://a.example/holder", root);
  TrustStore store;
  X509SvidVerifier verifier{store, clock, {.audience = "mint"}};

  World() {
    const auto bundle = TrustBundle::FromJson("a.example", testing::BundleJson({root}));
    if (!store.Update(bundle.value()).ok()) std::abort();
  }

  // No certificate if OpenSSL cannot write what it has read.
  Certificate Issue(X509* given) const {
    Certificate made{{X509_dup(given), X509_free}, holder.key};
    X509* x509 = made.x509.get();
    if (x509 == nullptr) return made;
    X509_set_issuer_name(x509, X509_get_subject_name(root.x509.get()));
    X509_set_pubkey(x509, holder.key.get());
    // It names the key of another authority.
    for (int at = 0; (at = X509_get_ext_by_NID(x509, NID_authority_key_identifier, -1)) >= 0;) {
      X509_EXTENSION_free(X509_delete_ext(x509, at));
    }
    if (X509_sign(x509, root.key.get(), EVP_sha256()) <= 0) made.x509 = nullptr;
    return made;
  }

  // Shows the chain and answers a challenge with `signer`; `right`: the one that was given.
  Checked<VerifiedIdentity> Answer(const std::vector<std::string>& chain, const Certificate& signer,
                                   bool right) const {
    const std::string challenge = verifier.NewChallenge().value();
    const std::string signature =
        signer.SignEs256(X509SvidVerifier::ChallengeMessage("mint", right ? challenge : "another"));
    const std::vector<std::string_view> views(chain.begin(), chain.end());
    return verifier.VerifyChallenge(challenge, views, signature);
  }
};

const World& TheWorld() {
  static const World world;
  return world;
}

// It may vouch for itself.
void AsItStands(X509* certificate) {
  (void)identity::ReadSpiffeId(certificate);
  TrustBundle bundle = TrustBundle::FromJson("a.example", "{\"keys\":[]}").value();
  X509_STORE_add_cert(identity::Access::DataOf(bundle).authorities.get(), certificate);
  TrustStore own;
  if (!own.Update(bundle).ok()) std::abort();
  const auto identity = identity::CheckSvid(certificate, nullptr, own, kNow);
  if (identity.ok() && identity.value().issuer != "a.example") std::abort();
}

void AsLeaf(const Certificate& leaf) {
  const World& world = TheWorld();
  const auto identity = world.Answer({leaf.Der()}, leaf, true);
  if (world.Answer({leaf.Der()}, leaf, false).ok()) std::abort();
  if (!identity.ok()) return;
  const SpiffeId id = SpiffeId::Parse(identity.value().subject()).value();
  if (id.trust_domain != "a.example" || id.path.empty()) std::abort();
  const auto peer = world.verifier.VerifyPeer(testing::ServerWithPeer({leaf}).get());
  if (!peer.ok() || peer.value().subject() != identity.value().subject()) std::abort();
}

void AsAuthority(const Certificate& middle) {
  testing::CertificateSpec spec = testing::SvidSpec("spiffe://a.example/agent");
  // It cannot name the key of an authority that does not name its own.
  std::erase_if(spec.extensions,
                [](const auto& entry) { return entry.first == "authorityKeyIdentifier"; });
  const Certificate leaf = testing::MakeCertificate(spec, &middle);
  const auto identity = TheWorld().Answer({leaf.Der(), middle.Der()}, leaf, true);
  if (!identity.ok()) return;
  if (X509_check_ca(middle.x509.get()) != 1) std::abort();
  if (identity.value().subject() != "spiffe://a.example/agent") std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string der(reinterpret_cast<const char*>(data), size);
  if (TheWorld().Answer({der}, TheWorld().holder, true).ok()) std::abort();
  const X509Ptr certificate = identity::ParseCertificate(der);
  if (!certificate) return 0;
  AsItStands(certificate.get());
  const Certificate issued = TheWorld().Issue(certificate.get());
  if (issued.x509 == nullptr) return 0;
  AsLeaf(issued);
  AsAuthority(issued);
  return 0;
}
