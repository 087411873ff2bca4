// Private keys in files.
#pragma once

#include <string>
#include <string_view>

#include "assay/export.h"
#include "assay/mint/key.h"
#include "assay/mint/refusal.h"

namespace assay::mint {

// Writes the key as PKCS #8 in PEM into a new file that only its owner can read, and has it on disk
// when it returns. Refuses with kKeyFile if the file is there already or cannot be written.
ASSAY_API Checked<bool> SaveKey(const SigningKey& key, const std::string& path) noexcept;

// Reads what SaveKey wrote. Refuses with kKeyFile a file that others than its owner can read or
// write, is no ordinary file, or belongs to somebody else. `kid` as for SigningKey::FromPem.
ASSAY_API Checked<SigningKey> LoadKey(const std::string& path, Algorithm algorithm,
                                      std::string_view kid = {}) noexcept;

}  // namespace assay::mint
