// assay revoke: ends a grant, or all of a task or a subject.
#include <iostream>

#include "assay/mint/mint.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"

namespace assay::mint::cli {

namespace {

struct Flags {
  std::string folder, jti, txn, subject, reason = "revoked";
  bool is_json = false;
};

int Revoke(const Flags& flags) {
  const auto key = ReadPrivateKey(flags.folder, "grant");
  const auto ledger = key ? OpenLedger(flags.folder) : nullptr;
  if (ledger == nullptr) return kFailure;
  const Clock clock;
  Mint mint({}, *key, ledger.get(), clock);
  const auto receipt =
      !flags.jti.empty()   ? mint.Revoke(RevocationKind::kGrant, flags.jti, flags.reason)
      : !flags.txn.empty() ? mint.Revoke(RevocationKind::kTask, flags.txn, flags.reason)
                           : mint.Revoke(RevocationKind::kSubject, flags.subject, flags.reason);
  if (!receipt.ok()) return PrintRefusal(receipt.error(), flags.is_json);
  if (flags.is_json) {
    std::cout << "{\"record\":" << receipt.value().sequence << "}\n";
  } else {
    std::cout << "revoked: record " << receipt.value().sequence << "\n";
  }
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  command->Text("folder", &flags->folder, "The folder that `assay init` made").Required();
  Command what = command->ExactlyOne();
  what.Text("--jti", &flags->jti, "One grant");
  what.Text("--txn", &flags->txn, "All of a transaction or task");
  what.Text("--subject", &flags->subject, "All of a workload");
  command->Text("--reason", &flags->reason, "Why, for the ledger");
  AddFormat(command, &flags->is_json);
}

}  // namespace

void AddRevoke(Command* app) {
  app->Add<Flags>("revoke", "Revoke a grant, or all grants so far of a task or a subject", Declare,
                  Revoke);
}

}  // namespace assay::mint::cli
