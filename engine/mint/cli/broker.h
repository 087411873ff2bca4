// The folder of a broker: what is where in it.
//
//   keys/grant.pem, keys/grant.jwk    signs grants; its public half
//   keys/ledger.pem, keys/ledger.jwk  signs heads of the ledger; its public half
//   ledger/                           the ledger
#pragma once

#include <optional>
#include <string>

#include "assay/mint/key.h"
#include "assay/mint/signed_head.h"

namespace assay::mint::cli {

std::string KeysFolder(const std::string& broker);
std::string PrivateKeyPath(const std::string& broker, const std::string& name);
std::string PublicKeyPath(const std::string& broker, const std::string& name);

// The ledger's folder: below a broker's folder, or the folder itself.
std::string LedgerFolder(const std::string& folder);

// What checks the heads: the key in `path`, or the broker's if that is "". An empty function if
// there is neither; nothing, after an error was printed, if the key cannot be used.
std::optional<HeadVerifier> ReadHeadVerifier(const std::string& folder, const std::string& path);

// The whole file, or nothing after an error was printed. Keys and heads are small.
std::optional<std::string> ReadSmallFile(const std::string& path);

}  // namespace assay::mint::cli
