// assay init: the folder of a new broker, with keys that only its owner can read.
#include <cerrno>
#include <iostream>
#include <system_error>

#include "assay/mint/key.h"
#include "assay/mint/ledger.h"
#include "engine/base/hex.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/ledger/bytes.h"
#include "engine/mint/ledger/files.h"

namespace assay::mint::cli {

namespace {

struct Flags {
  std::string folder;
  bool is_json = false;
};

bool Fail(const std::string& path, const std::string& what, int error) {
  PrintError(path + ": cannot " + what + ": " + std::generic_category().message(error));
  return false;
}

bool SyncFolder(const std::string& path) {
  const int error = SystemFiles().SyncFolder(path);
  return error == 0 || Fail(path, "sync the folder", error);
}

// A folder for the owner only. One that is there already must be empty.
bool MakeEmptyFolder(const std::string& path) {
  Files& files = SystemFiles();
  const int error = files.MakeFolder(path);
  if (error == 0) return SyncFolder(path + "/..");  // its own name
  if (error != EEXIST) return Fail(path, "make the folder", error);
  std::vector<std::string> names;
  if (const int list_error = files.List(path, &names)) {
    return Fail(path, "list the folder", list_error);
  }
  if (names.empty()) return true;
  PrintError(path + ": this folder is not empty; a broker begins in a new one");
  return false;
}

std::optional<SigningKey> MakeKey(const std::string& broker, const std::string& name) {
  const Checked<SigningKey> key = SigningKey::Generate(Algorithm::kEs256);
  if (!key.ok()) {
    PrintError("a key could not be made: " + std::string(RefusalText(key.error().id)));
    return std::nullopt;
  }
  const Secret pem = key.value().ToPem();
  if (pem.empty()) {
    PrintError("a key could not be written");
    return std::nullopt;
  }
  if (!WriteSmallFile(PrivateKeyPath(broker, name), pem.view())) return std::nullopt;
  const std::string jwk = key.value().public_key().ToJwk() + "\n";
  if (!WriteSmallFile(PublicKeyPath(broker, name), jwk)) return std::nullopt;
  return key.value();
}

int Init(const Flags& flags) {
  const std::string& broker = flags.folder;
  if (!MakeEmptyFolder(broker) || !MakeEmptyFolder(KeysFolder(broker))) return kFailure;
  const auto grant_key = MakeKey(broker, "grant");
  const auto ledger_key = MakeKey(broker, "ledger");
  if (!grant_key || !ledger_key) return kFailure;
  LedgerOptions options;
  options.sign = [&](std::string_view message) -> std::optional<std::string> {
    Checked<std::string> signature = ledger_key->Sign(message);
    if (!signature.ok()) return std::nullopt;
    return std::move(signature).value();
  };
  const Ledgered<LedgerId> made = Ledger::Create(broker + "/ledger", options);
  if (!made.ok()) {
    PrintError(made.error().message);
    return kFailure;
  }
  if (!SyncFolder(KeysFolder(broker)) || !SyncFolder(broker)) return kFailure;
  const std::string id = ToHex(AsText(made.value()));
  const std::string grant_kid(grant_key->public_key().kid());
  const std::string ledger_kid(ledger_key->public_key().kid());
  if (flags.is_json) {
    std::cout << "{\"folder\":" << Quoted(broker) << ",\"grant_key\":\"" << grant_kid
              << "\",\"ledger\":\"" << id << "\",\"ledger_key\":\"" << ledger_kid << "\"}\n";
  } else {
    std::cout << "ledger      " << id << "\ngrant key   " << grant_kid << "\nledger key  "
              << ledger_kid << "\n";
  }
  return kSuccess;
}

void Declare(Command* command, Flags* flags) {
  command->Text("folder", &flags->folder, "A folder that is not there yet, or is empty").Required();
  AddFormat(command, &flags->is_json);
}

}  // namespace

void AddInit(Command* app) {
  app->Add<Flags>("init", "Make the folder of a new broker: keys and an empty ledger", Declare,
                  Init);
}

}  // namespace assay::mint::cli
