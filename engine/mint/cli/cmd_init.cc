// assay init: the folder of a new broker, with keys that only its owner can read.
#include <cerrno>
#include <iostream>
#include <system_error>

#include "assay/mint/key.h"
#include "assay/mint/ledger.h"
#include "engine/mint/cli/broker.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/ledger/files.h"
#include "engine/mint/ledger/hex.h"

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

// A folder for the owner only. One that is there already must be empty.
bool MakeEmptyFolder(const std::string& path) {
  Files& files = SystemFiles();
  const int error = files.MakeFolder(path);
  if (error == 0) return true;
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
  Files& files = SystemFiles();
  for (const std::string& folder : {KeysFolder(broker), broker}) {
    if (const int error = files.SyncFolder(folder)) {
      Fail(folder, "sync the folder", error);
      return kFailure;
    }
  }
  const std::string id =
      ToHex({reinterpret_cast<const char*>(made.value().data()), made.value().size()});
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

}  // namespace

void AddInit(CLI::App* app, Run* run) {
  CLI::App* command =
      app->add_subcommand("init", "Make the folder of a new broker: keys and an empty ledger");
  auto flags = std::make_shared<Flags>();
  command->add_option("folder", flags->folder, "A folder that is not there yet, or is empty")
      ->required();
  AddFormat(command, &flags->is_json);
  command->callback([flags, run] { *run = [flags] { return Init(*flags); }; });
}

}  // namespace assay::mint::cli
