// Grants as JSON, and as tokens.
#pragma once

#include <string>
#include <string_view>

#include "assay/mint/grant.h"
#include "assay/mint/key.h"
#include "engine/base/json.h"

namespace assay::mint::grant {

// RFC 9068.
inline constexpr std::string_view kGrantType = "at+jwt";

// The payload. Refuses with kGrantUnfit what ReadGrant would not read back.
Checked<std::string> WriteGrant(const GrantClaims& claims);

// The claims of a payload whose signature is good. Claims of ours that are not known here would
// narrow the grant in a way that nobody checks: they are refused.
Checked<GrantClaims> ReadGrant(const json::Node& payload);

// The signed grant of a payload that WriteGrant made. Only the mint's hook calls it, for a decision
// that allows.
Checked<std::string> SignPayload(std::string_view payload, const SigningKey& key);

// Both in one.
Checked<std::string> SignGrant(const GrantClaims& claims, const SigningKey& key);

}  // namespace assay::mint::grant
