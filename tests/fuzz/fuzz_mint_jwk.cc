// Any text as a key or a set of keys: refused, or what is written from it is the same key.
//
// Covers: engine/mint/jose/jwk.cc engine/mint/jose/roca.cc
#include <cstdlib>

#include "assay/mint/key.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace assay::mint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto key = PublicKey::FromJwk(text); key.ok()) {
    const auto again = PublicKey::FromJwk(key.value().ToJwk());
    if (!again.ok() || again.value().thumbprint() != key.value().thumbprint()) std::abort();
    if (again.value().algorithm() != key.value().algorithm()) std::abort();
    if (key.value().Verify("message", "signature")) std::abort();
  }
  if (const auto set = KeySet::FromJwks(text); set.ok()) {
    const auto again = KeySet::FromJwks(set.value().ToJwks());
    if (!again.ok() || again.value().size() != set.value().size()) std::abort();
  }
  return 0;
}
