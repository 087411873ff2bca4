#include "engine/mint/cli/broker.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "engine/mint/cli/command.h"
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

}  // namespace assay::mint::cli
