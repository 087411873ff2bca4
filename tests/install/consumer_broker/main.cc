// A broker in about twenty lines: a credential goes in, a grant comes out.
// Usage: consumer BUNDLE CREDENTIAL LEDGER-FOLDER, the first two being what they contain.
#include <assay/compile.h>
#include <assay/mint/mint.h>
#include <assay/mint/spiffe.h>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace assay;
  if (argc != 4) return 2;
  Sources sources;
  Diagnostics diagnostics;
  PolicySet policies;
  policies.AddCedar(sources, sources.Add("policies", R"(
      @grant_binding("bearer") permit(principal, action == Action::"read", resource);)"),
                    &diagnostics);
  const EntityUid agent{"Agent", "spiffe://example.org/agents/mail"};
  const auto entities = Entities::Create({{agent, {{"owner", "mail-team"}}, {}, {}}});

  const mint::Clock clock;
  mint::TrustStore trust;
  (void)trust.Update(mint::TrustBundle::FromJson("example.org", argv[1]).value());
  const mint::JwtSvidVerifier verifier(trust, clock, {.audience = "https://mint.example.org"});
  (void)mint::Ledger::Create(argv[3], {});
  const auto ledger = mint::Ledger::Open(argv[3], {});
  mint::Mint mint({.issuer = "https://mint.example.org",
                   .principals = {{"example.org", "", "Agent", ""}},
                   .accept_unsigned_policies = true},
                  mint::SigningKey::Generate(mint::Algorithm::kEs256).value(), ledger.value().get(),
                  clock);
  if (!mint.Publish({policies.Compile().value(), entities.value()}).ok()) return 1;

  const auto identity = verifier.Verify(argv[2]);
  if (!identity.ok()) return (void)mint.RecordRefused(identity.error()), 1;
  mint::MintRequest request;
  request.tuples = {{"mail", {"Action", "read"}, {"Mailbox", "inbox"}}};
  request.audience = "https://mail.example.org";
  const auto grant = mint.Issue(identity.value(), request);
  if (!grant.ok()) return 1;
  std::printf("a grant of %zu bytes\n", grant.value().token.view().size());
  request.tuples[0].action.id = "delete";
  return mint.Issue(identity.value(), request).ok() ? 1 : 0;
}
