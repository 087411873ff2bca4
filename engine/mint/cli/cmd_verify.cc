// assay verify: what a resource server does with a grant before it acts.
#include <iostream>

#include "assay/mint/ledger_feeds.h"
#include "assay/mint/ledger_reader.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/cli/show.h"
#include "engine/mint/ledger/export.h"

namespace assay::mint::cli {

namespace {

using assay::cli::Input;

struct Flags {
  std::string grant, keys, ledger, uses, issuer, audience, thumbprint;
  std::int64_t skew = 5;
  bool accept_bearer = false;
  bool is_json = false;
  TupleFlags tuples;
  ProofFlags proof;
};

// A key set, or the one key that `assay init` writes.
std::optional<KeySet> ReadKeys(const std::string& path) {
  const auto text = ReadSmallFile(path);
  if (!text) return std::nullopt;
  auto keys = KeySet::FromJwks(*text);
  if (keys.ok()) return std::move(keys).value();
  KeySet one;
  auto key = PublicKey::FromJwk(*text);
  if (key.ok() && one.Add(std::move(key).value()).ok()) return one;
  PrintError(path + ": these are no public keys: " + std::string(RefusalText(keys.error().id)));
  return std::nullopt;
}

// Everything that the ledger says was revoked, up to now.
bool ReadRevocations(const std::string& folder, const Clock& clock, RevocationView* view) {
  auto reader = LedgerReader::OpenAlive(LedgerFolder(folder), clock.WallMilliseconds());
  if (!reader.ok()) {
    PrintError(reader.error().message);
    return false;
  }
  const auto taken = FollowRevocations(&reader.value(), view);
  if (taken.ok()) return true;
  PrintError(taken.error().message);
  return false;
}

void PrintClaims(const GrantClaims& claims, bool is_json) {
  if (!is_json) {
    std::cout << "good: grant " << EscapeUnsafe(claims.jti) << " of "
              << EscapeUnsafe(claims.subject) << " until " << claims.expires_at << ", decision "
              << EscapeUnsafe(claims.decision_id) << "\n";
    return;
  }
  std::cout << "{\"decision_id\":" << Quoted(claims.decision_id)
            << ",\"expires\":" << claims.expires_at << ",\"jti\":" << Quoted(claims.jti)
            << ",\"subject\":" << Quoted(claims.subject) << ",\"task\":" << Quoted(claims.task)
            << "}\n";
}

int Verify(const Flags& flags) {
  Input input;
  const auto tuples = flags.tuples.Read(&input);
  const auto context = flags.tuples.ReadContext(&input);
  const auto token = ReadToken(&input, flags.grant);
  std::optional<CleansedText> proof(std::in_place);
  if (!flags.proof.path.empty()) proof = ReadToken(&input, flags.proof.path);
  auto keys = ReadKeys(flags.keys);
  if (!tuples || !context || !token || !proof || !keys) return kFailure;
  if (tuples->size() != 1) {
    PrintError("one action is done at a time: give --action and --resource once");
    return kFailure;
  }
  const Clock clock;
  RevocationView revocations(clock);
  if (!ReadRevocations(flags.ledger, clock, &revocations)) return kFailure;
  CountUse count_use;
  if (!flags.uses.empty()) {
    auto store = UseStore::Open(flags.uses, clock);
    if (!store.ok()) return PrintRefusal(store.error(), flags.is_json);
    count_use = store.value().AsFunction();
  }
  const GrantVerifier verifier({.issuer = flags.issuer,
                                .audience = flags.audience,
                                .skew = flags.skew,
                                .accept_bearer = flags.accept_bearer},
                               *std::move(keys), clock, &revocations, count_use);
  const auto claims =
      verifier.Verify({.token = token->view(),
                       .tuple = tuples->front(),
                       .context = flags.tuples.context.empty() ? nullptr : &*context,
                       .certificate_thumbprint = flags.thumbprint,
                       .proof = proof->view(),
                       .method = flags.proof.method,
                       .url = flags.proof.url});
  if (!claims.ok()) return PrintRefusal(claims.error(), flags.is_json);
  PrintClaims(*claims.value(), flags.is_json);
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  command->Text("grant", &flags->grant, "A file with the grant; - for standard input").Required();
  command->Text("--keys", &flags->keys, "The mint's public keys: a JWK or a key set").Required();
  command->Text("--ledger", &flags->ledger, "The ledger that says what is revoked").Required();
  command->Text("--issuer", &flags->issuer, "The mint whose grants are accepted").Required();
  command->Text("--audience", &flags->audience, "Who we are").Required();
  flags->tuples.AddTo(command);
  command->Text("--uses", &flags->uses, "A file that counts uses of grants that limit them");
  command->Text("--thumbprint", &flags->thumbprint,
                "SHA-256 of the client's certificate, in base64url, from the TLS that we ended");
  flags->proof.AddTo(command);
  command->Number("--skew", &flags->skew, "Seconds by which clocks may differ");
  command->Flag("--accept-bearer", &flags->accept_bearer, "Accept grants without a key");
  AddFormat(command, &flags->is_json);
}

}  // namespace

void AddVerify(Command* app) {
  app->Add<Flags>("verify", "Check a grant for one action, as a resource server does", Declare,
                  Verify);
}

}  // namespace assay::mint::cli
