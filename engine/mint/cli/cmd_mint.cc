// assay mint: a credential in, a grant out.
#include <iostream>

#include "assay/mint/mint.h"
#include "assay/mint/spiffe.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/cli/show.h"

namespace assay::mint::cli {

namespace {

using assay::cli::Input;

struct Flags {
  std::string folder, entities, issuer, credential, mint_audience, trust_domain, bundle;
  std::string principal_type, principal, audience, task, step, txn, purpose;
  std::int64_t seconds = 0;
  bool allow_unsigned = false;
  bool is_json = false;
  assay::cli::PolicyFlags policies;
  TupleFlags tuples;
  ProofFlags proof;
};

// Puts the policies in force, and keeps an image of them by their digest.
bool Publish(Input* input, const Flags& flags, Mint* mint) {
  const auto program = assay::cli::ReadProgram(input, flags.policies);
  const auto entities = assay::cli::ReadEntities(input, flags.entities);
  if (!program || !entities) return false;
  std::string problem;
  // With a key nothing but an image that its owner signed has been read.
  const bool is_signed = !flags.policies.image_key.empty();
  const auto swapped = mint->Publish({*program, *entities, is_signed}, &problem);
  if (swapped.ok()) return KeepPolicies(flags.folder, *mint->policy_digest(), *program);
  PrintError(flags.policies.path + ": " +
             (problem.empty() ? std::string(RefusalText(swapped.error().id)) : problem) + " [" +
             std::string(RefusalName(swapped.error().id)) + "]");
  return false;
}

struct Caller {
  std::optional<VerifiedIdentity> identity;
  std::optional<ProvenKey> key;
};

// What the workload shows.
struct Shown {
  std::string bundle;
  CleansedText credential, proof;
};

std::optional<Shown> ReadShown(Input* input, const Flags& flags) {
  auto bundle = input->ReadFile(flags.bundle);
  auto credential = ReadToken(input, flags.credential);
  std::optional<CleansedText> proof(std::in_place);
  if (!flags.proof.path.empty()) proof = ReadToken(input, flags.proof.path);
  if (!bundle || !credential || !proof) return std::nullopt;
  return Shown{*std::move(bundle), *std::move(credential), *std::move(proof)};
}

// Who asks, and with which key. A proof is good once: a broker that serves over a network keeps one
// verifier for all requests, and this process has one request only.
Checked<Caller> Authenticate(const Shown& shown, const Flags& flags, const Clock& clock) {
  auto trusted = TrustBundle::FromJson(flags.trust_domain, shown.bundle);
  if (!trusted.ok()) return trusted.error();
  TrustStore store;
  const auto updated = store.Update(std::move(trusted).value());
  if (!updated.ok()) return updated.error();
  const std::string& me = flags.mint_audience.empty() ? flags.issuer : flags.mint_audience;
  Caller caller;
  auto identity = JwtSvidVerifier(store, clock, {.audience = me}).Verify(shown.credential.view());
  if (!identity.ok()) return identity.error();
  caller.identity = std::move(identity).value();
  if (flags.proof.path.empty()) return caller;
  auto key = DpopVerifier(clock).Verify(shown.proof.view(), {flags.proof.method, flags.proof.url});
  if (!key.ok()) return key.error();
  caller.key = std::move(key).value();
  return caller;
}

std::optional<MintRequest> ReadRequest(Input* input, const Flags& flags) {
  MintRequest request;
  auto tuples = flags.tuples.Read(input);
  auto context = flags.tuples.ReadContext(input);
  if (!tuples || !context) return std::nullopt;
  request.tuples = *std::move(tuples);
  request.context = *std::move(context);
  if (!flags.principal.empty()) {
    request.principal = ParseEntityUid(
        input->sources(), input->AddText("--principal", flags.principal), &input->diagnostics());
    if (!input->Check()) return std::nullopt;
  }
  request.audience = flags.audience;
  request.seconds = flags.seconds;
  request.task = flags.task;
  request.step = flags.step;
  request.txn = flags.txn;
  request.purpose = flags.purpose;
  return request;
}

void PrintGrant(const Grant& grant, bool is_json) {
  const GrantClaims& claims = grant.claims;
  if (!is_json) {
    std::cout << grant.token.view() << "\n";
    std::cerr << "grant " << claims.jti << " for " << claims.expires_at - claims.issued_at
              << " seconds, record " << grant.sequence << "\n";
    return;
  }
  const bool is_dpop = claims.binding.kind == BindingKind::kDpop;
  std::cout << "{\"access_token\":\"" << grant.token.view()
            << "\",\"audience\":" << Quoted(claims.audience) << ",\"decision_id\":\""
            << claims.decision_id << "\",\"expires_in\":" << claims.expires_at - claims.issued_at
            << ",\"jti\":\"" << claims.jti << "\",\"record\":" << grant.sequence
            << ",\"token_type\":\"" << (is_dpop ? "DPoP" : "Bearer") << "\"}\n";
}

int MintOne(const Flags& flags) {
  Input input;
  const auto grant_key = ReadPrivateKey(flags.folder, "grant");
  auto request = ReadRequest(&input, flags);
  const auto shown = ReadShown(&input, flags);
  if (!grant_key || !request || !shown) return kFailure;
  const auto ledger = OpenLedger(flags.folder);
  if (ledger == nullptr) return kFailure;
  const Clock clock;
  MintOptions options;
  options.issuer = flags.issuer;
  options.principals = {{flags.trust_domain, "", flags.principal_type, ""}};
  options.accept_unsigned_policies = flags.allow_unsigned;
  Mint mint(options, *grant_key, ledger.get(), clock);
  if (!Publish(&input, flags, &mint)) return kFailure;
  const auto caller = Authenticate(*shown, flags, clock);
  if (!caller.ok()) {
    const auto recorded = mint.RecordRefused(caller.error());
    return PrintRefusal(recorded.ok() ? caller.error() : recorded.error(), flags.is_json);
  }
  if (caller.value().key) request->key = &*caller.value().key;
  std::string decision_id;
  const auto grant = mint.Issue(*caller.value().identity, *request, &decision_id);
  if (!grant.ok()) return PrintRefusal(grant.error(), flags.is_json, decision_id);
  PrintGrant(grant.value(), flags.is_json);
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  command->Text("folder", &flags->folder, "The folder that `assay init` made").Required();
  flags->policies.AddTo(command).Required();
  command->Text("-e,--entities", &flags->entities, "Entities; the principal's has `owner`")
      .Required();
  command->Flag("--allow-unsigned", &flags->allow_unsigned, "Take policies that nobody has signed");
  command->Text("--issuer", &flags->issuer, "The address of the mint: `iss` of grants").Required();
  command
      ->Text("--credential", &flags->credential,
             "A file with the workload's JWT-SVID; - for standard input")
      .Required();
  command->Text("--mint-audience", &flags->mint_audience,
                "Whom the JWT-SVID is for (the issuer if not given)");
  command->Text("--trust-domain", &flags->trust_domain, "The trust domain of the bundle")
      .Required();
  command->Text("--bundle", &flags->bundle, "A file with its SPIFFE trust bundle").Required();
  command->Text("--principal-type", &flags->principal_type, "The Cedar type of its workloads")
      .Required();
  command->Text("-l,--principal", &flags->principal, "Whom the workload takes itself for");
  flags->tuples.AddTo(command);
  command->Text("--audience", &flags->audience, "The resource server the grant is for");
  command->Number("--seconds", &flags->seconds, "The lifetime wanted");
  command->Text("--task", &flags->task, "The task it belongs to");
  command->Text("--step", &flags->step, "The step of the task");
  command->Text("--txn", &flags->txn, "The transaction it belongs to (the task if not given)");
  command->Text("--purpose", &flags->purpose, "What it is for");
  flags->proof.AddTo(command);
  AddFormat(command, &flags->is_json);
}

}  // namespace

void AddMint(Command* app) {
  app->Add<Flags>("mint",
                  "Decide what a workload asks for; if policy allows all of it, print one grant",
                  Declare, MintOne);
}

}  // namespace assay::mint::cli
