// Any text as a proof of possession: refused, or one that is not taken again. The seeds are proofs
// for this target.
#include <cstdlib>

#include "assay/mint/dpop.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  static const Clock clock([] { return std::int64_t{1'562'262'616'000}; },
                           [] { return std::int64_t{0}; });
  const DpopVerifier verifier(clock);
  const std::string_view proof(reinterpret_cast<const char*>(data), size);
  const ProofTarget target{"POST", "https://server.example.com/token"};
  const auto key = verifier.Verify(proof, target);
  if (!key.ok()) return RefusalName(key.error().id).empty() ? std::abort(), 0 : 0;
  if (key.value().thumbprint().size() != 43) std::abort();
  const auto again = verifier.Verify(proof, target);
  if (again.ok() || again.error().id != RefusalId::kProofReplayed) std::abort();
  return 0;
}
