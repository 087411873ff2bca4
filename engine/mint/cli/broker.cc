#include "engine/mint/cli/broker.h"

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "assay/image.h"
#include "assay/mint/key_file.h"
#include "engine/base/hex.h"
#include "engine/base/json_text.h"
#include "engine/mint/cli/command.h"
#include "engine/mint/ledger/bytes.h"
#include "engine/mint/ledger/export.h"
#include "engine/mint/ledger/files.h"

namespace assay::mint::cli {

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;

std::optional<std::string> Fail(const std::string& path, int error) {
  PrintError(path + ": this file cannot be read: " + std::generic_category().message(error));
  return std::nullopt;
}

}  // namespace

std::string KeysFolder(const std::string& broker) { return broker + "/keys"; }

std::string PrivateKeyPath(const std::string& broker, const std::string& name) {
  return KeysFolder(broker) + "/" + name + ".pem";
}

std::string PublicKeyPath(const std::string& broker, const std::string& name) {
  return KeysFolder(broker) + "/" + name + ".jwk";
}

std::string LedgerFolder(const std::string& folder) {
  std::error_code code;
  const std::string below = folder + "/ledger";
  return std::filesystem::is_directory(below, code) ? below : folder;
}

std::optional<std::string> ReadSmallFile(const std::string& path) {
  Files& files = SystemFiles();
  int file = -1;
  if (const int error = files.Open(path, Files::Mode::kRead, &file)) return Fail(path, error);
  const FileHandle handle(&files, file);
  std::uint64_t size = 0;
  if (const int error = files.Size(file, &size)) return Fail(path, error);
  if (size > kMostBytes) return Fail(path, EFBIG);
  std::string text(size, '\0');
  std::size_t got = 0;
  if (const int error = files.Read(file, 0, text.data(), text.size(), &got)) {
    return Fail(path, error);
  }
  text.resize(got);
  return text;
}

std::optional<HeadVerifier> ReadHeadVerifier(const std::string& folder, const std::string& given) {
  std::error_code code;
  const std::string path = given.empty() ? PublicKeyPath(folder, "ledger") : given;
  if (given.empty() && !std::filesystem::exists(path, code)) return HeadVerifier();
  const auto text = ReadSmallFile(path);
  if (!text) return std::nullopt;
  const Checked<PublicKey> key = PublicKey::FromJwk(*text);
  if (key.ok()) {
    return [public_key = key.value()](std::string_view message, std::string_view signature) {
      return public_key.Verify(message, signature);
    };
  }
  PrintError(path + ": this is no public key that can be used: " +
             std::string(RefusalText(key.error().id)));
  return std::nullopt;
}

std::optional<SigningKey> ReadPrivateKey(const std::string& broker, const std::string& name) {
  const std::string path = PrivateKeyPath(broker, name);
  Checked<SigningKey> key = LoadKey(path, Algorithm::kEs256);
  if (key.ok()) return std::move(key).value();
  PrintError(path + ": " + std::string(RefusalText(key.error().id)));
  return std::nullopt;
}

std::unique_ptr<Ledger> OpenLedger(const std::string& broker) {
  const auto key = ReadPrivateKey(broker, "ledger");
  if (!key) return nullptr;
  LedgerOptions options;
  options.sign = [key = *key](std::string_view message) -> std::optional<std::string> {
    Checked<std::string> signature = key.Sign(message);
    if (!signature.ok()) return std::nullopt;
    return std::move(signature).value();
  };
  options.verify = [key = key->public_key()](std::string_view message, std::string_view signature) {
    return key.Verify(message, signature);
  };
  auto ledger = Ledger::Open(broker + "/ledger", options);
  if (ledger.ok()) return std::move(ledger).value();
  PrintError(ledger.error().message + " [" + std::string(LedgerFaultName(ledger.error().fault)) +
             "]");
  return nullptr;
}

std::string PolicyPath(const std::string& broker, const Digest& digest) {
  return broker + "/policies/" + ToHex(AsText(digest)) + ".assay";
}

bool KeepPolicies(const std::string& broker, const Digest& digest, const Program& program) {
  const std::string folder = broker + "/policies";
  const int made = SystemFiles().MakeFolder(folder);
  if (made != 0 && made != EEXIST) {
    PrintError(folder + ": cannot make the folder: " + std::generic_category().message(made));
    return false;
  }
  const std::string path = PolicyPath(broker, digest);
  std::error_code code;
  // Written aside and moved: a file of that name is whole.
  if (std::filesystem::exists(path, code)) return true;
  const Result<std::string> image = WriteImage(program);
  if (!image.ok()) {
    PrintError(image.error().message);
    return false;
  }
  if (!WriteSmallFile(path + ".new", image.value())) return false;
  int error = SystemFiles().Rename(path + ".new", path);
  if (error == 0) error = SystemFiles().SyncFolder(folder);
  if (error == 0) error = SystemFiles().SyncFolder(broker);
  if (error == 0) return true;
  PrintError(path + ": cannot make the file: " + std::generic_category().message(error));
  return false;
}

bool WriteSmallFile(const std::string& path, std::string_view bytes) {
  Files& files = SystemFiles();
  const auto fail = [&](const char* what, int error) {
    PrintError(path + ": cannot " + what + ": " + std::generic_category().message(error));
    return false;
  };
  int file = -1;
  if (const int error = files.Open(path, Files::Mode::kReplace, &file)) {
    return fail("make the file", error);
  }
  const FileHandle handle(&files, file);
  if (const int error = files.Write(file, 0, bytes.data(), bytes.size())) {
    return fail("write to the file", error);
  }
  if (const int error = files.Sync(file)) return fail("sync the file", error);
  return true;
}

int PrintRefusal(const Refusal& refusal, bool is_json, const std::string& decision_id) {
  std::string text(RefusalText(refusal.id));
  if (!refusal.about.empty()) text.append(": ").append(refusal.about);
  const std::string name(RefusalName(refusal.id));
  if (is_json) {
    std::cout << "{" << (decision_id.empty() ? "" : "\"decision_id\":" + Quoted(decision_id) + ",")
              << "\"error\":\"" << name << "\",\"error_description\":" << Quoted(text) << "}\n";
  } else {
    PrintError("refused: " + text + " [" + name + "]" +
               (decision_id.empty() ? "" : "; decision " + decision_id));
  }
  return kRefused;
}

std::string Quoted(const std::string& text) {
  std::string out;
  json::AppendString(text, &out);
  return EscapeUnsafe(out);
}

}  // namespace assay::mint::cli
