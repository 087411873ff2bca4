// A workload and its trust domain, for demonstrations: what a SPIFFE agent would give it.
//
//   mint_workload svid FOLDER SPIFFE_ID AUDIENCE   writes bundle, svid and key
//   mint_workload proof FOLDER METHOD URL [GRANT]               prints a DPoP proof by that key
//
// The trust domain is that of the folder above, if one has its key there; else it is new.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "assay/mint/dpop.h"
#include "assay/mint/key_file.h"
#include "engine/mint/jose/jws.h"

namespace {

using namespace assay::mint;

std::int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

int Fail(const Refusal& refusal) {
  std::fprintf(stderr, "mint_workload: %s\n", std::string(RefusalText(refusal.id)).c_str());
  return 1;
}

Checked<SigningKey> NewKey(const std::string& path) {
  auto key = SigningKey::Generate(Algorithm::kEs256);
  if (!key.ok()) return key;
  const auto saved = SaveKey(key.value(), path);
  if (!saved.ok()) return saved.error();
  return key;
}

int MakeSvid(const std::string& folder, const std::string& id, const std::string& audience) {
  // A workload in a folder below is of the same trust domain.
  auto authority = LoadKey(folder + "/../authority.pem", Algorithm::kEs256);
  if (!authority.ok()) authority = NewKey(folder + "/authority.pem");
  if (!authority.ok()) return Fail(authority.error());
  const auto key = NewKey(folder + "/key.pem");
  if (!key.ok()) return Fail(key.error());
  std::string entry = authority.value().public_key().ToJwk();
  const std::string use = "\"use\":\"sig\"";
  entry.replace(entry.find(use), use.size(), "\"use\":\"jwt-svid\"");
  std::ofstream(folder + "/bundle") << "{\"keys\":[" << entry << "]}\n";
  const std::int64_t now = Now();
  const auto svid = jose::SignJws(authority.value(), "JWT",
                                  "{\"sub\":\"" + id + "\",\"aud\":[\"" + audience +
                                      "\"],\"iat\":" + std::to_string(now) +
                                      ",\"exp\":" + std::to_string(now + 300) + "}");
  if (!svid.ok()) return Fail(svid.error());
  std::ofstream(folder + "/svid") << svid.value() << "\n";
  return 0;
}

int Prove(const std::string& folder, const std::string& method, const std::string& url,
          const std::string& grant) {
  const auto key = LoadKey(folder + "/key.pem", Algorithm::kEs256);
  if (!key.ok()) return Fail(key.error());
  const auto proof = MakeDpopProof(key.value(), {method, url, grant}, Now());
  if (!proof.ok()) return Fail(proof.error());
  std::puts(proof.value().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "svid" && argc == 5) return MakeSvid(argv[2], argv[3], argv[4]);
  if (command == "proof" && argc == 5) return Prove(argv[2], argv[3], argv[4], "");
  if (command == "proof" && argc == 6) return Prove(argv[2], argv[3], argv[4], Read(argv[5]));
  std::fprintf(stderr, "usage: mint_workload svid|proof FOLDER …\n");
  return 2;
}
