// What a resource server sees that checks grants with the installed library: every public header
// compiles by itself, keys go in, and what is no grant is refused with a reason.
#include <assay/mint/annotations.h>
#include <assay/mint/clock.h>
#include <assay/mint/dpop.h>
#include <assay/mint/explain.h>
#include <assay/mint/grant.h>
#include <assay/mint/grant_table.h>
#include <assay/mint/identity.h>
#include <assay/mint/key.h>
#include <assay/mint/key_file.h>
#include <assay/mint/ledger.h>
#include <assay/mint/ledger_feeds.h>
#include <assay/mint/ledger_reader.h>
#include <assay/mint/limits.h>
#include <assay/mint/mint.h>
#include <assay/mint/oidc.h>
#include <assay/mint/record.h>
#include <assay/mint/refusal.h>
#include <assay/mint/revocation.h>
#include <assay/mint/secret.h>
#include <assay/mint/signed_head.h>
#include <assay/mint/spiffe.h>
#include <assay/mint/uses.h>

#include <cstdio>

int main() {
  using namespace assay::mint;
  const auto key = SigningKey::Generate(Algorithm::kEs256);
  if (!key.ok()) return 1;
  const auto keys = KeySet::FromJwks("{\"keys\":[" + key.value().public_key().ToJwk() + "]}");
  if (!keys.ok() || keys.value().size() != 1) return 2;

  const Clock clock;
  RevocationView revocations(clock);
  revocations.MarkFresh();
  const GrantVerifier verifier({.issuer = "https://mint.example", .audience = "https://me.example"},
                               keys.value(), clock, &revocations);
  const auto grant = verifier.Verify({.token = "not.a.grant", .tuple = {}});
  if (grant.ok() || RefusalName(grant.error().id) != "not_base64url") return 3;

  const TrustStore store;
  const JwtSvidVerifier identities(store, clock, {.audience = "https://mint.example"});
  if (identities.Verify("").ok()) return 4;
  std::puts("the mint's library works from outside");
  return 0;
}
