// The folder of a broker: what is where in it.
//
//   keys/grant.pem, keys/grant.jwk    signs grants; its public half
//   keys/ledger.pem, keys/ledger.jwk  signs heads of the ledger; its public half
//   ledger/                           the ledger
//   policies/DIGEST.assay             images of the policies that were in force, by their digest
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "assay/mint/key.h"
#include "assay/mint/ledger.h"
#include "assay/mint/signed_head.h"
#include "assay/program.h"

namespace assay::mint::cli {

std::string KeysFolder(const std::string& broker);
std::string PrivateKeyPath(const std::string& broker, const std::string& name);
std::string PublicKeyPath(const std::string& broker, const std::string& name);

// The ledger's folder: below a broker's folder, or the folder itself.
std::string LedgerFolder(const std::string& folder);

// What checks the heads: the key in `path`, or the broker's if that is "". An empty function if
// there is neither; nothing, after an error was printed, if the key cannot be used.
std::optional<HeadVerifier> ReadHeadVerifier(const std::string& folder, const std::string& path);

// The private key of that name, or nothing after an error was printed.
std::optional<SigningKey> ReadPrivateKey(const std::string& broker, const std::string& name);

// The broker's ledger, for writing; nullptr after an error was printed.
std::unique_ptr<Ledger> OpenLedger(const std::string& broker);

// Where the policies of that digest are kept.
std::string PolicyPath(const std::string& broker, const Digest& digest);
// Keeps them; false after an error was printed.
bool KeepPolicies(const std::string& broker, const Digest& digest, const Program& program);

// Writes a new file, or over an old one, and has it on disk; false after an error was printed.
bool WriteSmallFile(const std::string& path, std::string_view bytes);

// Prints why it was refused, and where the ledger has it: to standard output as JSON, or as an
// error. Returns kRefused.
int PrintRefusal(const Refusal& refusal, bool is_json, const std::string& decision_id = {});

// A JSON string in which nothing can reach a terminal as a control sequence.
std::string Quoted(const std::string& text);

// The whole file, or nothing after an error was printed. Keys and heads are small.
std::optional<std::string> ReadSmallFile(const std::string& path);

}  // namespace assay::mint::cli
