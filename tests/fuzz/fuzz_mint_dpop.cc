// Any text as a proof of possession: refused, or one that is not taken again. The first byte says
// what the rest is, a proof or the claims of one that a key of ours signs (so that fuzzing gets
// past the signature), and what is asked for beside them. The seeds are proofs for this target.
//
// Covers: engine/mint/grant/dpop.cc engine/mint/grant/http_url.cc
#include <cstdlib>

#include "assay/mint/dpop.h"
#include "engine/mint/jose/jws.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  static const SigningKey key = SigningKey::Generate(Algorithm::kEs256).value();
  if (size == 0) return 0;
  std::int64_t now = 1'562'262'616'000;
  const Clock clock([&now] { return now; }, [&now] { return now; });
  const DpopVerifier verifier(clock, {.most_proofs = 1});
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  ProofTarget target{"POST", "https://server.example.com/token"};
  if ((data[0] & 2) != 0) target.token = "a.b.c";
  if ((data[0] & 4) != 0) target.nonce = "n1";
  std::string proof(rest);
  if ((data[0] & 1) != 0) proof = jose::SignJws(key, "dpop+jwt", rest, true).value();
  const auto outcome = [&](const std::string& shown) {
    const auto proven = verifier.Verify(shown, target);
    if (proven.ok() && proven.value().thumbprint().size() != 43) std::abort();
    return proven.ok() ? "ok" : RefusalName(proven.error().id);
  };
  const std::string_view first = outcome(proof);
  if (first.empty()) std::abort();
  if (first != "ok") return 0;
  if (outcome(proof) != "proof_replayed") std::abort();
  const auto fresh = [&] { return MakeDpopProof(key, target, now / 1000).value(); };
  if (outcome(fresh()) != "proof_limit") std::abort();
  // When the first has gone stale, whatever its time was within the window, there is room again.
  now += 70'000;
  if (outcome(proof) != "proof_stale" || outcome(fresh()) != "ok") std::abort();
  return 0;
}
