// Grants signed and verified a second, with the crypto library's bare operations beside them: the
// difference is what the format, the claims and the checks cost.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <string>

#include "assay/mint/grant.h"
#include "engine/mint/grant/grant_json.h"
#include "engine/mint/jose/key_data.h"

namespace assay::bench {
namespace {

using namespace mint;

template <typename T>
T Need(Checked<T> checked) {
  if (!checked.ok()) std::abort();
  return std::move(checked).value();
}

struct Fixture {
  SigningKey key = Need(SigningKey::Generate(Algorithm::kEs256));
  Clock clock;
  RevocationView revocations{clock};
  std::string thumbprint = std::string(43, 'c');
  GrantTuple tuple{"mail", {"Action", "send"}, {"Mailbox", "alice"}};
  GrantClaims claims;
  KeySet keys;

  Fixture() {
    revocations.MarkAuthoritative();
    (void)keys.Add(key.public_key());
    claims.issuer = "https://mint.example";
    claims.subject = claims.client_id = "spiffe://a.example/agent/7";
    claims.audience = "https://mail.example";
    claims.jti = "n8Yk2q0cQmO1r6s3bXx7aA";
    claims.txn = claims.task = "task-9f0c1d";
    claims.step = "1";
    claims.decision_id = "decision-71c2";
    claims.policy_digest = "sha256:0f4c1a6a7a0f4c1a6a7a0f4c1a6a7a0f4c1a6a7a0f4c1a6a7a0f4c1a6a7a";
    claims.issued_at = claims.not_before = clock.Seconds();
    claims.expires_at = claims.issued_at + 300;
    claims.tuples = {tuple};
    claims.binding = {BindingKind::kMtls, thumbprint};
    claims.purpose = "answer the mail";
  }
  std::string Token() const { return Need(grant::SignGrant(claims, key)); }
  GrantVerifierOptions Options(std::size_t cached) const {
    return {.issuer = claims.issuer, .audience = claims.audience, .cached_signatures = cached};
  }
};

const Fixture& TheFixture() {
  static const Fixture fixture;
  return fixture;
}

void BareSign(benchmark::State& state) {
  const Fixture& f = TheFixture();
  const std::string message = Need(grant::WriteGrant(f.claims));
  EVP_PKEY* pkey = jose::Access::DataOf(f.key.public_key()).pkey.get();
  for (auto _ : state) {
    unsigned char signature[80];
    std::size_t size = sizeof(signature);
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr, pkey);
    EVP_DigestSign(ctx.get(), signature, &size, Bytes(message), message.size());
    benchmark::DoNotOptimize(signature);
  }
}
BENCHMARK(BareSign);

void SignGrant(benchmark::State& state) {
  const Fixture& f = TheFixture();
  for (auto _ : state) benchmark::DoNotOptimize(grant::SignGrant(f.claims, f.key));
}
BENCHMARK(SignGrant);

void BareVerify(benchmark::State& state) {
  const Fixture& f = TheFixture();
  const std::string message = Need(grant::WriteGrant(f.claims));
  EVP_PKEY* pkey = jose::Access::DataOf(f.key.public_key()).pkey.get();
  unsigned char signature[80];
  std::size_t size = sizeof(signature);
  const MdCtxPtr signer(EVP_MD_CTX_new());
  EVP_DigestSignInit(signer.get(), nullptr, EVP_sha256(), nullptr, pkey);
  EVP_DigestSign(signer.get(), signature, &size, Bytes(message), message.size());
  for (auto _ : state) {
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    EVP_DigestVerifyInit(ctx.get(), nullptr, EVP_sha256(), nullptr, pkey);
    if (EVP_DigestVerify(ctx.get(), signature, size, Bytes(message), message.size()) != 1) {
      std::abort();
    }
  }
}
BENCHMARK(BareVerify);

void VerifyGrant(benchmark::State& state, std::size_t cached) {
  const Fixture& f = TheFixture();
  static const std::string token = f.Token();
  static const GrantVerifier cold(f.Options(0), f.keys, f.clock, &f.revocations);
  static const GrantVerifier warm(f.Options(4096), f.keys, f.clock, &f.revocations);
  const GrantVerifier& verifier = cached == 0 ? cold : warm;
  const Presentation shown{
      .token = token, .tuple = f.tuple, .certificate_thumbprint = f.thumbprint};
  for (auto _ : state) {
    if (!verifier.Verify(shown).ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(VerifyGrant, Cold, 0);
BENCHMARK_CAPTURE(VerifyGrant, Cached, 1)->Threads(1)->Threads(2)->UseRealTime();

}  // namespace
}  // namespace assay::bench
